#!/usr/bin/env python3
"""Checks a dispute report of crmadmin: that nothing in it was changed, removed, inserted or moved.

    python3 check_report.py report.json
    python3 check_report.py report.json --digest <digest of the file, from the foot of the report>
    python3 check_report.py report.json --anchor <root of that day> | --anchors <file with a line a day>

Needs Python 3.8 or newer and nothing else. Exit code 0: all of it holds; 1: the first thing that does not is
named; 2: this is no report.

How an entry is hashed:
    commitment = SHA-256(secret + canonical JSON of the field's value); of a masked field only it is known
    hash = SHA-256(hash of the entry before + canonical JSON of the head + commitments by field names)
In an entry of form 2 the head that is hashed has, beside what stands in it, "told": the commitment to what
happened, when, by whom, and to the names of the fields. In older entries all that stands in the head itself,
and nothing proves the names.
Canonical JSON is UTF-8, keys sorted, no blanks. The first entry follows 32 zero bytes. An anchor is one hash
over the last hashes of all clients; the path leads from this client's to it:
    leaf = SHA-256(00 + canonical JSON of {chain, hash, number}), pair = SHA-256(01 + left + right)
"""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from typing import Any


def kind(value: Any) -> Any:
    """Its very type: what is true is no number here."""
    return value.__class__


def is_hash(value: Any) -> bool:
    return kind(value) is str and len(value) == 64 and set(value) <= set("0123456789abcdef")


def is_pair(value: Any) -> bool:
    return kind(value) is list and len(value) == 2


def is_step(value: Any) -> bool:
    return is_pair(value) and value[0] in ("left", "right") and is_hash(value[1])


def is_day(value: Any) -> bool:
    return kind(value) is str and len(value) == 10 and set(value) <= set("0123456789-")


def is_number(value: Any) -> bool:
    return kind(value) is int and 0 <= value < 2**63


# Shapes: a dict has just these keys, a list any number of one thing, a tuple is one of several
NOTHING = type(None)
TOLD = {"kind": str, "subject": str, "subject_id": (is_number, NOTHING), "happened_at": str,
        "recorded_at": str, "by_id": (is_number, NOTHING), "by_name": str}  # fmt: skip
PLACE = {"chain": is_number, "number": is_number}
HEADS = {1: {**PLACE, **TOLD}, 2: {**PLACE, "form": is_number}}
MASKED = {"commitment": is_hash}
FIELD = (MASKED, {"secret": is_hash, "value": is_pair})
SHOWN_TOLD = {"secret": is_hash, "value": {**TOLD, "fields": [str]}}
ANCHOR = {"day": is_day, "root": is_hash, "number": is_number, "hash": is_hash, "path": [is_step]}
REPORT = {
    "format": str,
    "client": {"id": is_number, "name": str},
    "period": {"from": (str, NOTHING), "before": (str, NOTHING), "zone": str},
    "for": str,
    "language": str,
    "made": {"number": is_number, "at": str, "by": str},
    "curators": [{"name": str, "from": (str, NOTHING), "to": (str, NOTHING)}],
    "range": {"first": is_number, "last": is_number, "before": is_hash, "hash": is_hash},
    "anchor": (ANCHOR, NOTHING),
    "entries": list,
}
FORMATS = {"crmadmin-report-1": (1,), "crmadmin-report-2": (1, 2)}  # and the forms of entry in each

SAID = {
    "en": {
        "no_report": "This is no report of crmadmin: {}",
        "wrong": "WRONG, entry {}: {}",
        "wrong_whole": "WRONG: {}",
        "missing": "entries are missing or moved: {} was to come here",
        "chain": "it belongs to another client",
        "hash": "its hash does not follow from what it says and from the entry before",
        "malformed": "it is not of the form of an entry",
        "malformed_whole": "the file is not of the form of a report: {}",
        "names": "the names of its fields are not those it was written with",
        "range": "the range says entries {} to {}, and it is {} to {}",
        "last": "the last hash is not the one that the report names",
        "anchor_entry": "the anchor of {} knows this entry by another hash",
        "anchor_out": "the entry that the anchor of {} knows is not in the report",
        "anchor_path": "the path of the anchor of {} leads to another root",
        "anchor_given": "the root you gave is not that of the anchor of {}",
        "anchor_not_there": "the file of anchors has no other than another root for {}",
        "entries": "Entries {} to {}: {} hashes hold, in order, without a gap.",
        "shown": "Shown: {}; left out, but counted in the chain: {}; masked fields: {}.",
        "from_start": "The chain begins with its very first entry.",
        "from_before": "The chain goes on from the entry before, of hash {}.",
        "hash_last": "Last hash: {}",
        "anchored": "Anchor of {}: this client's entry {} leads to the root {}",
        "compare": "NOT PROVEN: that it is the root published that day. Compare, or give it: --anchor ROOT.",
        "compared": "It is the root you gave. NOT PROVEN: that it is of that day. Compare, or give: "
        "--anchors FILE.",
        "listed": "It is the root of that day in the file you gave.",
        "no_anchor": "There is no anchor in it: nothing else tells when the chain was written.",
        "digest": "Digest of the file: {}",
        "digest_given": "the digest you gave is not that of the file, which is {}",
        "proven": "PROVEN: what the entries say, their order, and that none is missing between them.",
        "proven_whole": "PROVEN, by the digest you gave: the whole file is as it was made.",
        "not_proven": "NOT PROVEN by the file alone: the client's name, the period, the curators, who made "
        "the report and when (entry {}). Give the digest that stands in its foot and in that entry: "
        "--digest DIGEST.",
        "no_names": "NOT PROVEN: what the fields are called in {} older entries.",
        "not_anchored": "NOT PROVEN: that nothing followed entry {}; by the anchor, what is after entry {}.",
        "no_anchor_proves": "NOT PROVEN: that nothing followed entry {}, and that the whole chain was not "
        "made anew.",
        "good": "ALL OF IT HOLDS.",
    },
    "ru": {
        "no_report": "Это не отчёт crmadmin: {}",
        "wrong": "НЕ СХОДИТСЯ, запись {}: {}",
        "wrong_whole": "НЕ СХОДИТСЯ: {}",
        "missing": "записи пропущены или переставлены: здесь должна быть {}",
        "chain": "она принадлежит другому клиенту",
        "hash": "её хеш не следует из её содержания и предыдущей записи",
        "malformed": "у неё не тот вид, что у записи журнала",
        "malformed_whole": "файл устроен не так, как отчёт: {}",
        "names": "названия её полей не те, с которыми она записана",
        "range": "заявлены записи с {} по {}, а здесь с {} по {}",
        "last": "последний хеш не тот, что назван в отчёте",
        "anchor_entry": "якорь за {} знает эту запись с другим хешем",
        "anchor_out": "записи, которую знает якорь за {}, в отчёте нет",
        "anchor_path": "путь якоря за {} ведёт к другому корню",
        "anchor_given": "корень, который вы указали, не тот, что у якоря за {}",
        "anchor_not_there": "в файле якорей за {} нет этого корня",
        "entries": "Записи с {} по {}: сошлись хеши, всего {}; порядок верен, пропусков нет.",
        "shown": "Показано: {}; не показано, но учтено в цепочке: {}; закрытых полей: {}.",
        "from_start": "Цепочка начинается с самой первой записи.",
        "from_before": "Цепочка продолжает предыдущую запись с хешем {}.",
        "hash_last": "Последний хеш: {}",
        "anchored": "Якорь за {}: запись {} этого клиента ведёт к корню {}",
        "compare": "НЕ ДОКАЗАНО: что это корень, опубликованный в тот день. Сравните его или "
        "укажите: --anchor КОРЕНЬ.",
        "compared": "Это тот корень, который вы указали. НЕ ДОКАЗАНО: что он того дня. Сравните или укажите: "
        "--anchors ФАЙЛ.",
        "listed": "Это корень того дня из файла, который вы указали.",
        "no_anchor": "Якоря в отчёте нет: время записи больше ничем не подтверждено.",
        "digest": "Отпечаток файла: {}",
        "digest_given": "отпечаток, который вы указали, не от этого файла: у него {}",
        "proven": "ДОКАЗАНО: содержание записей, их порядок и то, что между ними нет пропусков.",
        "proven_whole": "ДОКАЗАНО указанным отпечатком: весь файл такой, каким его составили.",
        "not_proven": "НЕ ДОКАЗАНО самим файлом: имя клиента, период, кураторы, кто и когда составил отчёт "
        "(запись {}). Укажите отпечаток, который стоит внизу отчёта и в этой записи: --digest ОТПЕЧАТОК.",
        "no_names": "НЕ ДОКАЗАНО: как называются поля в прежних записях (их {}).",
        "not_anchored": "НЕ ДОКАЗАНО: что после записи {} ничего не было; якорем — всё после записи {}.",
        "no_anchor_proves": "НЕ ДОКАЗАНО: что после записи {} ничего не было и что всю цепочку не составили "
        "заново.",
        "good": "ВСЁ СХОДИТСЯ.",
    },
}


class Wrong(Exception):
    """What does not hold, and at which entry."""

    def __init__(self, what: str, *about: Any, number: int | None = None) -> None:
        super().__init__(what)
        self.what, self.about, self.number = what, about, number


def fits(value: Any, shape: Any) -> bool:
    """Whether a value is of a shape, and has nothing beside it."""
    if kind(shape) is dict:
        same = kind(value) is dict and set(value) == set(shape)
        return same and all(fits(value[name], part) for name, part in shape.items())
    if kind(shape) is list:
        return kind(value) is list and all(fits(each, shape[0]) for each in value)
    if kind(shape) is tuple:
        return any(fits(value, each) for each in shape)
    return kind(value) is shape if kind(shape) is type else shape(value)


def canonical(value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def commitment(field: dict[str, Any]) -> bytes:
    if "commitment" in field:
        return bytes.fromhex(field["commitment"])
    return sha256(bytes.fromhex(field["secret"]) + canonical(field["value"])).digest()


def has_form(entry: Any, form: int) -> bool:
    """Whether it is an entry, and everything in it as it is to be."""
    shown = kind(entry) is dict and "fields" in entry
    shape: dict[str, Any] = {"head": HEADS[form], "hash": is_hash}
    if form == 2:
        shape["told"] = SHOWN_TOLD if shown else MASKED
    if not shown:
        return fits(entry, {**shape, "sealed": [is_hash]})
    fields: dict[str, Any] = entry["fields"]
    return fits(entry, {**shape, "fields": dict}) and all(fits(each, FIELD) for each in fields.values())


def check_entry(entry: Any, number: int, before: bytes, chain: int, forms: tuple[int, ...]) -> bytes:
    """The entry's hash, if it is the one that is to come after ``before``."""
    form = next((form for form in forms if has_form(entry, form)), None)
    if form is None or entry["head"].get("form", 1) != form:
        raise Wrong("malformed", number=number)
    head, fields = entry["head"], entry.get("fields", {})
    if head["number"] != number:
        raise Wrong("missing", number, number=head["number"])
    if head["chain"] != chain:
        raise Wrong("chain", number=number)
    if "value" in entry.get("told", {}) and entry["told"]["value"]["fields"] != sorted(fields):
        raise Wrong("names", number=number)
    try:
        said = [commitment(fields[name]) for name in sorted(fields)]
        said += [bytes.fromhex(each) for each in entry.get("sealed", ())]
        whole = {**head, "told": commitment(entry["told"]).hex()} if form == 2 else head
        found = sha256(before + canonical(whole) + b"".join(said)).digest()
    except (ValueError, RecursionError):  # half a letter, or a number that is none
        raise Wrong("malformed", number=number) from None
    if found.hex() != entry["hash"]:
        raise Wrong("hash", number=number)
    return found


def check_form(report: dict[str, Any]) -> None:
    """Nothing is lacking and nothing more is there; the entries are looked at one by one, later."""
    if set(report) != set(REPORT):
        raise Wrong("malformed_whole", ", ".join(ascii(name) for name in sorted(set(report) ^ set(REPORT))))
    for name, shape in REPORT.items():
        if not fits(report[name], shape):
            raise Wrong("malformed_whole", name)


def check_chain(report: dict[str, Any]) -> dict[int, str]:
    """Every entry's hash by its number."""
    check_form(report)
    span, chain, entries = report["range"], report["client"]["id"], report["entries"]
    first, before = span["first"], bytes.fromhex(span["before"])
    if first < 1 or (first == 1 and before != bytes(32)):
        raise Wrong("hash", number=first)
    found = {first - 1: before.hex()}
    for number, entry in enumerate(entries, first):
        before = check_entry(entry, number, before, chain, FORMATS[report["format"]])
        found[number] = before.hex()
    last = first + len(entries) - 1
    if span["last"] != last or not entries:
        raise Wrong("range", first, span["last"], first, last)
    if span["hash"] != before.hex():
        raise Wrong("last", number=last)
    return found


def check_anchor(report: dict[str, Any], hashes: dict[int, str]) -> None:
    """That the end of the chain which the anchor was made of is in the report, and leads to the root."""
    anchor = report["anchor"]
    day, number, last = anchor["day"], anchor["number"], anchor["hash"]
    if number not in hashes:
        raise Wrong("anchor_out", day)
    if hashes[number] != last:
        raise Wrong("anchor_entry", day, number=number)
    leaf = {"chain": report["client"]["id"], "number": number, "hash": last}
    now = sha256(b"\0" + canonical(leaf)).digest()
    for side, beside in anchor["path"]:
        other = bytes.fromhex(beside)
        now = sha256(b"\1" + (now + other if side == "right" else other + now)).digest()
    if now.hex() != anchor["root"]:
        raise Wrong("anchor_path", day)


def check_given(anchor: dict[str, Any], roots: list[str], lines: list[str]) -> str:
    """What there was to compare the anchor with: a file that tells its day, a root alone, nothing."""
    if any(root.strip().lower() != anchor["root"] for root in roots):
        raise Wrong("anchor_given", anchor["day"])
    if lines:
        of_day = [line.split() for line in lines if line.split()[:1] == [anchor["day"]]]
        if not of_day or any(line[1:2] != [anchor["root"]] for line in of_day):
            raise Wrong("anchor_not_there", anchor["day"])
    return "listed" if lines else "compared" if roots else "compare"


def check(report: dict[str, Any], given: dict[str, str], digest: str, say: Any) -> None:
    """Say what holds, step by step, up to the first thing that does not."""
    hashes = check_chain(report)
    span, entries, anchor = report["range"], report["entries"], report["anchor"]
    shown = [entry["fields"] for entry in entries if "fields" in entry]
    masked = sum("commitment" in field for fields in shown for field in fields.values())
    say("entries", span["first"], span["last"], len(entries))
    say("shown", len(shown), len(entries) - len(shown), masked)
    if span["first"] > 1:
        say("from_before", span["before"])
    else:
        say("from_start")
    say("hash_last", span["hash"])
    roots = [given["--anchor"]] if "--anchor" in given else []
    lines = read_lines(given["--anchors"]) if "--anchors" in given else []
    if anchor is None:
        if roots or lines:
            raise Wrong("anchor_given", "-")
        say("no_anchor")
    else:
        check_anchor(report, hashes)
        say("anchored", anchor["day"], anchor["number"], anchor["root"])
        say(check_given(anchor, roots, lines))
    if given.get("--digest", digest).strip().lower() != digest:
        raise Wrong("digest_given", digest)
    say("digest", digest)
    say_what_is_proven(report, "--digest" in given, say)


def say_what_is_proven(report: dict[str, Any], is_whole: bool, say: Any) -> None:
    """And what is not: whoever reads it should not believe more."""
    anchor, last = report["anchor"], report["range"]["last"]
    say("proven")
    older = sum("fields" in entry and "told" not in entry for entry in report["entries"])
    if is_whole:
        say("proven_whole")
        return
    if older:
        say("no_names", older)
    if anchor is None:
        say("no_anchor_proves", last)
    else:
        say("not_anchored", last, anchor["number"])
    say("not_proven", report["made"]["number"])


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """What stands twice is read differently by different readers."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Wrong("malformed_whole", ascii(name))
        found[name] = value
    return found


def no_number(text: str) -> Any:
    raise Wrong("malformed_whole", text)


def read_lines(path: str) -> list[str]:
    with open(path, encoding="utf-8") as opened:
        return opened.read().splitlines()


def read(path: str) -> tuple[dict[str, Any], str]:
    """The report, and the digest of its file; ValueError for anything else."""
    with open(path, "rb") as opened:
        file = opened.read()
    report = json.loads(file.decode("utf-8"), object_pairs_hook=once, parse_constant=no_number)
    if kind(report) is not dict or report.get("format") not in FORMATS:
        raise ValueError(ascii(report.get("format")) if kind(report) is dict else kind(report).__name__)
    return report, sha256(file).hexdigest()


def run(path: str, given: dict[str, str]) -> int:
    language = "en"

    def say(what: str, *about: Any) -> None:
        sys.stdout.write(SAID[language][what].format(*about) + "\n")

    try:
        report, digest = read(path)
        language = "ru" if report.get("language") == "ru" else "en"
        check(report, given, digest, say)
        say("good")
    except Wrong as wrong:
        text = SAID[language][wrong.what].format(*wrong.about)
        if wrong.number is None:
            say("wrong_whole", text)
        else:
            say("wrong", wrong.number, text)
        return 1
    except (OSError, ValueError, TypeError, RecursionError) as error:
        say("no_report", error)
        return 2
    return 0


def main(words: list[str]) -> int:
    reconfigure: Any = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:  # a console that knows no Russian letters
        reconfigure(errors="replace")
    options = words[1::2]
    if (
        not words
        or words[0].startswith("-")
        or len(words) % 2 == 0
        or set(options) - {"--anchor", "--anchors", "--digest"}
    ):
        sys.stdout.write((__doc__ or "").strip() + "\n")
        return 2
    return run(words[0], dict(zip(options, words[2::2])))  # noqa: B905 - Python 3.8 knows no strict=


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The checker as somebody runs it who has nothing but the file and Python."""

import ast
import copy
import json
import subprocess
import sys
from datetime import timedelta

import pytest

from crmadmin.core import clock
from crmadmin.reports import check_report
from crmadmin.reports.dispute import Audience, Order
from crmadmin.services import anchors, dispute
from models.kinds import Role
from tests.conftest import NOON
from tests.factories import a_user, an_interaction
from tests.reports.checking import CHECKER, shown, wrong_entry


def test_a_good_report_holds_and_it_says_what_was_checked(file, check):
    done = check(file)
    report = json.loads(file)

    assert done.returncode == 0, done.stdout + done.stderr
    span, anchor = report["range"], report["anchor"]
    for said in (f"Entries {span['first']} to {span['last']}", span["hash"], anchor["root"], anchor["day"],
                 "ALL OF IT HOLDS", "masked fields: 4", "left out, but counted in the chain: 2"):  # fmt: skip
        assert said in done.stdout, done.stdout


def test_it_runs_on_python_3_8_and_imports_nothing_of_others():
    tree = ast.parse(CHECKER.read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
        )
    }

    assert imported <= {"__future__", "json", "sys", "hashlib", "typing"}


@pytest.mark.parametrize("what", ["value", "secret", "by_name", "happened_at", "hash", "kind", "mask"])
def test_a_changed_entry_is_named(file, check, what):
    report = json.loads(file)
    entry = report["entries"][shown(report)[2]]
    match what:
        case "value":
            entry["fields"]["request"]["value"][1] = "Другая просьба"
        case "secret":
            entry["fields"]["request"]["secret"] = "00" * 32
        case "hash":
            entry["hash"] = "00" * 32
        case "mask":
            next(field for field in entry["fields"].values() if "commitment" in field)["commitment"] = (
                "00" * 32
            )
        case _:
            entry["told"]["value"][what] = "2020-01-01T00:00:00.000000+00:00"

    assert wrong_entry(check(report)) == entry["head"]["number"]


def test_a_field_more_or_less_is_named(file, check):
    for change in (lambda fields: fields.pop("request"), lambda fields: fields.update(x=fields["request"])):
        report = json.loads(file)
        entry = report["entries"][shown(report)[1]]
        change(entry["fields"])

        assert wrong_entry(check(report)) == entry["head"]["number"]


def test_a_removed_entry_is_named_by_the_one_that_comes_in_its_place(file, check):
    for gone in (0, 2, -2):
        report = json.loads(file)
        after = report["entries"][gone + 1]["head"]["number"]
        del report["entries"][gone]

        assert wrong_entry(check(report)) == after


def test_a_cut_end_is_found_even_when_the_range_is_mended(file, check):
    report = json.loads(file)
    report["entries"].pop()
    assert check(report).returncode == 1
    last = report["entries"][-1]
    report["range"] |= {"last": last["head"]["number"], "hash": last["hash"]}

    done = check(report)

    assert done.returncode == 1, "the anchor knows of an entry more"
    assert "2026-03-02" in done.stdout


def test_a_cut_beginning_is_found(file, check):
    report = json.loads(file)
    gone = report["entries"].pop(0)
    report["range"]["first"] += 1
    assert check(report).returncode == 1
    report["range"]["before"] = gone["hash"]
    assert check(report).returncode == 0, "a range may begin later; it says after which hash"


def test_an_inserted_entry_is_named(file, check):
    report = json.loads(file)
    report["entries"].insert(3, copy.deepcopy(report["entries"][2]))

    assert wrong_entry(check(report)) == report["entries"][3]["head"]["number"]


def test_swapped_entries_are_named_even_with_their_numbers_swapped(file, check):
    for mend in (False, True):
        report = json.loads(file)
        entries = report["entries"]
        entries[1], entries[2] = entries[2], entries[1]
        if mend:
            for entry, number in ((entries[1], 2), (entries[2], 3)):
                entry["head"]["number"] = number

        assert wrong_entry(check(report)) in {2, 3}


def test_an_entry_of_another_client_is_named(file, check):
    report = json.loads(file)
    report["client"]["id"] += 1

    assert wrong_entry(check(report)) == 1


@pytest.mark.parametrize("change", ["root", "path", "hash", "number"])
def test_an_anchor_that_does_not_bear_it_out_is_told(file, check, change):
    report = json.loads(file)
    anchor = report["anchor"]
    if change == "path":
        anchor["path"][0][1] = "00" * 32
    else:
        anchor[change] = {"root": "00" * 32, "hash": "00" * 32, "number": 1}[change]

    assert check(report).returncode == 1


def test_the_root_given_is_compared(file, check, tmp_path):
    root, kept = json.loads(file)["anchor"]["root"], tmp_path / "anchors.txt"
    by_root = check(file, "--anchor", root)
    assert by_root.returncode == 0
    assert "NOT PROVEN: that it is of that day" in by_root.stdout
    assert check(file, "--anchor", "ab" * 32).returncode == 1
    kept.write_text(f"2026-03-01 {'cd' * 32} 1 1\n2026-03-02 {root} 9 20\n")
    by_file = check(file, "--anchors", str(kept))
    assert by_file.returncode == 0
    assert "It is the root of that day" in by_file.stdout
    other_day = json.loads(file)
    other_day["anchor"]["day"] = "2026-03-01"
    assert check(other_day, "--anchors", str(kept)).returncode == 1
    kept.write_text(f"2026-03-02 {'cd' * 32} 9 20\n")
    assert check(file, "--anchors", str(kept)).returncode == 1


def test_a_report_of_a_period_is_checked_from_the_hash_before(session, client, check):
    with clock.stopped_at(NOON + timedelta(days=5)):
        an_interaction(client=client, request="Позже")
        order = Order(Audience.internal, dispute.seen_upto(client), start=(NOON + timedelta(days=4)).date())
        anchors.make()
        number = dispute.make(client, order, by=a_user(Role.head))
    done = check(dispute.made(client, number).file)

    assert done.returncode == 0, done.stdout
    assert "goes on from the entry before" in done.stdout


def test_without_an_anchor_it_says_so(session, client, check):
    number = dispute.make(client, Order(Audience.internal, dispute.seen_upto(client)), by=a_user(Role.head))
    done = check(dispute.made(client, number).file)

    assert done.returncode == 0
    assert "no anchor" in done.stdout


def test_it_says_how_it_is_used(tmp_path):
    for words in ([], ["--help"], ["a.json", "--anchor"], ["a.json", "--what", "x"]):
        done = subprocess.run(
            [sys.executable, str(CHECKER), *words], capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert "check_report.py report.json" in done.stdout


def test_both_languages_say_the_same():
    russian, english = check_report.SAID["ru"], check_report.SAID["en"]

    assert {word: text.count("{}") for word, text in russian.items()} == {
        word: text.count("{}") for word, text in english.items()
    }

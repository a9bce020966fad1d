"""The checker reads nothing that it has not proven, and says what the file alone does not prove."""

import json
from hashlib import sha256

import pytest

from crmadmin.reports.dispute import Audience, Order
from crmadmin.services import dispute
from models.kinds import Role
from tests.factories import a_user
from tests.old_entries import an_old_entry
from tests.reports.checking import shown, wrong_entry


def test_a_renamed_field_is_named_even_where_the_order_of_names_stays(file, check):
    for mend in (False, True):
        report = json.loads(file)
        entry = report["entries"][shown(report)[1]]
        fields, told = entry["fields"], entry["told"]["value"]["fields"]
        fields["requested"] = fields.pop("request")
        if mend:
            told[told.index("request")] = "requested"

        assert wrong_entry(check(report)) == entry["head"]["number"]


@pytest.mark.parametrize(
    ("beside", "more"),
    [("commitment", "value"), ("commitment", "secret"), ("commitment", "x"), ("value", "x")],
)
def test_nothing_stands_in_a_field_beside_what_proves_it(file, check, beside, more):
    """A reader of the file would believe a value that the checker never looked at."""
    report = json.loads(file)
    entry = report["entries"][shown(report)[1]]
    field = next(each for each in entry["fields"].values() if beside in each and more not in each)
    field[more] = {"value": [None, "Обещали скидку"], "secret": "00" * 32, "x": 1}[more]

    assert wrong_entry(check(report)) == entry["head"]["number"]


def test_a_masked_field_is_shown_by_nobody_who_has_not_its_secret(file, check):
    """A true commitment is no answer to a forged value, nor is it to be put where a secret belongs."""
    report = json.loads(file)
    entry = report["entries"][shown(report)[1]]
    true = next(each for each in entry["fields"].values() if "commitment" in each)
    true |= {"value": [None, "Обещали скидку"], "secret": true["commitment"]}
    assert wrong_entry(check(report)) == entry["head"]["number"]
    del true["commitment"]
    assert wrong_entry(check(report)) == entry["head"]["number"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"for":"client"', '"for":"internal","for":"client"'),
        ('"for":"client"', '"for":"client","approved":true'),
        ('"for":"client"', '"for":NaN'),
        ('"language":"en"', '"language":5'),
        ('"language":"en",', ""),
        ('"zone":"Europe/Moscow"', '"zone":"Europe/Moscow","zone":"Asia/Omsk"'),
        ('"first":1', '"first":true'),
        ('"first":1', '"first":-1'),
        ('"day":"2026-03-02"', '"day":"2026-03-02\\nALL OF IT HOLDS."'),
        ('"curators":[', '"curators":[{"name":"Никто"},'),
        ('"path":[', '"path":[["above","00"],'),
    ],
)  # fmt: skip
def test_everything_else_is_of_the_form_of_a_report_too(file, check, old, new):
    text = file.decode()
    assert text.count(old) >= 1
    done = check(text.replace(old, new, 1).encode())

    assert done.returncode == 1, done.stdout
    assert done.stdout.splitlines()[-1].startswith("WRONG")
    assert "Traceback" not in done.stderr


def test_a_key_that_stands_twice_in_an_entry_is_told(file, check):
    text = file.decode()
    value = json.dumps("Просьба 1", ensure_ascii=False)
    done = check(
        text.replace(f'"value":[null,{value}]', f'"value":[null,"Другая"],"value":[null,{value}]').encode()
    )

    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert "value" in done.stdout


@pytest.mark.parametrize("form", [1, 3, True, "2", None])
def test_an_entry_is_read_by_its_own_form(file, check, form):
    report = json.loads(file)
    entry = report["entries"][2]
    entry["head"]["form"] = form

    assert wrong_entry(check(report)) == entry["head"]["number"]


def test_the_digest_proves_what_the_entries_do_not(file, check):
    digest = sha256(file).hexdigest()
    done = check(file, "--digest", digest)
    assert done.returncode == 0
    assert "whole file is as it was made" in done.stdout
    assert "NOT PROVEN by the file alone" not in done.stdout

    report = json.loads(file)
    for change in ({"client": report["client"] | {"name": "Другой"}}, {"curators": []},
                   {"made": report["made"] | {"by": "Никто", "number": 99}}):  # fmt: skip
        forged = report | change
        assert "NOT PROVEN by the file alone: the client's name" in check(forged).stdout
        done = check(forged, "--digest", digest)
        assert done.returncode == 1
        assert "digest" in done.stdout.splitlines()[-1]


def test_entries_of_the_old_form_are_checked_and_their_names_are_said_to_be_unproven(session, client, check):
    an_old_entry(client, "comment_created", {"text": [None, "Не платят"]})
    order = Order(Audience.internal, dispute.seen_upto(client))
    file = dispute.made(client, dispute.make(client, order, by=a_user(Role.head))).file
    done = check(file)
    assert done.returncode == 0, done.stdout
    assert "NOT PROVEN: what the fields are called in 1 older" in done.stdout

    report = json.loads(file)
    old = report["entries"][-1]
    assert old["head"]["kind"] == "comment_created"
    old["head"]["by_name"] = "Борис"
    assert wrong_entry(check(report)) == old["head"]["number"]


def test_a_report_of_the_first_format_has_no_entries_of_the_second_form(file, check):
    report = json.loads(file) | {"format": "crmadmin-report-1"}

    assert wrong_entry(check(report)) == 1


def test_a_cut_end_without_an_anchor_is_said_to_be_unproven(file, check):
    report = json.loads(file)
    del report["entries"][-3:]
    last = report["entries"][-1]
    report["range"] |= {"last": last["head"]["number"], "hash": last["hash"]}
    report["anchor"] = None

    assert f"NOT PROVEN: that nothing followed entry {last['head']['number']}" in check(report).stdout
    assert check(report, "--digest", sha256(file).hexdigest()).returncode == 1


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"format": "other"}', "\x00", "[" * 100_000])
def test_what_is_no_report_is_told_without_a_traceback(check, text):
    done = check(text.encode())

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("broken", [None, 5, "x", [], {}, {"head": None}, {"head": {}, "hash": "zz"}])
def test_what_is_no_entry_is_named(file, check, broken):
    report = json.loads(file)
    report["entries"][1] = broken
    done = check(report)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr

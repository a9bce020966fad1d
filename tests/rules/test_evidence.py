import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta, timezone

from crmadmin.rules import evidence

HEAD = {"chain": 7, "number": 1, "kind": "client_created", "by_name": "Анна"}
DATA = {"name": [None, "Ромашка"], "city": ["", "Пермь"]}
SALT = bytes(range(16))


def test_canonical_json_sorts_keys_and_says_moments_in_utc():
    moscow = timezone(timedelta(hours=3))
    said = evidence.canonical({"б": 1, "a": datetime(2026, 3, 2, 12, tzinfo=moscow), "в": [None, True]})

    assert said.decode() == '{"a":"2026-03-02T09:00:00.000000+00:00","б":1,"в":[null,true]}'


def test_the_hash_is_what_the_specification_says():
    def said(value):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    commitments = [
        hashlib.sha256(hmac.new(SALT, field.encode(), hashlib.sha256).digest() + said(DATA[field])).digest()
        for field in ("city", "name")
    ]
    by_hand = hashlib.sha256(bytes(32) + said(HEAD) + b"".join(commitments)).digest()

    assert evidence.entry_hash(evidence.BEGINNING, HEAD, SALT, DATA) == by_hand


def test_a_masked_field_leaves_the_chain_whole():
    masked = evidence.commitment(SALT, "name", DATA["name"])
    open_field = evidence.commitment(SALT, "city", DATA["city"])

    assert evidence.sealed(evidence.BEGINNING, HEAD, [open_field, masked]) == evidence.entry_hash(
        evidence.BEGINNING, HEAD, SALT, DATA
    )


def test_every_change_changes_the_hash():
    start = evidence.entry_hash(evidence.BEGINNING, HEAD, SALT, DATA)
    others = {
        evidence.entry_hash(bytes([1]) * 32, HEAD, SALT, DATA),
        evidence.entry_hash(evidence.BEGINNING, HEAD | {"number": 2}, SALT, DATA),
        evidence.entry_hash(evidence.BEGINNING, HEAD, bytes(16), DATA),
        evidence.entry_hash(evidence.BEGINNING, HEAD, SALT, DATA | {"city": ["", "Омск"]}),
        evidence.entry_hash(evidence.BEGINNING, HEAD, SALT, {"name": DATA["name"]}),
    }

    assert start not in others
    assert len(others) == 5


def test_a_moment_is_stored_as_it_is_hashed():
    at = datetime(2026, 3, 2, 9, 0, 0, 5, tzinfo=UTC)
    assert evidence.plain(at) == "2026-03-02T09:00:00.000005+00:00"

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from crmadmin.rules import evidence

TOLD = {
    "kind": "client_created",
    "subject": "client",
    "subject_id": 7,
    "by_id": 1,
    "by_name": "Анна",
    "happened_at": datetime(2026, 3, 2, 9, tzinfo=UTC),
    "recorded_at": datetime(2026, 3, 2, tzinfo=UTC),
}
PLACE = {"chain": 7, "number": 1}
HEAD = {**PLACE, **TOLD, "form": 2}
DATA = {"name": [None, "Ромашка"], "city": ["", "Пермь"]}
SALT = bytes(range(16))


def test_canonical_json_sorts_keys_and_says_moments_in_utc():
    moscow = timezone(timedelta(hours=3))
    said = evidence.canonical({"б": 1, "a": datetime(2026, 3, 2, 12, tzinfo=moscow), "в": [None, True]})

    assert said.decode() == '{"a":"2026-03-02T09:00:00.000000+00:00","б":1,"в":[null,true]}'


def by_hand(value) -> bytes:
    def moment(at):
        return at.isoformat(timespec="microseconds")

    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=moment
    ).encode()


def committed(field: str, value) -> bytes:
    return hashlib.sha256(hmac.new(SALT, field.encode(), hashlib.sha256).digest() + by_hand(value)).digest()


@pytest.mark.parametrize("form", [1, 2])
def test_the_hash_is_what_the_specification_says(form):
    told = committed("", {**TOLD, "fields": ["city", "name"]}).hex()
    head = {**PLACE, **TOLD} if form == 1 else {**PLACE, "form": 2, "told": told}
    commitments = [committed(field, DATA[field]) for field in ("city", "name")]
    right = hashlib.sha256(bytes(32) + by_hand(head) + b"".join(commitments)).digest()

    assert evidence.entry_hash(evidence.BEGINNING, HEAD | {"form": form}, SALT, DATA) == right


def test_a_form_that_nobody_knows_has_no_hash():
    with pytest.raises(ValueError, match="3"):
        evidence.entry_hash(evidence.BEGINNING, HEAD | {"form": 3}, SALT, DATA)


@pytest.mark.parametrize("size", [0, 1, 16, 64, 65, 200])
def test_a_secret_is_the_hmac_of_salt_and_name(size):
    salt = bytes(range(200))[:size]

    assert evidence.Secrets(salt).of("имя") == hmac.digest(salt, "имя".encode(), "sha256")


def test_a_masked_field_leaves_the_chain_whole():
    secrets = evidence.Secrets(SALT)
    masked, head = committed("name", DATA["name"]), evidence.head(HEAD, secrets, DATA)
    open_field = secrets.commitment("city", DATA["city"])

    assert evidence.sealed(evidence.BEGINNING, head, [open_field, masked]) == evidence.entry_hash(
        evidence.BEGINNING, HEAD, SALT, DATA
    )


def test_a_renamed_field_changes_the_hash_of_the_second_form_alone_without_the_salt():
    secrets, renamed = evidence.Secrets(SALT), {"called": DATA["name"], "city": DATA["city"]}
    for form, same in ((1, True), (2, False)):
        entry = HEAD | {"form": form}
        heads = [evidence.head(entry, secrets, data) for data in (DATA, renamed)]
        assert (heads[0] == heads[1]) is same


def test_every_change_changes_the_hash():
    start = evidence.entry_hash(evidence.BEGINNING, HEAD, SALT, DATA)
    others = {
        evidence.entry_hash(bytes([1]) * 32, HEAD, SALT, DATA),
        *(evidence.entry_hash(evidence.BEGINNING, HEAD | {name: 2}, SALT, DATA) for name in (*PLACE, *TOLD)),
        evidence.entry_hash(evidence.BEGINNING, HEAD, bytes(16), DATA),
        evidence.entry_hash(evidence.BEGINNING, HEAD, SALT, DATA | {"city": ["", "Омск"]}),
        evidence.entry_hash(evidence.BEGINNING, HEAD, SALT, {"name": DATA["name"]}),
    }

    assert start not in others
    assert len(others) == 4 + len(PLACE) + len(TOLD)


def test_a_moment_is_stored_as_it_is_hashed():
    at = datetime(2026, 3, 2, 9, 0, 0, 5, tzinfo=UTC)
    assert evidence.plain(at) == "2026-03-02T09:00:00.000005+00:00"

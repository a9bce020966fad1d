"""The journal's entries by the hundred thousand: what ``crmadmin.rules.evidence`` says, said faster.

A field's commitment is made of its JSON once, and the same JSON is what is stored. ``journal verify`` finds
no difference, which is what tests/test_bench_fill.py asks it.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from random import Random
from typing import NamedTuple

_INNER = bytes(sign ^ 0x36 for sign in range(256))
_OUTER = bytes(sign ^ 0x5C for sign in range(256))
_FILL = bytes(48)  # HMAC fills a key of 16 bytes up to the block of 64

Field = tuple[bytes, bytes]  # a name, and the canonical JSON of [old, new]
Row = tuple[object, ...]


class Moment(NamedTuple):
    """One moment as the database takes it and as the hash takes it."""

    kept: str
    said: str


class Signer(NamedTuple):
    id: int | None
    name: str
    json: str


class Subject(NamedTuple):
    """What an entry is about: its kind, the table's word, the row."""

    kind: str
    table: str
    id: int


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def became(name: str, value: object) -> Field:
    """A field that had no value before."""
    return name.encode(), b"[null," + canonical(value) + b"]"


def pointed(name: str, id: int, called: str) -> Field:
    """A foreign key as the journal writes it, with the name of what it points at."""
    return became(name, {"id": id, "name": called})


class Chains:
    """The ends of many chains, and the entries that go on from them."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.ends: dict[int, tuple[int, bytes]] = {}

    def entry(
        self, chain: int, what: Subject, moments: tuple[Moment, Moment], by: Signer, fields: Sequence[Field]
    ) -> Row:
        """The next entry of a chain, as a row without its id; ``fields`` stand in order of their names."""
        number, last = self.ends.get(chain, (0, bytes(32)))
        number += 1
        happened, recorded = moments
        salt = self.dice.getrandbits(128).to_bytes(16, "big")
        by_id = "null" if by.id is None else by.id
        names = ",".join([f'"{name.decode()}"' for name, _value in fields])
        told = (
            f'{{"by_id":{by_id},"by_name":{by.json},"fields":[{names}],"happened_at":"{happened.said}",'
            f'"kind":"{what.kind}","recorded_at":"{recorded.said}",'
            f'"subject":"{what.table}","subject_id":{what.id}}}'
        )
        committed = commitments(salt, [(b"", told.encode()), *fields])
        head = f'{{"chain":{chain},"form":2,"number":{number},"told":"{committed[:32].hex()}"}}'
        sealed = sha256(last + head.encode() + committed[32:]).digest()
        self.ends[chain] = (number, sealed)
        data = b"{" + b",".join([b'"' + name + b'":' + value for name, value in fields]) + b"}"
        return (
            chain, number, chain, what.kind, what.table, what.id, happened.kept, recorded.kept, by.id,
            by.name, data.decode(), salt.hex(), sealed.hex(), 2,
        )  # fmt: skip


def commitments(salt: bytes, fields: Sequence[Field]) -> bytes:
    """Those of all fields, one after the other; the HMAC's two halves are begun once."""
    inner, outer = sha256((salt + _FILL).translate(_INNER)), sha256((salt + _FILL).translate(_OUTER))
    made: list[bytes] = []
    for name, value in fields:
        first = inner.copy()
        first.update(name)
        second = outer.copy()
        second.update(first.digest())
        made.append(sha256(second.digest() + value).digest())
    return b"".join(made)

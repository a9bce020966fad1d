"""One hash over the ends of all chains, and how somebody with one chain's end can check that it is in there.

A tree: its leaves are the ends of the chains, in the order of the chains' numbers, and above each pair is one
hash; an odd one goes up as it is. ``leaf = SHA-256(00 + canonical JSON of {chain, number, hash})``,
``pair = SHA-256(01 + left + right)``. What stands beside a leaf on its way up is its path: seventeen hashes
for a hundred thousand chains.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

NOTHING = bytes(32)  # the root over no chain at all

Step = tuple[str, str]  # ("left" or "right", the hash that stands there)


def leaf(chain: int, number: int, last: str) -> bytes:
    """The end of a chain: the number and the hash of its last entry.

    Its canonical JSON is written here, where it is made for each of a hundred thousand chains at once.
    """
    return sha256(b'\0{"chain":%d,"hash":"%s","number":%d}' % (chain, last.encode(), number)).digest()


def pair(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


class Tree:
    """Leaves and all that stands above them; a leaf that changes costs its own way up only."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self.levels: list[list[bytes]] = [list(leaves)]
        while len(self.levels[-1]) > 1:
            self.levels.append(_above(self.levels[-1]))

    @property
    def root(self) -> bytes:
        return self.levels[-1][0] if self.levels[0] else NOTHING

    def put(self, place: int, value: bytes) -> None:
        """Another leaf in its place, or one more at the end."""
        for depth, level in enumerate(self.levels):
            if place == len(level):
                level.append(value)
            else:
                level[place] = value
            if len(level) == 1:
                return
            place //= 2
            below = level[2 * place : 2 * place + 2]
            value = pair(*below) if len(below) == 2 else below[0]
            if depth + 1 == len(self.levels):
                self.levels.append(_above(level))
                return

    def path(self, place: int) -> list[Step]:
        """From a leaf up to the root."""
        steps: list[Step] = []
        for level in self.levels[:-1]:
            beside = place ^ 1
            if beside < len(level):
                steps.append(("right" if beside > place else "left", level[beside].hex()))
            place //= 2
        return steps


def led_up(start: bytes, path: Sequence[Step]) -> bytes:
    """The root that a leaf and its path lead to."""
    for side, beside in path:
        other = bytes.fromhex(beside)
        start = pair(start, other) if side == "right" else pair(other, start)
    return start


def _above(level: list[bytes]) -> list[bytes]:
    pairs = [pair(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs

"""What the domain may refuse. Pages, forms, the API and commands all print the same sentence."""

from collections.abc import Callable, Sequence
from typing import NamedTuple


class About(NamedTuple):
    """The row a refusal speaks of, by the words it is called there: a page may make a link of them."""

    table: str
    id: int
    words: str


class DomainError(Exception):
    """A refusal in the user's words; ``field`` names the form field it belongs to, where there is one."""

    status = 422

    def __init__(self, message: object, *, field: str | None = None, about: About | None = None) -> None:
        super().__init__(str(message))
        self.field = field
        self.about = about

    @property
    def parts(self) -> "Sequence[DomainError]":
        """Each refusal by itself; there are several where a check tells all at once."""
        return (self,)


class NotAllowed(DomainError):
    status = 403


class NotFound(DomainError):
    status = 404


class Refusals(DomainError):
    """Several refusals at once, each of its own field."""

    def __init__(self, parts: Sequence[DomainError]) -> None:
        sentences = (str(part) for part in parts)
        super().__init__(
            " ".join(each if each.endswith((".", "!", "?")) else f"{each}." for each in sentences)
        )
        self._parts = tuple(parts)

    @property
    def parts(self) -> Sequence[DomainError]:
        return self._parts


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def all_hold(*checks: Callable[[], None]) -> None:
    """Run every check and raise all that they refuse; what is not allowed at all is said at once, alone."""
    refused: list[DomainError] = []
    for check in checks:
        try:
            check()
        except NotAllowed:
            raise
        except DomainError as refusal:
            refused.extend(refusal.parts)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise Refusals(refused)

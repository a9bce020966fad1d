"""Who is meant by ``@login`` in a text: a login may itself have ``@``, ``.``, ``+`` and ``-`` in it."""

import re
from collections.abc import Collection

_MENTION = re.compile(r"(?<![\w@.])@([\w.@+-]{1,100})(?![\w.@+-])")
_ENDS_NO_LOGIN = "._@+-"  # so that they belong to the sentence


def candidates(text: str) -> list[str]:
    """What may be logins, in lower case, each once: a whole word always, never its beginning."""
    found = (match.rstrip(_ENDS_NO_LOGIN).lower() for match in _MENTION.findall(text))
    return list(dict.fromkeys(login for login in found if login))


def logins(text: str, known: Collection[str]) -> list[str]:
    """Of those that there are the ones a text mentions, in lower case, each once."""
    return [login for login in candidates(text) if login in known]


def parts(text: str, known: Collection[str]) -> list[tuple[str, str]]:
    """The text in pieces: (words, "") and ("", login), in order; together they say all of it."""
    found: list[tuple[str, str]] = []
    end = 0
    for match in _MENTION.finditer(text):
        login = match.group(1).rstrip(_ENDS_NO_LOGIN)
        if login.lower() not in known:
            continue
        found.append((text[end : match.start()], ""))
        found.append(("", login))
        end = match.start() + 1 + len(login)
    return [piece for piece in [*found, (text[end:], "")] if any(piece)]

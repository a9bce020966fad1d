"""Names and sentences the invented department is made of: what words.toml says, put together."""

import tomllib
from pathlib import Path
from random import Random

_SAID: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent / "words.toml").read_text(encoding="utf-8")
)

ROOTS, MIDDLES, ENDS, FORMS = (_SAID[key] for key in ("roots", "middles", "ends", "forms"))
CITIES, STREETS, TITLES, REMEMBER = (_SAID[key] for key in ("cities", "streets", "titles", "remember"))


def sentences(kind: str, count: int) -> list[str]:
    """So many different texts of requests, reactions or notes; some are long, as some people are."""
    dice = Random(f"{kind} 7")
    return [
        _told(dice, _SAID[kind], 5 if dice.random() < 0.03 else 1 + (dice.random() < 0.3))
        for _ in range(count)
    ]


def _told(dice: Random, told: list[str], length: int) -> str:
    parts = dice.choices(told, k=length)
    return " ".join(
        part.format(
            goods=dice.choice(_SAID["goods"]),
            much=dice.choice(_SAID["much"]),
            when=dice.choice(_SAID["when"]),
        )
        for part in parts
    )


def company(number: int) -> str:
    """The name of one of a hundred thousand companies."""
    number = number * 48_271 % (len(ROOTS) * len(MIDDLES) * len(ENDS))
    number, end = divmod(number, len(ENDS))
    root, middle = divmod(number, len(MIDDLES))
    joined = "-" if end % 3 == 0 else " "
    return f"{ROOTS[root % len(ROOTS)]}{MIDDLES[middle]}{joined}{ENDS[end]}"


def person(dice: Random) -> str:
    """Surname, name and father's name."""
    is_man = dice.random() < 0.5
    parts = [dice.choice(_SAID[key]) for key in ("surnames", "men" if is_man else "women", "fathers")]
    return "{} {} {}ович".format(*parts) if is_man else "{}а {} {}овна".format(*parts)

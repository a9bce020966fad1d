"""The life of each invented client: when it came, its groups, its curators, who spoke to it when."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from crmadmin.rules.working_days import working_day
from seeds.demo_clients import Card
from seeds.demo_days import slowness, working_before

RHYTHM = {"key": 14, "promising": 30, "potential": 60}
SHARES = {"key": 0.075, "promising": 0.225, "potential": 0.5, "archive": 0.2}

YEARS = 3
LEFT_DAYS_AGO = 122
QUIET_DAYS = 35
AWAY_DAYS = 14
NEW_DAYS = 45
FAT_DAYS = 480
CALLER_DAYS = 220

LEAVER, CALLER, QUIET, FAT, STEADY = "pavel", "dmitry", "elena", "sergey", "anna"
FORGETFUL, NEWCOMER = "viktor", "vera"
_CURATORS = {STEADY: 25, CALLER: 22, QUIET: 19, LEAVER: 14, FAT: 8, FORGETFUL: 12, NEWCOMER: 30}
_HEIRS = {STEADY: 4, CALLER: 3, QUIET: 4}
_PACE = {STEADY: 0.86, CALLER: 0.95, QUIET: 0.9, LEAVER: 0.95, FAT: 1.1, FORGETFUL: 0.9, NEWCOMER: 1.0}
CARE = {STEADY: 80, QUIET: 65, LEAVER: 50, FAT: 60, CALLER: 12, FORGETFUL: 20, NEWCOMER: 90}
"""Of a hundred contacts without a plan, of how many they say why."""


@dataclass(frozen=True)
class Times:
    """The days everything hangs on."""

    today: date
    start: date
    left: date  # the leaver's last day
    away: date  # the first day of the absence
    joined: date  # the newcomer's first day

    @classmethod
    def of(cls, today: date) -> "Times":
        return cls(
            today=today,
            start=working_day(today - timedelta(days=YEARS * 365 + 1)),
            left=working_before(today - timedelta(days=LEFT_DAYS_AGO)),
            away=working_day(today - timedelta(days=AWAY_DAYS)),
            joined=working_day(today - timedelta(days=NEW_DAYS)),
        )


@dataclass(frozen=True)
class Contact:
    """Somebody of ours speaks to the client on that day; what is said is not known yet."""

    day: date
    person: str
    stage: str
    former: str = ""


@dataclass
class Life:
    card: Card
    born: date
    groups: list[tuple[date, str]]
    curators: list[tuple[date, str]]
    fat: bool = False
    put_away: bool = False
    contacts: list[Contact] = field(default_factory=list[Contact])

    def group(self, day: date) -> str:
        return [code for since, code in self.groups if since <= day][-1]

    def curator(self, day: date) -> str:
        return [person for since, person in self.curators if since <= day][-1]

    @property
    def ended(self) -> date | None:
        since, code = self.groups[-1]
        return since if code == "archive" else None


def lives(rng: Random, cards: list[Card], times: Times) -> list[Life]:
    """One life a card; exactly one of them is the client that eats its manager's time."""
    counts = {code: max(1, round(len(cards) * share)) for code, share in SHARES.items()}
    codes = [code for code, count in counts.items() for _ in range(count)]
    codes = (codes + ["potential"] * len(cards))[: len(cards)]
    ends = codes[1:]
    rng.shuffle(ends)
    several = [_life(rng, card, code, times) for card, code in zip(cards, [codes[0], *ends], strict=True)]
    fat = several[0]
    fat.fat, fat.born, fat.curators = True, times.start, [(times.start, FAT)]
    fat.groups = [(times.start, "promising"), (times.start + timedelta(days=240), "key")]
    for life in several:
        life.contacts = sorted(_contacts(rng, life, times), key=lambda each: each.day)
    _forget(rng, several, times)
    return several


def _forget(rng: Random, several: list[Life], times: Times) -> None:
    """One client in fifty is forgotten by everybody: an alarm that no rhythm explains."""
    day = times.today - timedelta(days=round(RHYTHM["promising"] * 1.8))
    known = [life for life in several if life.groups[-1][1] == "promising" and life.born < day]
    for life in rng.sample(known, min(len(known), max(1, len(several) // 50))):
        life.contacts = [contact for contact in life.contacts if contact.day < day]


def _life(rng: Random, card: Card, code: str, times: Times) -> Life:
    born = _born(rng, code, times)
    groups = [(born, "potential")]
    if code in ("promising", "key"):
        groups = _risen(rng, born, code, times)
    if code == "archive":
        least = born + timedelta(days=120)
        span = (times.today - timedelta(days=45) - least).days
        groups.append((working_day(least + timedelta(days=rng.randrange(max(1, span)))), "archive"))
    life = Life(card, born, groups, _curators(rng, born, times), put_away=rng.random() < 0.35)
    if life.ended:
        life.curators = [pair for pair in life.curators if pair[0] <= max(born, life.ended)]
        if life.curators[-1][1] == LEAVER and life.ended < times.left:
            life.curators.append((times.left, rng.choices(list(_HEIRS), list(_HEIRS.values()))[0]))
    return life


def _born(rng: Random, code: str, times: Times) -> date:
    """Nearly half were there when the program came; the rest came since, ever more of them."""
    if rng.random() < (0.7 if code == "key" else 0.38):
        return times.start
    whole = (times.today - times.start).days
    latest = whole - {"key": 420, "promising": 150, "potential": 4, "archive": 240}[code]
    born = working_day(times.start + timedelta(days=int(latest * rng.random() ** 0.8)))
    return min(born, working_before(times.today))


def _risen(rng: Random, born: date, code: str, times: Times) -> list[tuple[date, str]]:
    """From potential to promising to key; who was there from the start may stand higher at once."""
    groups = [(born, "potential")]
    day = working_day(born + timedelta(days=rng.randint(30, 140)))
    if born == times.start and rng.random() < 0.6:
        groups, day = [], born
    groups.append((day, "promising"))
    if code == "key":
        groups.append((working_day(day + timedelta(days=rng.randint(90, 270))), "key"))
    return groups


def _curators(rng: Random, born: date, times: Times) -> list[tuple[date, str]]:
    there = {LEAVER: born < times.left, NEWCOMER: born >= times.joined}
    able = {who: share for who, share in _CURATORS.items() if there.get(who, True)}
    curators = [(born, rng.choices(list(able), list(able.values()))[0])]
    if rng.random() < 0.05 and (times.left - born).days > 200:
        since = working_day(born + timedelta(days=rng.randint(60, (times.left - born).days - 60)))
        others = [who for who in (STEADY, CALLER, QUIET, LEAVER) if who != curators[0][1]]
        curators.append((since, rng.choice(others)))
    if curators[-1][1] == LEAVER:
        curators.append((times.left, rng.choices(list(_HEIRS), list(_HEIRS.values()))[0]))
    return curators


def _contacts(rng: Random, life: Life, times: Times) -> Iterator[Contact]:
    yield from _by_rhythm(rng, life, times)
    yield from _by_others(rng, life, times)
    if life.fat:
        yield from _devouring(rng, times)
    elif not life.ended and life.curator(times.today) == CALLER:
        yield from _needless(rng, life, times)


def _by_rhythm(rng: Random, life: Life, times: Times) -> Iterator[Contact]:
    last = life.ended or times.today
    day = life.born
    if day == times.start:
        day = working_day(day + timedelta(days=rng.randint(1, RHYTHM[life.group(day)])))
    elif day < last:
        came = life.card.channel not in ("cold_call", "other")
        yield Contact(day, life.curator(day), "first_in" if came else "first_out")
        day = _next(rng, life, day)
    known = life.curator(life.born)
    while day < last:
        contact = _usual(rng, life, day, known, times)
        if contact is not None:
            known = life.curator(day)
            yield contact
        day = _next(rng, life, day)
    if life.ended:
        yield Contact(working_before(life.ended), life.curator(working_before(life.ended)), "lost")


def _next(rng: Random, life: Life, day: date) -> date:
    rhythm = RHYTHM.get(life.group(day), 60)
    days = rhythm * _PACE[life.curator(day)] * rng.lognormvariate(0, 0.33) * slowness(day)
    return working_day(day + timedelta(days=max(2, round(days))))


def _usual(rng: Random, life: Life, day: date, known: str, times: Times) -> Contact | None:
    """The curator's contact; somebody else's in his absence; nobody's while he is quiet."""
    curator = life.curator(day)
    if curator == QUIET and day > times.today - timedelta(days=QUIET_DAYS):
        return None
    if curator == FAT and day >= times.away:
        return Contact(day, STEADY, "substitute", former=FAT)
    if curator != known:
        return Contact(day, curator, "intro", former=known)
    group = life.group(day)
    if group == "potential":
        return Contact(day, curator, "early")
    return Contact(day, curator, "key" if group == "key" and rng.random() < 0.3 else "regular")


def _by_others(rng: Random, life: Life, times: Times) -> Iterator[Contact]:
    """The service colleague on papers and payments; the head with key clients, twice a year."""
    for person, stage, groups, every in (
        ("tatyana", "service", ("promising", "key"), 130),
        ("olga", "head", ("key",), 190),
    ):
        day = working_day(life.born + timedelta(days=rng.randint(20, every)))
        while day < (life.ended or times.today):
            if life.group(day) in groups:
                yield Contact(day, person, stage)
            day = working_day(day + timedelta(days=round(every * rng.uniform(0.6, 1.4))))


def _devouring(rng: Random, times: Times) -> Iterator[Contact]:
    """Two or three meetings a week, and calls between them."""
    day = working_day(times.today - timedelta(days=FAT_DAYS))
    while day < times.away:
        yield Contact(day, FAT, "fat")
        day = working_day(day + timedelta(days=rng.choice((1, 2, 2, 3, 4))))


def _needless(rng: Random, life: Life, times: Times) -> Iterator[Contact]:
    """Calls that bring nothing: the nearer to today, the more of them."""
    since, caller = max(d for d, who in life.curators if who == CALLER), CALLER
    day = max(since + timedelta(days=10), times.today - timedelta(days=CALLER_DAYS))
    while (day := working_day(day + timedelta(days=rng.randint(5, 36)))) < times.today:
        yield Contact(day, caller, "short")

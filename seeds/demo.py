"""One believable invented company: fixed seed, stopped clock, made through the services.

Two runs on the same day give the same company, but for what must be random: salts and password hashes.
"""

from datetime import datetime, time, timedelta
from random import Random

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import Database, act_as
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _, today
from crmadmin.services import notices, people
from models import Client, User
from models.kinds import Role
from seeds import (
    demo_alarms,
    demo_away,
    demo_groups,
    demo_kpi,
    demo_newcomer,
    demo_reminders,
    demo_silence,
    reference,
)
from seeds.demo_acts import Act, Writer
from seeds.demo_clients import Inventor
from seeds.demo_days import at
from seeds.demo_dispute import Dispute
from seeds.demo_lives import LEAVER, NEWCOMER, Times, lives
from seeds.demo_play import Player
from seeds.demo_promises import Remembered
from seeds.demo_talk import Talk
from seeds.demo_words import Words, words

CLIENTS = 400

CAST: dict[str, Role] = {
    "mikhail": Role.admin,
    "olga": Role.head,
    "anna": Role.manager,
    "dmitry": Role.manager,
    "sergey": Role.manager,
    "elena": Role.manager,
    "pavel": Role.manager,
    "viktor": Role.manager,
    "vera": Role.manager,
    "tatyana": Role.colleague,
}
ADMIN = "mikhail"


def password_of(login: str) -> str:
    """Known to everybody, so for this company only."""
    return f"{login}-demo-2026"


LOGINS: list[tuple[Role, str, str]] = [
    (CAST[login], login, password_of(login)) for login in ("olga", "anna", "tatyana", ADMIN)
]
"""One line a role: (role, login, password)."""


def load(session: Database, language: str = "ru", scale: float = 1.0) -> None:
    """Fill an empty base; DomainError where there are clients already. The caller commits, and goes on with
    ``look_back``."""
    if session.scalar(select(Client.id).limit(1)) is not None:
        raise DomainError(_("There are clients here already: the demo company needs an empty base."))
    rng, spoken, times = Random(7), words(language), Times.of(today())  # noqa: S311
    try:
        with clock.stopped_at(at(times.start, time(8, 0))):
            reference.load(session, language)
            staff = _staff(spoken)
        cards = Inventor(rng, spoken).cards(max(12, round(CLIENTS * scale)))
        several = lives(rng, cards, times)
        demo_newcomer.give(several, times)
        acts = Writer(rng, spoken, times, Talk(rng, spoken)).write(several)
        _play(session, acts, staff, spoken, times)
        Dispute(session, staff, language, times.today).play()
        Remembered(session, staff, language, times.today).play()
        demo_away.tell(session, staff, times, spoken)
        demo_silence.tell(session, staff, times, spoken)
        demo_groups.tell(session, staff, times, spoken)
        demo_reminders.tell(staff)
        demo_kpi.tell(staff, times, scale)
        for person in staff.values():  # what was told long ago was read long ago
            notices.read_before(at(times.today - timedelta(days=7), time()), by=person)
    finally:
        act_as(None)


def look_back(language: str = "ru") -> None:
    """What is found in the company once it is kept: alarms, and how far they are dealt with."""
    try:
        demo_alarms.tell(language)
    finally:
        act_as(None)


def _play(session: Database, acts: list[Act], staff: dict[str, User], spoken: Words, times: Times) -> None:
    """Somebody leaves in the middle, and later somebody comes."""
    gone, come = at(times.left, time(18, 0)), at(times.joined, time(8, 0))
    player = Player(session, staff)
    player.play([act for act in acts if act.at < gone])
    _leave(session, staff, gone)
    player.play([act for act in acts if gone <= act.at < come])
    with clock.stopped_at(come):
        staff[NEWCOMER] = _person(NEWCOMER, spoken, staff[ADMIN])
    player.play([act for act in acts if act.at >= come])


def _staff(spoken: Words) -> dict[str, User]:
    """All who are here from the start."""
    admin: User | None = None
    staff: dict[str, User] = {}
    for login in CAST:
        if login != NEWCOMER:
            staff[login] = _person(login, spoken, admin)
            admin = admin or staff[login]
    return staff


def _person(login: str, spoken: Words, admin: User | None) -> User:
    act_as(admin)
    name, number = spoken.person(login)["name"], list(CAST).index(login) + 1
    person = people.create(login, name=name, role=CAST[login], password=password_of(login), by=admin)
    person.email, person.telephone = f"{login}@tarapak.example", f"+7 495 000-10-{number:02}"
    people.check(person, by=admin)
    return person


def _leave(session: Database, staff: dict[str, User], moment: datetime) -> None:
    """His clients were handed over in the morning; now he can sign in no more."""
    with clock.stopped_at(moment):
        act_as(staff[ADMIN])
        staff[LEAVER].active = False
        people.check(staff[LEAVER], by=staff[ADMIN])
        session.flush()

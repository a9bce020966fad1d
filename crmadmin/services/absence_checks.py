"""What must hold of an absence: its days, whoever is away, whoever acts, and all other absences of theirs."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, all_hold
from crmadmin.core.i18n import _, local, today
from crmadmin.queries import absences as asked
from crmadmin.queries.choices import CURATING
from crmadmin.queries.curators import count_of_all_clients
from crmadmin.rules.absences import Away, Clash, clashes
from models import Absence, User

REST = None
Substitutes = Mapping[int | None, User]
"""Who acts: by the number of the group of clients; under ``REST`` for all that no other one has."""


def acting(absence: Absence) -> dict[int | None, int]:
    return {each.group_id: each.substitute_id for each in absence.substitutions}


def check(
    person: User,
    start: datetime,
    end: datetime,
    who: Substitutes,
    *,
    first: date | None,
    but: Absence | None = None,
) -> None:
    with db.no_autoflush:
        all_hold(
            partial(_check_days, start, end, first),
            partial(_check_person, person),
            partial(_check_substitutes, person, who),
        )
        new = Away(person.id, start, end, frozenset(each.id for each in who.values()))
        _check_others(new, {each.id: group for group, each in who.items()}, but)


def _check_days(start: datetime, end: datetime, first: date | None) -> None:
    if first is not None and first < today():
        raise DomainError(_("This day is past: an absence begins today or later."), field="first")
    if end <= start:
        raise DomainError(_("The day of return comes after the first day."), field="back")
    if end <= clock.now():
        raise DomainError(_("The day of return is past."), field="back")


def _check_person(person: User) -> None:
    if not person.active:
        raise DomainError(_("%(name)s has left.", name=person.name), field="person")


def _check_substitutes(person: User, who: Substitutes) -> None:
    all_hold(*(partial(_check_one, person, group, each) for group, each in who.items()))
    if REST not in who and (who or person.role in CURATING or db.scalar(count_of_all_clients(person.id))):
        raise DomainError(
            _("Name somebody for all other clients: else nobody would answer for them."), field="rest"
        )


def _check_one(person: User, group: int | None, each: User) -> None:
    field = field_of(group)
    if each.id == person.id:
        raise DomainError(_("Nobody substitutes for himself."), field=field)
    if not each.active:
        raise DomainError(_("%(name)s has left: choose somebody else.", name=each.name), field=field)
    if each.role not in CURATING:
        raise DomainError(_("%(name)s may not change clients.", name=each.name), field=field)


def field_of(group: int | None) -> str:
    return "rest" if group is None else f"group-{group}"


def _check_others(new: Away, groups: Mapping[int, int | None], but: Absence | None) -> None:
    people = sorted({new.person_id, *new.substitutes})
    rows = db.scalars(asked.meeting(new.start, new.end, people)).unique().all()
    found = {_away(row): row for row in rows if row is not but}
    all_hold(
        *(partial(_refuse, word, found[other], groups) for word, other in clashes(new, found))
    )  # fmt: skip


def _away(row: Absence) -> Away:
    return Away(row.person_id, row.starts_at, row.ends_at, frozenset(acting(row).values()))


def _refuse(word: Clash, other: Absence, groups: Mapping[int, int | None]) -> None:
    when = {"name": other.person.name, "start": day_of(other.starts_at), "end": day_of(other.ends_at)}
    sentences = {
        Clash.again: _("%(name)s is away already from %(start)s, back on %(end)s.", **when),
        Clash.circle: _("%(name)s is away from %(start)s, back on %(end)s, and this one acts then.", **when),
        Clash.substitute_away: _("%(name)s is away from %(start)s, back on %(end)s.", **when),
        Clash.substitutes: _(
            "This one substitutes for %(name)s from %(start)s, back on %(end)s: "
            "name somebody else there first.",
            **when,
        ),
    }
    fields = {Clash.again: "first", Clash.substitutes: "person"}
    raise DomainError(sentences[word], field=fields.get(word) or field_of(groups.get(other.person_id)))


def day_of(at: datetime) -> str:
    return f"{local(at):%d.%m.%Y}"

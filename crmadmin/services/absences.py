"""Being away: who acts for whom meanwhile. No moment is left without somebody who answers for a client."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import asked_once, db
from crmadmin.core.errors import DomainError, NotAllowed, NotFound, all_hold
from crmadmin.core.i18n import _, local, start_of, today
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import absences as asked
from crmadmin.queries.choices import CURATING
from crmadmin.queries.curators import count_of_all_clients
from crmadmin.rules.absences import Away, Clash, clashes
from crmadmin.services import absence_notices
from crmadmin.services.meanwhile import mark, refuse_if_changed
from models import Absence, Substitution, User

REST = None
Substitutes = Mapping[int | None, User]
"""Who acts: by the number of the group of clients; under ``REST`` for all that no other one has."""


def acts_for(by: User, curator_id: int | None, group_id: int | None) -> bool:
    """The row rule of ``substituted_by``, for a client in hand: the present curator's substitute of today."""
    lines = _acting_beside(by).get(curator_id or 0, {})
    return lines.get(group_id, lines.get(REST)) == by.id


def substitutes(by: User) -> bool:
    """Whether somebody is away now for whom this one acts."""
    return bool(_acting_beside(by))


def _acting_beside(by: User) -> dict[int, dict[int | None, int]]:
    """Of each for whom he acts now: who acts, by group. In one question, whatever rows a page has."""

    def ask() -> dict[int, dict[int | None, int]]:
        found: dict[int, dict[int | None, int]] = defaultdict(dict)
        with db.no_autoflush:
            for person, group, substitute in db.execute(asked.acting_beside(by, clock.now())):
                found[person][group] = substitute
        return dict(found)

    return asked_once(("acts for", by.id), ask)


def may_set(person: User, by: User) -> bool:
    """Everybody his own absence; the head and the admin everybody's."""
    return allows(by.role, Permission.absences_set) and (
        by.id == person.id or allows(by.role, Permission.every_row)
    )


def add(person: User, first: date, back: date, who: Substitutes, *, reason: str = "", by: User) -> Absence:
    """Somebody is away from the first day on and back on the other one: ``[first, back)``.

    An absence of today begins now: what was done this morning was done by himself.
    """
    _may(person, by)
    who = _named(who)
    _take_turns(person, who)
    start = max(start_of(first), clock.now()) if first == today() else start_of(first)
    _check(person, start, start_of(back), who, first=first)
    absence = Absence(
        person=person, starts_at=start, ends_at=start_of(back), reason=reason, set_at=clock.now(), set_by=by
    )
    absence.substitutions = _rows(who)
    db.add(absence)
    db.flush()
    absence_notices.named(absence, by=by)
    return absence


def mark_of(absence: Absence) -> str:
    """What a form carries of the absence it showed."""
    acts = sorted(acting(absence).items(), key=str)
    return mark(absence.starts_at, absence.ends_at, absence.reason, acts)


def change(
    absence: Absence,
    first: date,
    back: date,
    who: Substitutes,
    *,
    reason: str = "",
    seen: str | None = None,
    by: User,
) -> Absence:
    """Other days, other substitutes. Of an absence that goes on the first day stays.

    Where others are to act from now on, the one that goes on ends now and another begins: who acted until
    now is not forgotten. The absence that counts from now on is answered. ``seen``: the mark of what the form
    has shown; of something else nothing is overwritten unseen.
    """
    _may(absence.person, by)
    who = _named(who)
    _take_turns(absence.person, who)
    _reload(absence)
    if is_over(absence):
        raise DomainError(_("This absence is over: what is past stays as it was."))
    refuse_if_changed(mark_of(absence), seen, says=_now(absence))
    goes_on = absence.starts_at <= clock.now()
    start = absence.starts_at if goes_on else start_of(first)
    end = absence.ends_at if goes_on and back == local(absence.ends_at).date() else start_of(back)
    _check(absence.person, start, end, who, first=None if goes_on else first, but=absence)
    before = acting(absence)
    if goes_on and before != {group: each.id for group, each in who.items()}:
        return _followed(absence, end, who, reason, by)
    absence.starts_at, absence.ends_at, absence.reason = start, end, reason
    _substitute(absence, who)
    db.flush()
    absence_notices.changed(absence, set(before.values()), by=by)
    return absence


def end(absence: Absence, *, by: User) -> None:
    """He is back early: from now on nobody acts for him."""
    _may(absence.person, by)
    _reload(absence)
    if absence.cancelled_at or not absence.starts_at <= clock.now() < absence.ends_at:
        raise DomainError(_("Only an absence that goes on can be ended."))
    absence.ends_at = clock.now()
    db.flush()
    absence_notices.over(absence, by=by)


def call_off(absence: Absence, *, by: User) -> None:
    """It does not take place; one that has begun is ended instead."""
    _may(absence.person, by)
    _reload(absence)
    if absence.cancelled_at or absence.starts_at <= clock.now():
        raise DomainError(_("Only an absence that has not begun can be called off."))
    absence.cancelled_at = clock.now()
    db.flush()
    absence_notices.over(absence, by=by)


def known(absence_id: int) -> Absence:
    absence = db.scalar(asked.known(absence_id))
    if absence is None:
        raise NotFound(_("There is no such absence."))
    return absence


def is_over(absence: Absence) -> bool:
    return absence.cancelled_at is not None or absence.ends_at <= clock.now()


def acting(absence: Absence) -> dict[int | None, int]:
    return {each.group_id: each.substitute_id for each in absence.substitutions}


def _now(absence: Absence) -> str:
    acts = ", ".join(dict.fromkeys(each.substitute.name for each in absence.substitutions))
    days = f"{_day(absence.starts_at)} – {_day(absence.ends_at)}"
    return ", ".join(said for said in (days, acts, absence.reason) if said)


def _followed(absence: Absence, end: datetime, who: Substitutes, reason: str, by: User) -> Absence:
    now = clock.now()
    absence.ends_at = now
    db.flush()
    new = Absence(
        person=absence.person, starts_at=now, ends_at=end, reason=reason, set_at=now, set_by=by
    )  # fmt: skip
    new.substitutions = _rows(who)
    db.add(new)
    db.flush()
    absence_notices.over(absence, by=by, but=acting(new).values())
    absence_notices.named(new, by=by, but=acting(absence).values())
    return new


def _may(person: User, by: User) -> None:
    if not may_set(person, by):
        raise NotAllowed(_("Only the head and the admin set somebody else's absence."))


def _named(who: Substitutes) -> dict[int | None, User]:
    """A group that goes with the rest needs no line of its own."""
    rest = who.get(REST)
    return {group: each for group, each in who.items() if group is REST or rest is None or each.id != rest.id}


def _take_turns(person: User, who: Substitutes) -> None:
    """The people's rows are locked, in order: of two absences that cannot both be the second sees the first.

    Nor can any of them be deactivated meanwhile.
    """
    ids = sorted({person.id, *(each.id for each in who.values())})
    locked = select(User.id).where(User.id.in_(ids)).order_by(User.id).with_for_update(key_share=True)
    with db.no_autoflush:
        db.execute(locked).all()
        for each in (person, *who.values()):
            db.refresh(each, ["active", "role"])


def _reload(absence: Absence) -> None:
    """As it is now that nobody else can change it."""
    with db.no_autoflush:
        db.scalar(select(Absence).where(Absence.id == absence.id).with_for_update(of=Absence))
        db.refresh(absence)


def _check(
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
    when = {"name": other.person.name, "start": _day(other.starts_at), "end": _day(other.ends_at)}
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


def _day(at: datetime) -> str:
    return f"{local(at):%d.%m.%Y}"


def _rows(who: Substitutes) -> list[Substitution]:
    return [Substitution(group_id=group, substitute=each) for group, each in who.items()]


def _substitute(absence: Absence, who: Substitutes) -> None:
    """Line by line, so that the journal tells whom who replaces."""
    for row in list(absence.substitutions):
        if row.group_id in who:
            row.substitute = who[row.group_id]
        else:
            absence.substitutions.remove(row)
    known = {row.group_id for row in absence.substitutions}
    absence.substitutions += _rows({group: each for group, each in who.items() if group not in known})

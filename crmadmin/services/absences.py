"""Being away: who acts for whom meanwhile. No moment is left without somebody who answers for a client."""

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import asked_once, db
from crmadmin.core.errors import DomainError, NotAllowed, NotFound
from crmadmin.core.i18n import _, local, start_of, today
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import absences as asked
from crmadmin.services import absence_notices
from crmadmin.services.absence_checks import REST, Substitutes, acting, check, day_of
from crmadmin.services.meanwhile import mark, refuse_if_changed
from models import Absence, Substitution, User


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
    check(person, start, start_of(back), who, first=first)
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
    check(absence.person, start, end, who, first=None if goes_on else first, but=absence)
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


def _now(absence: Absence) -> str:
    acts = ", ".join(dict.fromkeys(each.substitute.name for each in absence.substitutions))
    days = f"{day_of(absence.starts_at)} – {day_of(absence.ends_at)}"
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

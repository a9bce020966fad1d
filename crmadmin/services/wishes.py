"""The bank of unmet wishes: in the client's words, why not now, and when to come back."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed, all_hold
from crmadmin.core.i18n import _, today
from crmadmin.core.permissions import Permission, allows
from crmadmin.rules import wishes as rule
from crmadmin.rules.names import folded
from crmadmin.services.clients import may_change
from models import Client, Interaction, User, Wish
from models.kinds import WishState

LONGEST = 4_000
LONGEST_WHY = 500
MOST_LEAD = 730
USUAL_LEAD = 30


@dataclass(frozen=True)
class Wanted:
    """What is typed of a wish. Without ``come_back_on`` it follows from season and lead."""

    words: str
    why_not_now: str = ""
    season: int | None = None
    lead_days: int = USUAL_LEAD
    come_back_on: date | None = None


def note(client: Client, wanted: Wanted, *, interaction: Interaction | None = None, by: User) -> Wish:
    """Write down what a client wants and does not get yet: whoever hears it."""
    if not allows(by.role, Permission.wishes_change):
        raise NotAllowed(_("Writing down wishes is not yours to do."))
    wish = Wish(client=client, interaction=interaction, made_at=clock.now(), made_by=by)
    with db.no_autoflush:
        _fill(wish, wanted)
    db.add(wish)
    db.flush()
    return wish


def change(wish: Wish, wanted: Wanted, *, by: User) -> None:
    """Other words, another season, another day."""
    _may(wish, by)
    with db.no_autoflush:
        _fill(wish, wanted)
    db.flush()


def close(wish: Wish, *, state: WishState, outcome: str, by: User) -> None:
    """It came true, or is dropped for a reason."""
    _may(wish, by)
    said = outcome.replace("\x00", "").strip()
    if state not in {WishState.fulfilled, WishState.dropped}:
        raise DomainError(_("A wish comes true, or is dropped."))
    if state is WishState.dropped and not said:
        raise DomainError(_("Say why the wish is dropped."), field="outcome")
    if len(said) > LONGEST_WHY:
        raise DomainError(_("Too long: at most %(num)d signs.", num=LONGEST_WHY), field="outcome")
    wish.state, wish.outcome = state, said
    wish.closed_at, wish.closed_by = clock.now(), by
    db.flush()


def _fill(wish: Wish, wanted: Wanted) -> None:
    words, why = (text.replace("\x00", "").strip() for text in (wanted.words, wanted.why_not_now))
    all_hold(
        partial(_check_words, words, why),
        partial(_check_when, wanted),
        partial(_check_day, wish, wanted.come_back_on),
    )
    wish.words, wish.why_not_now = words, why
    wish.words_fold = f"{folded(words)}\n{folded(why)}".strip()
    wish.season, wish.lead_days = wanted.season, wanted.lead_days
    wish.come_back_on = wanted.come_back_on or rule.come_back_on(wanted.season, wanted.lead_days, today())


def _check_words(words: str, why: str) -> None:
    if not words:
        raise DomainError(_("Write down what the client wants, in the client's own words."), field="words")
    if len(words) > LONGEST:
        raise DomainError(_("Too long: at most %(num)d signs.", num=LONGEST), field="words")
    if len(why) > LONGEST_WHY:
        raise DomainError(_("Too long: at most %(num)d signs.", num=LONGEST_WHY), field="why_not_now")


def _check_when(wanted: Wanted) -> None:
    if wanted.season is not None and not 1 <= wanted.season <= 12:
        raise DomainError(_("Choose a month."), field="season")
    if not 0 <= wanted.lead_days <= MOST_LEAD:
        raise DomainError(
            _("A whole number from %(least)s to %(most)s.", least=0, most=MOST_LEAD), field="lead_days"
        )


def _check_day(wish: Wish, day: date | None) -> None:
    if day is not None and day != wish.come_back_on and day < today():
        raise DomainError(_("This day is past: one comes back later."), field="come_back_on")


def _may(wish: Wish, by: User) -> None:
    if not may_change_wish(wish, by):
        raise NotAllowed(
            _("Only whoever wrote a wish down, the client's curator, his substitute and the head change it.")
        )
    if wish.state is not WishState.open:
        raise DomainError(_("This wish is closed already."))


def may_change_wish(wish: Wish, by: User) -> bool:
    """The row rule of ``wish_changeable_by``, for an open wish in hand."""
    if not allows(by.role, Permission.wishes_change):
        return False
    return by.id == wish.made_by_id or may_change(wish.client, by)

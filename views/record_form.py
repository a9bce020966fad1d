"""The quick record as a form: what it offers at a client, what was typed in it, and what is wrong with it."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import MultiDict

from crmadmin.core import clock, i18n
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries import choices, requests
from crmadmin.services.clients import may_change
from crmadmin.services.interactions import MANAGER_MAY_SET_BACK
from crmadmin.services.record import Draft, mark_of
from models import Client, ContactPerson, Interaction, InteractionKind, Result, User
from models.base import Base
from models.kinds import Direction, InteractionState
from views import cost, quick
from views.fields import plain_text, read_moment
from views.offers import offers
from views.uploads import CHOSEN

MOST_PERSONS, MOST_PLANS, MOST_REQUESTS = 24, 5, 10
LONGEST = {"new_person": 200, "no_next_reason": 500, "request": 20_000, "reaction": 20_000, "note": 20_000}
TEXTS = ("kind", "direction", "happened_at", "new_person", "request", "reaction", "note", "result", "minutes",
         "minutes_other", "follow", "next_at", "next_kind", "no_next_reason", "once", CHOSEN,
         *cost.FIELDS)  # fmt: skip
KEEP, DATE, NONE = "keep", "date", "none"

Row = TypeVar("Row", bound=Base)
Typed = MultiDict[str, str]


@dataclass
class RecordForm:
    """``values`` is what stands in the fields; ``errors`` what is wrong, by field, or blank for all of it."""

    client: Client
    viewer: User
    held: Interaction | None = None
    errors: dict[str, str] = field(default_factory=dict[str, str])
    said: str = ""
    seen: str | None = None
    values: dict[str, str] = field(init=False)
    person_ids: set[str] = field(init=False)
    plan_ids: set[str] = field(init=False)
    answer_ids: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.client_id = self.client.id  # known after a refusal, too
        self._look_up()
        self.values = {**dict.fromkeys(TEXTS, ""), "direction": Direction.outgoing.value}
        self.values |= {"once": secrets.token_urlsafe(18)} | self._usual_next()
        self.person_ids, self.plan_ids, self.answer_ids = set(), set(), set()
        if self.held is not None:
            self._begin_with(self.held)

    # What is on offer

    def _look_up(self) -> None:
        client = self.client
        self.kinds: Sequence[InteractionKind] = offers(choices.in_use(InteractionKind))
        self.results: Sequence[Result] = offers(choices.in_use(Result))
        known = (ContactPerson.client_id == client.id, ContactPerson.archived_at.is_(None))
        persons = select(ContactPerson).where(*known).order_by(ContactPerson.name, ContactPerson.id)
        found = db.scalars(persons.limit(MOST_PERSONS + 1)).all()
        self.persons, self.more_persons = found[:MOST_PERSONS], len(found) > MOST_PERSONS
        planned = (Interaction.client_id == client.id, Interaction.state == InteractionState.planned)
        plans = select(Interaction).where(*planned).options(joinedload(Interaction.kind))
        self.planned = db.scalars(plans.order_by(Interaction.happened_at, Interaction.id).limit(50)).all()
        if self.held is not None:  # what it was planned as stays on offer
            self.kinds = _with(self.kinds, [self.held.kind])
            self.persons = _with(self.persons, self.held.contact_persons)
        self.requests = db.scalars(requests.of_client(client.id, MOST_REQUESTS)).all()
        may = may_change(client, self.viewer)
        self.may_add_person = may and allows(self.viewer.role, Permission.contact_persons_change)

    @property
    def plans(self) -> list[Interaction]:
        """His own that may have come true by this; not on the form of one of them."""
        if self.held is not None:
            return []
        return [each for each in self.planned if each.person_id == self.viewer.id][:MOST_PLANS]

    @property
    def next_plan(self) -> Interaction | None:
        """What stays planned whatever is recorded now."""
        return next((each for each in self.planned if each is not self.held), None)

    @property
    def minute_choices(self) -> list[str]:
        chosen = next((each for each in self.kinds if str(each.id) == self.values["kind"]), None)
        first = chosen or next(iter(self.kinds), None)
        return first.minute_choices.split() if first else []

    @property
    def days(self) -> list[tuple[str, Any, datetime]]:
        """Quick choices of the next contact: the word, what it is called, the moment."""
        return [(word, label, quick.moment(word)) for word, label in quick.DAYS.items()]

    @property
    def earliest(self) -> str:
        """How far back one may set the moment; blank where there is no limit."""
        free = allows(self.viewer.role, Permission.every_row)
        return "" if free else _shown(clock.now() - MANAGER_MAY_SET_BACK)

    @property
    def latest(self) -> str:
        return _shown(clock.now())

    @property
    def mark(self) -> str:
        """Of the plan whose form it is, as it is now."""
        return mark_of(self.held) if self.held is not None else ""

    @property
    def prefix(self) -> str:
        """Of the ids on the page, where more than one such form may stand."""
        return f"held{self.held.id}" if self.held is not None else f"record{self.client.id}"

    def _usual_next(self) -> dict[str, str]:
        """By the rhythm of the client, unless something is planned already."""
        kind = next((each for each in self.kinds if each.code == "call"), next(iter(self.kinds), None))
        usual = {"next_kind": str(kind.id) if kind else ""}
        if self.next_plan is not None:
            return usual | {"follow": KEEP}
        days = self.client.rhythm_days or self.client.group.rhythm_days
        if not days or self.client.archived:
            return usual
        if word := quick.of_rhythm(days):
            return usual | {"follow": word}
        at = quick.moment("1") + timedelta(days=days - 1)
        return usual | {"follow": DATE, "next_at": _shown(at)}

    def _begin_with(self, plan: Interaction) -> None:
        """A plan that came true: what was planned stands there already; held now, where it lies ahead."""
        is_past = plan.happened_at < clock.now()
        self.values |= {
            "kind": str(plan.kind_id),
            "direction": plan.direction.value,
            "happened_at": _shown(plan.happened_at) if is_past else "",
            "request": plan.request,
            "reaction": plan.reaction,
            "note": plan.note,
        }
        self.person_ids = {str(each.id) for each in plan.contact_persons}

    # What was typed

    def read(self, typed: Typed) -> None:
        self.values = {name: str(plain_text(typed.get(name, ""))) for name in TEXTS}
        self.person_ids, self.plan_ids = set(typed.getlist("persons")), set(typed.getlist("plans"))
        self.answer_ids = set(typed.getlist("answers"))
        self.seen = typed.get("seen")

    def draft(self) -> Draft:
        """As rows and moments; DomainError, all at once, for what cannot be read."""
        for name, most in LONGEST.items():
            if len(self.values[name]) > most:
                self.errors[name] = _("No more than %(most)s signs fit in.", most=most)
        choice = self.values["follow"]
        draft = Draft(
            client=self.client,
            kind=self._of("kind", self.kinds),
            direction=self._direction(),
            happened_at=self._moment("happened_at"),
            persons=self._all_of("persons", self.person_ids, self.persons),
            new_person=self.values["new_person"],
            request=self.values["request"],
            reaction=self.values["reaction"],
            note=self.values["note"],
            result=self._of("result", self.results),
            minutes=self._minutes(),
            held=self.held,
            seen=self.seen,
            plans=self._all_of("plans", self.plan_ids, self.plans),
            answers=self._all_of("answers", self.answer_ids, self.requests),
            next_at=self._next_at(),
            next_kind=self._of("next_kind", self.kinds),
            no_next_reason=self.values["no_next_reason"] if choice == NONE else "",
            keeps_next=choice == KEEP,
        )
        if choice == NONE and not draft.no_next_reason:
            self.errors["no_next_reason"] = _("Say why there is no next contact.")
        return draft

    def tell(self, refusal: DomainError) -> None:
        for part in refusal.parts:
            self.errors.setdefault(part.field or "", str(part))

    def _of(self, name: str, offered: Sequence[Row]) -> Row | None:
        text = self.values[name]
        found = next((each for each in offered if str(each.id) == text), None)
        if text and found is None:
            self.errors[name] = _("This is not among what you may choose.")
        return found

    def _all_of(self, name: str, ids: set[str], offered: Sequence[Row]) -> list[Row]:
        found = [each for each in offered if str(each.id) in ids]
        if len(found) < len(ids):
            self.errors[name] = _("This is not among what you may choose.")
        return found

    def _direction(self) -> Direction:
        return Direction.incoming if self.values["direction"] == Direction.incoming else Direction.outgoing

    def _moment(self, name: str, where: str = "") -> datetime | None:
        return self._read(where or name, read_moment, self.values[name])

    def _read(self, name: str, reads: Callable[[str], Any], text: str) -> Any:
        try:
            return reads(text) if text else None
        except ValueError as error:
            self.errors[name] = str(error)
            return None

    def _minutes(self) -> int | None:
        return self._read("minutes", _whole, self.values["minutes_other"] or self.values["minutes"])

    def _next_at(self) -> datetime | None:
        choice = self.values["follow"]
        if choice in quick.DAYS:
            return quick.moment(choice)
        if choice != DATE:
            return None
        if not self.values["next_at"]:
            self.errors["follow"] = _("Choose a day and a time.")
        return self._moment("next_at", "follow")


def _with(offered: Sequence[Row], chosen: Sequence[Row]) -> list[Row]:
    return [*offered, *(each for each in chosen if each not in offered)]


def _whole(text: str) -> int:
    if text.startswith("-") and text[1:].isdecimal():
        raise ValueError(_("From 0 to 1440: a day has no more minutes."))
    if not text.isascii() or not text.isdecimal() or len(text) > 5:
        raise ValueError(_("This is no whole number."))
    return int(text)


def _shown(at: datetime) -> str:
    return f"{i18n.local(at):%Y-%m-%dT%H:%M}"

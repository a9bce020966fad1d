"""What the people of the invented company did in the program, act after act in the order of time."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from crmadmin.rules.working_days import working_day
from models import Interaction
from seeds.demo_clients import PersonCard
from seeds.demo_days import EVENING, at, laid_out, working_before
from seeds.demo_lives import CARE, FAT, NEWCOMER, QUIET, RHYTHM, Contact, Life, Times
from seeds.demo_talk import Said, Talk
from seeds.demo_words import Words

_SOON = 0.14  # of the plans, whenever the rhythm would have them


@dataclass(eq=False)
class Draft:
    """An interaction before it is a row, and the row once there is one."""

    life: Life
    person: str
    happened_at: datetime
    said: Said
    theirs: tuple[int, ...]  # which of the client's persons
    also: str = ""  # another of ours who was there
    has_next: bool = False  # a plan was made with it
    no_next: str = ""  # why none was needed
    row: Interaction | None = None


@dataclass(frozen=True)
class Act:
    """``what`` names the way it is played; ``by`` is whoever does it."""

    at: datetime
    what: str
    by: str
    life: Life
    word: str = ""  # a group, a curator, a reason, a text: whatever the act needs beside


@dataclass(frozen=True)
class Entry(Act):
    """An act on one interaction."""

    draft: Draft = field(kw_only=True)
    after: Draft | None = None  # of a plan: the record it was made with


@dataclass
class Writer:
    rng: Random
    words: Words
    times: Times
    talk: Talk
    acts: list[Act] = field(default_factory=list[Act])
    latest: dict[int, tuple[datetime, Draft]] = field(default_factory=dict[int, tuple[datetime, Draft]])

    def write(self, lives: list[Life]) -> list[Act]:
        """All acts, in the order in which they were done."""
        for life in lives:
            self._go_through(life)
        for life, contact, begun, said, theirs in self._days(lives):
            self._told(life, contact, begun, said, theirs)
        for life in lives:
            self._plan_ahead(life)
        self._say_why_not()
        return sorted(self.acts, key=lambda act: (act.at, act.life.card.number))

    def _go_through(self, life: Life) -> None:
        """Its coming, its moves from group to group and from curator to curator, its end."""
        first = life.born == self.times.start
        creator = "olga" if first or life.fat else life.curator(life.born)
        self._add(at(life.born, time(9, 0)), "begun", creator, life)
        for day, group in life.groups[1:]:
            why = self.words["reasons"]["regrouped"][group]
            self._add(at(day, time(18, 50)), "moved", life.curator(day), life, word=f"{group}|{why}")
        for day, curator in life.curators[1:]:
            reason = self.words["reasons"][self._why(day, curator)]
            why = reason if isinstance(reason, str) else self.rng.choice(reason)
            self._add(at(day, time(8, 50)), "handed", "olga", life, word=f"{curator}|{why}")
        if life.ended and life.put_away:
            self._add(at(life.ended, time(18, 55)), "archived", "olga", life)

    def _why(self, day: date, curator: str) -> str:
        if curator == NEWCOMER:
            return "newcomer"
        return "gone" if day == self.times.left else "moved"

    def _days(self, lives: list[Life]) -> list[tuple[Life, Contact, datetime, Said, tuple[int, ...]]]:
        """Every person's every day: who is spoken to, about what, at what time."""
        diary: dict[tuple[date, str], list[tuple[Life, Contact]]] = defaultdict(list)
        for life in lives:
            for contact in life.contacts:
                diary[contact.day, contact.person].append((life, contact))
        told: list[tuple[Life, Contact, datetime, Said, tuple[int, ...]]] = []
        for (day, person), met in sorted(diary.items(), key=lambda pair: pair[0]):
            self.rng.shuffle(met)
            ours = self.words.person(person)
            entries: list[tuple[Life, Contact, Said, tuple[int, ...]]] = []
            for life, contact in met:
                theirs = self._theirs(life)
                card = life.card.persons[theirs[0]]
                said = self.talk.about(life.card, contact.stage, day, ours, card, contact.former)
                entries.append((life, contact, said, theirs))
            begun = laid_out(self.rng, day, [said.minutes for _life, _contact, said, _theirs in entries])
            told += [
                (entry[0], entry[1], moment, *entry[2:]) for entry, moment in zip(entries, begun, strict=True)
            ]
        return told

    def _theirs(self, life: Life) -> tuple[int, ...]:
        """Mostly the first of their persons; now and then another, or two."""
        persons: tuple[PersonCard, ...] = life.card.persons
        first = self.rng.choices(range(len(persons)), [3, *[1] * (len(persons) - 1)])[0]
        if len(persons) > 1 and self.rng.random() < 0.1:
            return (first, (first + 1) % len(persons))
        return (first,)

    def _told(
        self, life: Life, contact: Contact, begun: datetime, said: Said, theirs: tuple[int, ...]
    ) -> None:
        draft = Draft(life, contact.person, begun, said, theirs)
        draft.also = life.curator(contact.day) if contact.stage == "head" else ""
        written = self._written(contact, begun + timedelta(minutes=said.minutes))
        before = self.latest.get(life.card.number)
        if before is not None and self._was_planned(draft, contact, *before):
            self._plan(draft, before[0] + timedelta(minutes=1), before[1])
            self._enter(written, "held", draft)
        else:
            self._enter(written, "recorded", draft)
        self._afterwards(life, contact, draft, written)
        if contact.stage not in ("service", "head", "short"):
            self.latest[life.card.number] = (max(written, before[0]) if before else written, draft)

    def _was_planned(self, draft: Draft, contact: Contact, written: datetime, last: Draft) -> bool:
        if last.person != draft.person or draft.said.direction != "outgoing":
            return False
        if draft.happened_at - written < timedelta(days=2) or contact.stage in ("short", "service", "lost"):
            return False
        return self.rng.random() < (0.45 if draft.said.minutes >= 30 else 0.25)

    def _plan(self, draft: Draft, moment: datetime, after: Draft) -> None:
        after.has_next = True
        self._enter(moment, "planned", draft, self._intent(draft.said.kind), after)

    def _say_why_not(self) -> None:
        """Whoever takes care says why nothing is planned; the dice are left alone."""
        whys: list[str] = self.words["reasons"]["no_next"]
        for act in self.acts:
            if isinstance(act, Entry) and act.what in ("recorded", "held") and not act.draft.has_next:
                number = act.life.card.number * 37 + act.draft.happened_at.toordinal() * 11
                if number % 100 < CARE.get(act.draft.person, 70):
                    act.draft.no_next = whys[number % len(whys)]

    def _intent(self, kind: str) -> str:
        plans = self.words["plans"]
        return self.rng.choice(plans["call" if kind in ("call", "letter", "message") else "other"])

    def _written(self, contact: Contact, ended: datetime) -> datetime:
        """Mostly within the hour; some the next morning, a few a week later; all by yesterday."""
        luck, day = self.rng.random(), contact.day
        written = ended + timedelta(minutes=self.rng.randint(1, 40), seconds=self.rng.randrange(60))
        if luck < 0.1:
            written = at(working_day(day + timedelta(days=1)), time(9, self.rng.randint(1, 59)))
        elif luck < 0.13:
            written = at(
                working_day(day + timedelta(days=self.rng.randint(4, 8))), time(17, self.rng.randint(0, 50))
            )
        if written - ended > timedelta(days=13):  # holidays lie between, and 14 days are the limit
            written = ended + timedelta(minutes=5)
        limit = at(self.times.left if contact.person == "pavel" else self.times.today, time())
        if written >= limit:
            written = min(at(day, time(19, 30)), ended + timedelta(minutes=5))
        return written

    def _afterwards(self, life: Life, contact: Contact, draft: Draft, written: datetime) -> None:
        """Now and then a plan is made and called off, or a record corrected."""
        noted = max(contact.day, written.date())  # a plan lies ahead of the day it is made on
        luck, later = self.rng.random(), working_day(noted + timedelta(days=self.rng.randint(3, 12)))
        own = contact.person == life.curator(contact.day) and contact.stage in ("early", "regular", "key")
        if not own or later >= self.times.today or contact.person == "pavel":
            return
        if luck < 0.04:
            off = Draft(
                life, contact.person, at(later, time(11, self.rng.choice((0, 15, 30)))), draft.said, ()
            )
            self._plan(off, written + timedelta(minutes=2), draft)
            reason = self.rng.choice(self.words["reasons"]["cancelled"])
            called_off = max(at(working_before(later), time(16, 20)), written + timedelta(minutes=9))
            self._enter(called_off, "cancelled", off, reason)
        elif luck < 0.05:
            fix = self.rng.choice(self.words["plans"]["fixes"])
            self._enter(written + timedelta(hours=self.rng.randint(1, 20)), "corrected", draft, fix)

    def _plan_ahead(self, life: Life) -> None:
        """The next contact with whoever has one coming: some overdue, some today, some this week."""
        group, curator = life.groups[-1][1], life.curators[-1][1]
        found = self.latest.get(life.card.number)
        wanted = {"key": 0.95, "promising": 0.75, "potential": 0.4}.get(group, 0)
        if found is None or self.rng.random() > wanted:
            return
        written, last = found
        day = last.happened_at.date() + timedelta(days=round(RHYTHM[group] * self.rng.uniform(0.7, 1.0)))
        if day < self.times.today and curator not in (QUIET, FAT) and self.rng.random() < 0.7:
            day = self.times.today + timedelta(days=self.rng.randint(0, 6))
        elif day < self.times.today - timedelta(days=25):
            day = self.times.today - timedelta(days=self.rng.randint(1, 12))
        if self.rng.random() < _SOON:
            day = self.times.today + timedelta(days=self.rng.choice((0, 0, 0, 1, 1, 2)))
        noted = written + timedelta(minutes=3)
        if curator != last.person:
            noted = at(working_before(self.times.today), EVENING)
        day = working_day(max(day, noted.date()))
        said = self.talk.about(life.card, "early", day, self.words.person(curator), life.card.persons[0])
        begun = at(day, time(self.rng.randint(9, 17), self.rng.choice((0, 15, 30, 45))))
        begun = max(begun, noted + timedelta(hours=1))
        self._plan(Draft(life, curator, begun, said, (0,)), noted, last)

    def _add(self, moment: datetime, what: str, by: str, life: Life, word: str = "") -> None:
        self.acts.append(Act(moment, what, by, life, word))

    def _enter(
        self, moment: datetime, what: str, draft: Draft, word: str = "", after: Draft | None = None
    ) -> None:
        """Whoever spoke is whoever writes it down."""
        self.acts.append(Entry(moment, what, draft.person, draft.life, word, draft=draft, after=after))

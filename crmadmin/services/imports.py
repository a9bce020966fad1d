"""Bringing in clients from a file: each row gets a verdict, and no bad row stops another.

The caller's transaction holds the whole import, so that a killed one leaves nothing half done. Rows are
looked up and written some hundreds at a time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import joinedload

from crmadmin.core import clock, turns
from crmadmin.core.db import Database, actor_of
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.core.words import NAMES
from crmadmin.formats.client_columns import title_of
from crmadmin.formats.layouts import Layout
from crmadmin.formats.tables import Row
from crmadmin.rules.names import folded
from crmadmin.services import clients, journal
from crmadmin.services.import_changes import PERSONS, Changes
from crmadmin.services.import_drafts import Draft, draft
from crmadmin.services.import_matches import Matches
from crmadmin.services.import_references import References
from crmadmin.services.import_twins import Twins
from models import Client, ImportRow, ImportRun, User
from models.kinds import RowVerdict

AT_ONCE = 500
ONE_IMPORT = 0x43524D01  # the name of the lock: "CRM", and that it is for imports


@dataclass
class Outcome:
    """What became of a row: the verdict, the client, which fields changed, and what there is to say."""

    line: int
    verdict: RowVerdict
    name: str = ""
    client_id: int | None = None
    fields: list[str] = field(default_factory=list[str])
    remarks: list[str] = field(default_factory=list[str])

    def said(self) -> str:
        """The changed fields and the remarks, in the language of whoever asks."""
        titles = [_("contact persons") if key == PERSONS else title_of(key) for key in self.fields]
        changed = [_("Changed: %(fields)s.", fields=", ".join(titles))] if titles else []
        return " ".join([*changed, *self.remarks])


@dataclass
class Import:
    """A finished import: its row in the database, and each row's outcome in the order of the file."""

    run: ImportRun
    outcomes: list[Outcome]
    unread: list[str] = field(
        default_factory=list[str]
    )  # columns that say something, and that no field is for

    def left_unread(self) -> str:
        """What the file says in vain, in the language of whoever asks."""
        return _("Columns not read: %(columns)s", columns=", ".join(self.unread)) if self.unread else ""


def run(
    session: Database,
    rows: Iterable[Row],
    layout: Layout,
    *,
    by: User,
    file_name: str = "",
    make: bool = True,
    at_once: int = AT_ONCE,
) -> Import:
    """Import the rows of a file in a layout, which must be `among` its headers already.

    ``make`` says whether regions, industries and channels nobody knows are made; a person who may not change
    reference data makes none. The caller commits.
    """
    _alone(session)
    return _Importing(session, layout, by=by, make=make).all(rows, file_name, at_once)


def _alone(session: Database) -> None:
    """Two imports at once would each make the clients that the other does not see yet."""
    if session.get_bind().dialect.name != "postgresql":
        return  # SQLite has one writer at a time
    if not session.scalar(select(func.pg_try_advisory_xact_lock(ONE_IMPORT))):
        raise DomainError(_("Another import is running. Wait until it is done."))
    turns.alone(session(), turns.MANY_CLIENTS)


class _Importing:
    def __init__(self, session: Database, layout: Layout, *, by: User, make: bool) -> None:
        self._session, self._layout, self._by = session, layout, by
        may_make = make and allows(by.role, Permission.reference_change)
        self._references = References(session, make=may_make)
        self._outcomes: dict[int, Outcome] = {}
        self._touched: set[int] = set()
        self._untold: list[journal.Event] = []  # of regions and the like: told at the end
        self._recommended: dict[int, tuple[int, str]] = {}  # client → the line and the name it says
        self._twins, self._unread = Twins(), set[str]()

    def all(self, rows: Iterable[Row], file_name: str, at_once: int) -> Import:
        source = iter(rows)
        while some := list(islice(source, at_once)):
            drafts = list(self._drafts(some))
            found = {each.line: self._references.resolve(each) for each in drafts}
            with journal.put_off(self._session) as made:
                self._session.flush()  # what was made stays, whatever becomes of the rows
            self._untold += made
            self._write(drafts, found)
        self._recommend(at_once)
        unread = [header for header in self._layout.unread if header in self._unread]
        outcomes = [self._outcomes[line] for line in sorted(self._outcomes)]
        return Import(self._keep(file_name), outcomes, unread)

    def _drafts(self, rows: list[Row]) -> Iterator[Draft]:
        for row in rows:
            card = self._layout.card(row.cells)
            self._unread.update(card.unread)
            try:
                if row.fault:
                    raise DomainError(row.fault)
                made = draft(row.line, card)
                self._twins.tell_apart(made)
                yield made
            except DomainError as refusal:
                self._refuse(row.line, card.client.get("name", ("",))[0], str(refusal))

    def _write(self, drafts: list[Draft], found: dict[int, dict[str, Any]]) -> None:
        """All at once; where the database refuses that, one by one, so that only the bad one is left out."""
        try:
            with self._session.begin_nested():
                made = self._made(drafts, found)
        except DBAPIError:
            if len(drafts) == 1:
                self._refuse(drafts[0].line, drafts[0].name, _("The database does not take this row."))
                return
            for each in drafts:
                self._write([each], found)
            return
        for outcome, client, each in made:
            self._outcomes[outcome.line] = outcome
            if client is not None:
                outcome.client_id = client.id
                self._touched.add(client.id)
                if each.recommended_by:
                    self._recommended.setdefault(client.id, (each.line, each.recommended_by))

    def _made(
        self, drafts: list[Draft], found: dict[int, dict[str, Any]]
    ) -> list[tuple[Outcome, Client | None, Draft]]:
        matches = Matches(self._session, drafts)
        changes = Changes(self._session, matches, by=self._by)
        made: list[tuple[Outcome, Client | None, Draft]] = []
        with self._session.no_autoflush:
            told: set[int] = set()
            for each in drafts:
                outcome, client = Outcome(each.line, RowVerdict.same, each.name, remarks=each.remarks), None
                try:
                    client = self._one(each, found[each.line], matches, changes, outcome, told)
                    told.add(id(client))
                except DomainError as refusal:
                    outcome.verdict, outcome.remarks = RowVerdict.rejected, [str(refusal)]
                made.append((outcome, client, each))
        self._session.flush()
        return made

    def _one(
        self,
        each: Draft,
        found: dict[str, Any],
        matches: Matches,
        changes: Changes,
        outcome: Outcome,
        told: set[int],
    ) -> Client:
        client = matches.find(each)
        if client is None:
            outcome.verdict = RowVerdict.new
            return changes.create(each, found)
        before = id(client) in told or client.id in self._touched
        outcome.fields = changes.update(client, each, found, only_blanks=before)
        if outcome.fields:
            outcome.verdict = RowVerdict.updated
        return client

    def _recommend(self, at_once: int) -> None:
        """Who recommended whom, when all are there: the one may stand in the file after the other."""
        items = iter(self._recommended.items())
        while some := dict(islice(items, at_once)):
            names = {folded(name)[:200] for _line, name in some.values()}
            known: dict[str, list[Client]] = {}
            for client in self._session.scalars(select(Client).where(Client.name_fold.in_(names))):
                known.setdefault(client.name_fold, []).append(client)
            told = select(Client).where(Client.id.in_(some)).options(joinedload(Client.recommended_by))
            for client in self._session.scalars(told):
                line, name = some[client.id]
                if client.recommended_by is None or folded(client.recommended_by.name) != folded(name):
                    self._set_recommended(client, name, known, self._outcomes[line])
            self._session.flush()

    def _set_recommended(
        self, client: Client, name: str, known: dict[str, list[Client]], outcome: Outcome
    ) -> None:
        named, before = known.get(folded(name)[:200], []), client.recommended_by
        try:
            if len(named) != 1:
                title = title_of("recommended_by")
                raise DomainError(_("%(field)s is not known: %(text)s.", field=title, text=name))
            client.recommended_by = named[0]
            clients.check(client, by=self._by)
        except DomainError as refusal:
            client.recommended_by = before
            outcome.remarks.append(str(refusal))
            return
        if outcome.verdict is not RowVerdict.new:
            outcome.verdict = RowVerdict.updated
            outcome.fields.append("recommended_by")

    def _refuse(self, line: int, name: str, why: str) -> None:
        self._outcomes[line] = Outcome(line, RowVerdict.rejected, name, remarks=[why])

    def _keep(self, file_name: str) -> ImportRun:
        """The import and its rows, as one event of the journal."""
        outcomes, actor = self._outcomes.values(), actor_of(self._session())
        tally = Counter(outcome.verdict for outcome in outcomes)
        kept = ImportRun(
            file_name=file_name[:300],
            layout=self._layout.name,
            at=clock.now(),
            by_id=actor.id,
            by_name=actor.name,
            counts={verdict.value: tally[verdict] for verdict in RowVerdict},
        )
        self._session.add(kept)
        with journal.put_off(self._session) as told:
            self._session.flush()
        rows = [
            {
                "run_id": kept.id,
                "line": outcome.line,
                "verdict": outcome.verdict,
                "client_id": outcome.client_id,
                "said": outcome.said()[:1000],
            }
            for outcome in outcomes
        ]
        if rows:
            self._session.execute(insert(ImportRow), rows)
        journal.write(self._session(), [*self._untold, *told])
        return kept


def report(done: Import) -> tuple[list[str], list[list[Any]]]:
    """Titles and rows of the file that tells what became of each row."""
    titles = [_("Line"), _("Verdict"), title_of("name"), _("Client no."), _("What")]
    rows: list[list[Any]] = [
        [each.line, str(NAMES[each.verdict]), each.name, each.client_id, each.said()]
        for each in done.outcomes
    ]
    return titles, rows + ([[None, "", "", None, done.left_unread()]] if done.unread else [])

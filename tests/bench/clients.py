"""Clients with what hangs on them, from their first entry in the journal to what they are now."""

from random import Random
from typing import NamedTuple

from crmadmin.rules.names import folded
from tests.bench import words
from tests.bench.chains import Chains, Field, Moment, Signer, Subject, became, canonical, pointed
from tests.bench.moments import at, moment
from tests.bench.plan import Plan, has_curator, has_email, own_telephones
from tests.bench.tables import BY_LINES, Rows
from tests.bench.world import Colleague, World

_INN = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_FOUND = ("name", "legal_name", "inn", "ogrn", "city", "site")
_CODES = ("903", "905", "906", "909", "910", "915", "916", "917", "919", "920", "925", "926", "929", "985")
_SHAPES = ("+7 ({}) {}-{}-{}", "8 {} {}-{}-{}", "8({}){}{}{}", "+7{}{}{}{}")


class Life(NamedTuple):
    """What is known of a client once it is there."""

    row: list[object]
    by: Signer
    since: Moment


class Clients:
    """Makes the clients of one process, and keeps what changes until the last act is over."""

    def __init__(self, plan: Plan, world: World, chains: Chains, dice: Random) -> None:
        self.plan, self.world, self.chains, self.dice = plan, world, chains, dice
        self.lives: dict[int, Life] = {}
        self.curators: dict[int, Colleague] = {}
        self.periods: dict[int, tuple[int, Moment, str]] = {}
        self.persons: dict[int, list[bytes]] = {}  # what the journal says of each contact person
        self.archived: dict[int, Moment] = {}

    def created(self, client: int, second: int, period: int, rows: Rows) -> None:
        now, id = moment(second), client + 1
        curator = self.dice.choice(self.world.managers) if has_curator(client) else None
        by = (curator or self.world.head).signer
        row, fields = self._card(client)
        self.lives[client] = Life(row, by, now)
        self._told(rows, id, Subject("client_created", "client", id), now, by, fields)
        self._lines(client, row, rows)
        if curator:
            self._curated(client, curator, period, now, "", by, rows)
        self._people(client, rows)

    def handed_over(self, client: int, second: int, period: int, rows: Rows) -> None:
        now, by, id = moment(second), self.world.head.signer, client + 1
        old = self.curators[client]
        number, since, reason = self.periods[client]
        rows["curator_period"].append(
            (number, id, old.signer.id, since.kept, now.kept, reason, by.id, by.name)
        )
        left: Field = b"curator_id", b"[" + old.curator + b",null]"
        self._told(rows, id, Subject("curator_ended", "curator_period", number), now, by, [left])
        new = self.dice.choice([each for each in self.world.managers if each is not old])
        self._curated(client, new, period, now, "Выравнивание загрузки", by, rows)

    def archive(self, client: int, second: int, rows: Rows) -> None:
        now, life = moment(second), self.lives[client]
        self.archived[client] = now
        what = Subject("client_archived", "client", client + 1)
        self._told(rows, client + 1, what, now, life.by, [at(b"archived_at", now)])

    def ended(self, client: int, last: tuple[object, ...], rows: Rows) -> None:
        """The client's own row, its open period and the end of its chain."""
        life, id, curator = self.lives[client], client + 1, self.curators.get(client)
        row, extra = life.row[:-1], life.row[-1]
        put_away = self.archived.get(client)
        row[15] = curator.signer.id if curator else None
        rows["client"].append((*row, put_away.kept if put_away else None, life.since.kept, *last, extra))
        if curator:
            number, since, reason = self.periods[client]
            by = self.world.head.signer if reason else life.by
            rows["curator_period"].append(
                (number, id, curator.signer.id, since.kept, None, reason, by.id, by.name)
            )
        number, sealed = self.chains.ends[id]
        rows["journal_head"].append((id, number, sealed.hex()))

    def _told(self, rows: Rows, id: int, what: Subject, now: Moment, by: Signer, fields: list[Field]) -> None:
        rows["journal_entry"].append(self.chains.entry(id, what, (now, now), by, fields))

    def _curated(
        self, client: int, curator: Colleague, period: int, now: Moment, why: str, by: Signer, rows: Rows
    ) -> None:
        self.curators[client], self.periods[client] = curator, (period, now, why)
        fields: list[Field] = [(b"curator_id", b"[null," + curator.curator + b"]")]
        if why:
            fields.append(became("reason", why))
        what = Subject("curator_started", "curator_period", period)
        self._told(rows, client + 1, what, now, by, fields)

    def _card(self, client: int) -> tuple[list[object], list[Field]]:
        """The row up to ``rhythm_days`` with its search text behind, and what the journal says of it."""
        dice, world = self.dice, self.world
        region, group = dice.choice(world.regions), world.groups[self.plan.groups[client]]
        industry, channel = dice.choice(world.industries), dice.choice(world.channels)
        friend = client // 2 if client % 33 == 1 and not is_person(client // 2) else None
        said: dict[str, object] = {"name": name_of(client), "city": dice.choice(words.CITIES)}
        if is_person(client):
            said["kind"] = "person"
        else:
            said |= _company(client, region.code)
        if client % 10 < 3:
            said["remember"] = dice.choice(words.REMEMBER)
        if client % 49 == 5:
            said["rhythm_days"] = 7 + client % 60
        said["address"] = f"{said['city']}, ул. {dice.choice(words.STREETS)}, {client % 190 + 1}"
        fields = [became(name, value) for name, value in said.items()]
        fields += [each.field for each in (region, group, industry, channel)]
        if friend is not None:
            fields.append(pointed("recommended_by_id", friend + 1, name_of(friend)))
        names = ("kind", "name", "name_fold", "legal_name", "inn", "kpp", "ogrn")
        row: list[object] = [client + 1, *(said.get(name, "") for name in names), industry.id, region.id]
        row[3] = folded(str(said["name"]))
        row += [said.get(name, "") for name in ("city", "address", "site", "remember")]
        row += [group.id, None, channel.id, None if friend is None else friend + 1, said.get("rhythm_days")]
        found = " ".join(str(said[name]) for name in _FOUND if name in said)
        return [*row, found], sorted(fields)

    def _lines(self, client: int, row: list[object], rows: Rows) -> None:
        """Telephones and e-mails of the client's own; they are found by the client's search text."""
        life, id = self.lives[client], client + 1
        found = [str(row[-1])]
        for place in range(own_telephones(client)):
            number = self.plan.telephones[client] + place + 1
            found.append(self._telephone(number, client, None, place, rows))
        if has_email(client):
            address, number = f"zakaz{id}@firma{client % 977}.ru", self.plan.emails[client] + 1
            rows["email_address"].append((number, id, None, address, address, 0))
            self._typed("email_address", number, address, life, id, rows)
            found.append(address)
        row[-1] = folded(" ".join(found))

    def _people(self, client: int, rows: Rows) -> None:
        life, id, plan = self.lives[client], client + 1, self.plan
        here = range(plan.persons[client], plan.persons[client + 1])
        email = plan.emails[client] + has_email(client)
        known = self.persons[client] = []
        for place, number in enumerate(here):
            name, title = words.person(self.dice), self.dice.choice(words.TITLES)
            fields = [became("job_title", title), became("name", name)]
            what = Subject("contact_person_created", "contact_person", number + 1)
            self._told(rows, id, what, life.since, life.by, fields)
            telephone = plan.telephones[client] + own_telephones(client) + place + 1
            found = [name, title, self._telephone(telephone, client, number + 1, 0, rows)]
            if number % 4 == 0:
                email += 1
                address = f"person{number + 1}@firma{client % 977}.ru"
                rows["email_address"].append((email, id, number + 1, address, address, 0))
                self._typed("email_address", email, address, life, id, rows)
                found.append(address)
            told = folded(" ".join(found))
            if BY_LINES:
                life.row[-1] = f"{life.row[-1]}\n{told}"
                told = f"{told}\n{life.row[3]}"
            row = (number + 1, id, name, folded(name), title, "", life.since.kept, told)
            rows["contact_person"].append(row)
            known.append(canonical({"id": number + 1, "name": name}))

    def _telephone(self, number: int, client: int, person: int | None, place: int, rows: Rows) -> str:
        code = _CODES[number % len(_CODES)]
        digits = f"{2_000_000 + number * 104_729 % 7_999_999}"
        typed = _SHAPES[number % len(_SHAPES)].format(code, digits[:3], digits[3:5], digits[5:])
        e164 = f"+7{code}{digits}"
        rows["telephone"].append((number, client + 1, person, typed, e164, digits[-4:], place))
        self._typed("telephone", number, typed, self.lives[client], client + 1, rows)
        return e164[1:]

    def _typed(self, table: str, number: int, typed: str, life: Life, id: int, rows: Rows) -> None:
        what = Subject("client_changed", table, number)
        self._told(rows, id, what, life.since, life.by, [became("typed", typed)])


def is_person(client: int) -> bool:
    return client % 50 == 7


def name_of(client: int) -> str:
    return words.person(Random(client)) if is_person(client) else words.company(client)


def _company(client: int, region: str) -> dict[str, object]:
    inn = f"{region}{client:07}"
    inn += str(sum(weight * int(digit) for weight, digit in zip(_INN, inn, strict=True)) % 11 % 10)
    ogrn = f"1{client % 20 + 2:02}{region}{client:07}"
    return {
        "kind": "company",
        "legal_name": f"{words.FORMS[client % len(words.FORMS)]} «{words.company(client)}»",
        "inn": inn,
        "kpp": f"{region}0101001",
        "ogrn": ogrn + str(int(ogrn) % 11 % 10),
        "site": f"firma{client}.ru",
    }

"""What is asked: every page that SPEC's budgets name, and those people wait for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from sqlalchemy import func, select

from crmadmin.core.db import db
from models import Client, ClientGroup, Interaction, InteractionKind, Region, Telephone, User
from tests.bench.asking import Answer, Browser
from tests.bench.world import ADMIN, HEAD, MANAGER
from tests.views.forms import Form
from views.admin.clients import ClientView
from views.admin.lists import DEEPEST

PAGE = 0.050
BYTES = 100 * 1024

Ask = Callable[[Browser], Answer]


class Page(NamedTuple):
    """``ask`` is an address, or an act of which only the last answer counts."""

    name: str
    ask: str | Ask
    budget: float = PAGE
    times: int = 40
    weighs: bool = True  # a page, whose bytes have a budget; a file has none
    first_byte: float | None = None
    may_lack: bool = False  # a page of a later day: left out while there is none
    by: str = ADMIN  # the login of who asks


@dataclass(frozen=True)
class Known:
    """Rows of the filled database that the addresses name."""

    client: int
    longest: int
    group: int
    region: int
    part: int  # of the country: a region with regions in it
    curator: int
    kind: int
    telephone: str
    person: str


def known() -> Known:
    """Looked up, so that the same addresses are asked on both databases."""
    most = select(Interaction.client_id).group_by(Interaction.client_id).order_by(func.count().desc())
    region = db.scalars(select(Region).where(Region.code == "77")).one()
    manager = db.scalars(select(User).where(User.login == MANAGER)).one()
    typical = select(Client.id).join(Client.group).where(ClientGroup.code == "promising", Client.id > 100)
    return Known(
        client=db.scalars(typical.order_by(Client.id).limit(1)).one(),
        longest=db.scalars(most.limit(1)).one(),
        group=db.scalars(select(ClientGroup.id).where(ClientGroup.code == "key")).one(),
        region=region.id,
        part=region.parent_id or region.id,
        curator=manager.id,
        kind=db.scalars(select(InteractionKind.id).where(InteractionKind.code == "meeting")).one(),
        telephone=db.scalars(select(Telephone.e164).order_by(Telephone.id).offset(100).limit(1)).one()[1:],
        person="Воробьёва Ксения",
    )


def pages(at: Known) -> list[Page]:
    return [
        *_clients(at),
        *_interactions(at),
        *_others(at),
        *_cards(at),
        *_days(at),
        *_reports(at),
        *_later(at),
        *_files(),
    ]


def _clients(at: Known) -> list[Page]:
    columns = ClientView.column_list
    last, coming = columns.index("last_contact_at"), columns.index("next_contact_at")
    deepest = DEEPEST // ClientView.page_size
    asked = {
        "first page": "",
        "second page": "?page=1",
        "last page reachable": f"?page={deepest}",
        "by last contact": f"?sort={last}",
        "by last contact, newest first": f"?sort={last}&desc=1",
        "by last contact, last page": f"?sort={last}&page={deepest}",
        "by next contact": f"?sort={coming}",
        "of a group": f"?group={at.group}",
        "of a region": f"?region={at.region}",
        "of a part of the country": f"?region={at.part}",
        "of a curator": f"?curator={at.curator}",
        "silent": "?silence=silent",
        "silent for long": "?silence=alarming",
        "of a curator, silent": f"?curator={at.curator}&silence=silent",
        "next contact within a week": "?next_contact=week",
        "next contact overdue": "?next_contact=overdue",
        "archived": "?archived=1",
        "group, region, silent": f"?group={at.group}&region={at.part}&silence=silent",
        "search мост": "?search=мост",
        "search мост, by last contact": f"?search=мост&sort={last}",
        "search two words": "?search=групп северстрой",
        "search a person there": f"?search={at.person}",
        "search a telephone": f"?search=8 ({at.telephone[1:4]}) {at.telephone[4:7]}-{at.telephone[7:]}",
        "search four digits": f"?search={at.telephone[-4:]}",
        "search one letter": "?search=о",
        "search without a hit": "?search=щщщщжж",
    }
    found = [Page(f"clients, {name}", f"/clients/{address}") for name, address in asked.items()]
    return [*found, Page("clients, picker мост", "/clients/ajax/lookup/?name=recommended_by&query=мост")]


def _interactions(at: Known) -> list[Page]:
    deepest = DEEPEST // 50
    asked = {
        "first page": "",
        "last page reachable": f"?page={deepest}",
        "of a kind": f"?kind={at.kind}",
        "of a person": f"?person={at.curator}",
        "of a month": "?from=2026-04-01&to=2026-04-30",
        "kind, person, month": f"?kind={at.kind}&person={at.curator}&from=2026-04-01&to=2026-04-30",
        "planned": "?state=planned",
        "of the longest client": f"?client={at.longest}",
        "search мост": "?search=мост",
        "search words of records": "?search=согласовал скидку",
        "search without a hit": "?search=щщщщжж",
        "with a result": "?result=1",
        "incoming contacts": "?direction=incoming&contact=1",
    }
    return [Page(f"interactions, {name}", f"/interactions/{address}") for name, address in asked.items()]


def _others(at: Known) -> list[Page]:
    return [
        Page("contact persons, first page", "/contact-persons/"),
        Page("contact persons, search a name", f"/contact-persons/?search={at.person}"),
        Page("contact persons, search мост", "/contact-persons/?search=мост"),
        Page("curators", "/curators/"),
        Page("groups", "/groups/"),
        Page("regions", "/reference/regions/"),
        Page("people", "/people/", may_lack=True),
    ]


def _cards(at: Known) -> list[Page]:
    turn = count(1)

    def record(ask: Browser) -> Answer:
        address = f"/interactions/new/?client={at.client}"
        typed = Form(ask.get(address).text).fields
        return _saved(ask, address, typed | {"kind": [str(at.kind)], "request": [f"Запись {next(turn)}"]})

    def change(ask: Browser) -> Answer:
        address = f"/clients/edit/?id={at.client}"
        typed = Form(ask.get(address).text).fields
        return _saved(ask, address, typed | {"remember": [f"Помнить {next(turn)}"]})

    return [
        Page("card", f"/clients/{at.client}"),
        Page("card of the longest client", f"/clients/{at.longest}"),
        Page("timeline of the longest client, of a kind", f"/clients/{at.longest}/timeline?kind={at.kind}"),
        Page("timeline of the longest client, by one", f"/clients/{at.longest}?person={at.curator}"),
        Page("form of a new client", "/clients/new/"),
        Page("form of a client", f"/clients/edit/?id={at.client}"),
        Page("form of a new interaction", f"/interactions/new/?client={at.client}"),
        Page("saving an interaction", record),
        Page("quick record with the longest client", _quick_record(at)),
        Page("saving a client", change),
    ]


def _quick_record(at: Known) -> Ask:
    turn = count(1)

    def quick(ask: Browser) -> Answer:
        address = f"/clients/{at.longest}/record"
        fields = re.findall(r'name="(csrf_token|once)" value="([^"]+)"', ask.get(address).text)
        typed = {"kind": at.kind, "request": f"Запись {next(turn)}", "follow": "7", "next_kind": at.kind}
        return _saved(ask, address, {name: [str(value)] for name, value in [*fields, *typed.items()]})

    return quick


def _saved(ask: Browser, address: str, typed: dict[str, list[str]]) -> Answer:
    answer = ask.post(address, typed)
    if answer.status != 302:
        raise RuntimeError(f"{address}: not saved, {answer.status}")
    return answer


def _days(at: Known) -> list[Page]:
    """What a day is begun with; a manager's own, and what the head sees of all."""
    asked = {
        "today": ("/", (MANAGER, HEAD)),
        "team history": ("/history/", (MANAGER,)),
        "team history of a person": (f"/history/?person={at.curator}", (MANAGER,)),
        "team history of a kind": (f"/history/?kind={at.kind}", (MANAGER,)),
        "team history of a group": (f"/history/?group={at.group}", (MANAGER,)),
        "team history of a month": ("/history/?from=2026-04-01&to=2026-04-30", (MANAGER,)),
        "who worked with the longest client": (f"/history/clients/{at.longest}", (MANAGER,)),
        "silence radar": ("/silence/", (MANAGER, HEAD)),
        "silence radar of a curator": (f"/silence/?curator={at.curator}", (HEAD,)),
        "silence radar of a group": (f"/silence/?group={at.group}", (HEAD,)),
        "silence radar of a part of the country": (f"/silence/?region={at.part}", (HEAD,)),
        "silence radar, third page": ("/silence/?page=2", (HEAD,)),
        "reasons to talk": ("/silence/talks", (HEAD,)),
        "calendar, a month": ("/calendar/", (MANAGER,)),
        "calendar, a week": ("/calendar/?view=week", (MANAGER,)),
        "calendar of all, a week": ("/calendar/?view=week&whose=all", (HEAD,)),
        "calendar of all, a month": ("/calendar/?whose=all", (HEAD,)),
        "promises": ("/promises/", (MANAGER, HEAD)),
        "promises kept": ("/promises/kept", (HEAD,)),
        "requests": ("/requests/", (MANAGER, HEAD)),
        "wishes": ("/wishes/", (MANAGER, HEAD)),
        "notices": ("/notices/", (MANAGER,)),
        "rules of groups": ("/groups/rules/", (HEAD,)),
        "substitutions": ("/substitutions/", (MANAGER,)),
        "handing over": ("/handover/", (HEAD,)),
    }
    return [
        Page(f"{name}, {by}" if len(people) > 1 else name, address, by=by)
        for name, (address, people) in asked.items()
        for by in people
    ]


def _reports(at: Known) -> list[Page]:
    """The draft of a report, and a report of ten thousand entries; the longest client has twice as many."""
    address = f"/clients/{at.longest}/report"

    def make(ask: Browser) -> Answer:
        draft = ask.get(f"{address}?from=2024-12-01&to=2026-05-31&for=inside").text
        answer = ask.post(address, Form(draft, "report-form").fields)
        if answer.status != 303:
            raise RuntimeError(f"{address}: not made, {answer.status}")
        return answer

    def draw(ask: Browser) -> Answer:
        draft = ask.get(address).text
        made = re.findall(rf"{address}\?number=(\d+)", draft)
        return ask.get(f"{address}?number={made[0]}")

    return [
        Page("draft of a report", f"/clients/{at.client}/report"),
        Page("report of 10,000 entries, made", make, 2.0, 3),
        Page("report of 10,000 entries, drawn", draw, 2.0, 3, weighs=False),
    ]


def _later(at: Known) -> list[Page]:
    asked = {
        "search in everything мост": ("/search?q=мост", PAGE),
        "search in everything ооо": ("/search?q=ооо", PAGE),
        "search in everything, words of records": ("/search?q=согласовал+скидку", PAGE),
        "search in everything, two words": ("/search?q=групп+северстрой", PAGE),
        "search in everything, four digits": ("/search?q=4729", PAGE),
        "search in everything, no hit": ("/search?q=щщщщжж", PAGE),
        "KPI of a month": ("/kpi/?from=2026-05-01&to=2026-05-31", 0.100),
        "KPI of a year": ("/kpi/?from=2025-01-01&to=2025-12-31", 0.200),
        "KPI of this month": ("/kpi/?period=2026-06", 0.100),
        "KPI of this year": ("/kpi/?period=2026", 0.200),
        "KPI of one manager": (f"/kpi/{at.curator}?from=2026-05-01&to=2026-05-31", 0.100),
        "rows behind a number": (f"/kpi/{at.curator}/rows?indicator=contacts&period=2026-05", PAGE),
        "who works with whom, a month": ("/kpi/matrix?period=2026-05", 0.100),
    }
    found = [Page(name, address, budget, may_lack=True, by=HEAD) for name, (address, budget) in asked.items()]
    after = Page("KPI of this month, after a record", _after_a_record(at), 0.100, 20, may_lack=True, by=HEAD)
    return [*found, after]


def _after_a_record(at: Known) -> Ask:
    """What the record has changed is counted again by whoever asks first."""
    record = _quick_record(at)

    def ask(browser: Browser) -> Answer:
        record(browser)
        return browser.get("/kpi/?period=2026-06")

    return ask


def _files() -> list[Page]:
    return [
        Page("CSV of all clients", "/clients/export/csv/", 1.5, 5, weighs=False, first_byte=0.1),
        Page("XLSX of all clients", "/clients/export/xlsx/", 60.0, 1, weighs=False),
    ]

"""Which columns, in which order, sorted by which: remembered for one person, the same rows for all."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.services.contacts import set_emails, set_telephones
from models import Client, JournalEntry, ListLayout
from models.kinds import ClientKind, Language, Role
from tests import factories as make
from tests.views.doors import screens, token_of
from tests.views.test_lists import names
from views.admin.clients import ClientView


def heads(page):
    found = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page.text, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", head).strip() for head in found]


def choose(ask, *columns, where="clients", **more):
    data = {"csrf_token": token_of(ask), "list": where, "column": list(columns), "url": f"/{where}/", **more}
    return ask.post("/lists/columns", data=data)


def test_columns_are_shown_as_they_were_chosen(session, signed_in):
    make.a_client(name="Ромашка", city="Пермь", inn="7707083893")
    ask = signed_in(make.a_user())
    assert choose(ask, "city", "inn", "group", "nonsense", "city").status_code == 302
    page = ask.get("/clients/")
    assert heads(page) == ["Client", "City", "INN", "Group"]
    assert "7707083893" in page.text
    other = heads(signed_in(make.a_user()).get("/clients/"))
    assert other[:2] == ["Client", "Group"]
    assert len(other) == len(ClientView.column_list)
    choose(ask, act="usual")
    assert heads(ask.get("/clients/")) == other
    assert session.scalars(select(ListLayout)).all() == []


def test_how_many_rows_a_page_has_is_remembered_and_an_address_says_its_own(session, signed_in):
    for _ in range(60):
        make.a_client()
    mine, other = signed_in(make.a_user()), signed_in(make.a_user())
    choose(mine, "group", page_size="20")
    assert len(names(mine.get("/clients/"))) == 20
    assert len(names(other.get("/clients/"))) == 50
    next_page = re.search(r'href="([^"]+)"[^>]*aria-label="Next page"', mine.get("/clients/").text)[1]
    address = next_page.replace("&amp;", "&")
    assert names(mine.get(address)) == names(other.get(address))
    for size in ("7", "x", "100000", ""):
        choose(mine, "group", page_size=size)
        assert len(names(mine.get("/clients/"))) == 50


def test_every_column_of_every_list_can_be_shown_at_the_same_price(app, session, signed_in, queries):
    """As many questions for two rows as for two hundred, with all columns at once."""
    viewer = make.a_user(Role.admin)
    ask, costs = signed_in(viewer), {}
    group, kind = make.a_client_group(), make.an_interaction_kind()
    for more in (2, 198):
        with make.together():
            for _ in range(more):
                client = make.a_client(group=group, curator=viewer, recommended_by=None)
                person = make.a_contact_person(client=client)
                set_telephones(person, "8 916 123-45-67")
                set_emails(person, "a@b.ru")
                made = make.an_interaction(client=client, kind=kind, person=viewer)
                made.participants, made.contact_persons = [viewer], [person]
        for view in screens(app):
            if not view.more_columns or view.url.startswith("/reference/"):
                continue
            choose(ask, *view.columns_on_offer(), where=view.endpoint)
            with queries().counting() as seen:
                page = ask.get(f"{view.url}/?page_size=200")
            assert len(heads(page)) == len(view.columns_on_offer()), view.url
            costs.setdefault(view.endpoint, []).append(len(seen))
    assert len(costs) >= 3
    for endpoint, (few, many) in costs.items():
        assert few == many, endpoint
        assert many <= 17, endpoint


@pytest.fixture
def mixed(session):
    people, groups = (
        [make.a_user(name=name) for name in "БА"],
        [make.a_client_group(position=n) for n in (2, 1)],
    )
    regions, industries = [make.a_region(position=1), make.a_region(position=1)], [make.an_industry()]
    with make.together():
        for n in range(30):
            make.a_client(
                name=f"К {n % 7}",
                group=groups[n % 2],
                curator=[None, *people][n % 3],
                region=[None, *regions][n % 3],
                industry=[None, *industries][n % 2],
                channel=None,
                city=["", "Пермь", "Уфа"][n % 3],
                kind=list(ClientKind)[n % 2],
                rhythm_days=[None, 7, 30][n % 3],
                remember=["", "пьёт чай", "любит море"][n % 3],
                last_contact_at=[None, clock.now() - timedelta(days=n)][n % 2],
            )
    rows = session.scalars(select(Client).order_by(Client.id)).all()
    tags = [make.a_tag(name_ru=name, position=n) for n, name in enumerate("ЯА")]
    for row in rows[::3]:
        set_telephones(row, f"+7 916 123-45-{row.id % 4:02}\n+7 800 555-35-35")
        set_emails(row, f"{'ба'[row.id % 2]}@пример.рф")
        row.tags, row.recommended_by = tags[: 1 + row.id % 2], rows[(1, 2, 4)[row.id % 3]]  # never itself
        row.last_contact_by = people[0]
    session.flush()
    return rows


KEYS = {
    "group": lambda row: (row.group.position, row.group.name_ru),
    "curator": lambda row: row.curator and (row.curator.name, row.curator.id),
    "region": lambda row: row.region and (row.region.position, row.region.name_ru),
    "industry": lambda row: row.industry and (row.industry.position, row.industry.name_ru),
    "channel": lambda row: row.channel and row.channel.position,
    "city": lambda row: row.city,
    "name": lambda row: row.name_fold,
    "last_contact_at": lambda row: row.last_contact_at,
    "next_contact_at": lambda row: row.next_contact_at,
    "silent_days": lambda row: row.last_contact_at or row.created_at,
    "created_at": lambda row: row.created_at,
    "silence": lambda row: (
        (row.rhythm_days or row.group.rhythm_days)
        and _days_of_silence(row) / (row.rhythm_days or row.group.rhythm_days)
    ),
    "last_contact_by": lambda row: row.last_contact_by and (row.last_contact_by.name, row.last_contact_by.id),
    "last_contact_kind": lambda row: None,
    "kind": lambda row: row.kind.value,
    **{name: lambda row, name=name: getattr(row, name) or None
       for name in ("legal_name", "inn", "kpp", "ogrn", "address", "site", "remember")},
    "telephones": lambda row: "; ".join(each.typed for each in row.telephones) or None,
    "emails": lambda row: "; ".join(each.typed for each in row.emails) or None,
    "tags": lambda row: "; ".join(tag.name for tag in row.tags) or None,
    "recommended_by": lambda row: (
        row.recommended_by and (row.recommended_by.name_fold, row.recommended_by.id)
    ),
    "rhythm_days": lambda row: row.rhythm_days,
}  # fmt: skip


def _days_of_silence(row):
    at = clock.now().replace(second=0, microsecond=0)
    return (at - (row.last_contact_at or row.created_at)).total_seconds() / 86_400


@pytest.mark.parametrize("desc", [False, True])
@pytest.mark.parametrize("sort", ClientView.sorts)
def test_a_list_is_sorted_by_any_column_that_says_so(session, signed_in, mixed, sort, desc):
    """What has no value last in either direction, whether the column is shown or not."""
    wanted = plain_order(mixed, sort, desc)
    page = signed_in(make.a_user()).get(f"/clients/?sort={sort}{'&desc=1' if desc else ''}")
    assert [int(id) for id in re.findall(r'<tr id="r(\d+)"', page.text)] == wanted


def plain_order(rows, sort, desc):
    key = KEYS[sort]
    known = sorted(
        (row for row in rows if key(row) is not None), key=lambda row: (key(row), row.id), reverse=desc
    )
    empty = sorted((row for row in rows if key(row) is None), key=lambda row: row.id, reverse=desc)
    return [row.id for row in [*known, *empty]]


def test_a_file_of_what_is_shown_says_in_words_what_is_drawn(session, signed_in, noon):
    group = make.a_client_group(rhythm_days=12)
    make.a_client(name="Ромашка", city="Пермь", region=make.a_region(name_en="Perm Krai"), group=group,
                  last_contact_at=noon - timedelta(days=3, hours=2))  # fmt: skip
    page = signed_in(make.a_user(Role.head)).get("/clients/export/csv/?columns=shown")
    titles, row = csv.reader(io.StringIO(page.text.lstrip("\ufeff")), delimiter=";")
    told = dict(zip(titles, row, strict=True))

    assert told["Days without a contact"] == "3"
    assert "Silence" not in told
    assert (told["City"], told["Region"]) == ("Пермь", "Perm Krai")


def test_a_file_has_exactly_the_columns_that_are_shown(session, signed_in):
    me = make.a_user(Role.head)
    client = make.a_client(name="Ромашка", city="Пермь", curator=me)
    set_telephones(client, "8 916 123-45-67\n8 342 212-34-56")
    session.commit()
    ask = signed_in(me)
    choose(ask, "city", "telephones", "silent_days", "curator")
    rows = list(
        csv.reader(
            io.StringIO(ask.get("/clients/export/csv/?columns=shown").text.lstrip("\ufeff")), delimiter=";"
        )
    )
    assert rows[0] == heads(ask.get("/clients/"))
    assert rows[1][:2] == ["Ромашка", "Пермь"]
    assert "8 342 212-34-56" in rows[1][2]
    assert rows[1][3:] == ["0", me.name]
    told = session.scalars(select(JournalEntry).where(JournalEntry.kind == "export")).one()
    assert told.data["columns"] == [None, ["name", "city", "telephones", "silent_days", "curator"]]


def test_every_column_of_a_list_that_is_taken_out_has_a_value_in_the_file(app):
    with app.test_request_context():
        for view in screens(app):
            if view.export_right is not None:
                told = view.shown_values().keys() | view.told_in_several
                assert set(view.columns_on_offer()) <= told, view.url


def test_a_list_says_on_paper_what_it_is(session, signed_in):
    group = make.a_client_group(name_en="Key")
    make.a_client(group=group)
    page = signed_in(make.a_user()).get(f"/clients/?group={group.id}").text
    printed = re.search(r'<p class="print-only">(.*?)</p>', page, re.DOTALL)[1]
    assert "02.03.2026" in printed
    assert "Group: Key" in printed


def test_each_reads_a_file_in_his_own_language_whoever_read_it_before(session, signed_in):
    """Names of reference data among them."""
    make.a_client(region=make.a_region(name_ru="Пермский край", name_en="Perm Krai"))
    for language, name in ((Language.ru, "Пермский край"), (Language.en, "Perm Krai")) * 2:
        page = signed_in(make.a_user(Role.head, language=language)).get("/clients/export/csv/")
        assert name in page.text

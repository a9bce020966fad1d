"""Who works with whom: clients down, people across, as a plain reader counts them."""

import re
from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from crmadmin.core import clock
from crmadmin.core.i18n import local
from models.kinds import InteractionState, Role
from tests import factories as make
from tests.views.kpi_reading import THIN, csv_of, json_of, table_of


@pytest.fixture
def head(session):
    return make.a_user(Role.head)


@pytest.fixture
def records(session):
    """Of forty clients and four people; some are no contacts, or are not held, or lie elsewhere in time."""
    dice = Random(3)
    people = [make.a_user(name=name) for name in ("Анна", "Борис", "Вера", "Глеб")]
    kind, mailing = make.an_interaction_kind(usual_minutes=17), make.an_interaction_kind(contact=False)
    clients = [make.a_client(name=f"Клиент {n:02}") for n in range(40)]
    return [
        make.an_interaction(
            client=dice.choice(clients),
            person=dice.choice(people),
            kind=dice.choice([kind, kind, kind, mailing]),
            minutes=dice.choice([None, 5, 30]),
            happened_at=clock.now() - timedelta(hours=dice.randrange(1, 60)),
            state=dice.choice([InteractionState.held] * 5 + [InteractionState.cancelled]),
            cancel_reason="x",
        )
        for _n in range(150)
    ]


def counted(records):
    held = [each for each in records if each.state == "held" and each.kind.contact]
    return [each for each in held if local(each.happened_at).month == 3]


def test_every_cell_is_what_a_plain_reader_counts(records, signed_in, head):
    rows = counted(records)
    many = Counter((row.client.name, row.person.name) for row in rows)
    minutes = Counter()
    for row in rows:
        minutes[row.client.name, row.person.name] += 17 if row.minutes is None else row.minutes
    of_client = Counter(row.client.name for row in rows)
    assert len(of_client) > 25

    ask = signed_in(head)
    found = {}
    names = []
    for page in range(2):
        header, *lines = table_of(ask.get(f"/kpi/matrix?page={page}"))
        for name, total, *cells in lines:
            names.append(name)
            assert int(total) == of_client[name]
            found |= {(name, who): int(cell) for who, cell in zip(header[2:], cells, strict=True) if cell}
    assert found == many
    assert [of_client[name] for name in names] == sorted(of_client.values(), reverse=True)

    told = csv_of(ask.get("/kpi/matrix/export/csv/"))[1:]
    assert {(row[0], row[1]): int(row[2]) for row in told} == many
    assert {(row[0], row[1]): int(row[3]) for row in told} == minutes
    assert list(dict.fromkeys(row[0] for row in told)) == names
    objects = json_of(ask.get("/kpi/matrix/export/json/"))["rows"]
    assert [[str(value) for value in each.values()] for each in objects] == told


def test_it_is_sorted_by_minutes_where_one_asks_so(records, signed_in, head):
    ask = signed_in(head)
    page = ask.get("/kpi/matrix?by=minutes").text
    minutes = [int(text.replace(THIN, "")) for text in re.findall(r"</th><td>\d+<small>([^ ]+) min", page)]
    assert len(minutes) == 25
    assert minutes == sorted(minutes, reverse=True)


def test_a_cell_leads_to_its_records(records, signed_in, head):
    ask = signed_in(head)
    cells = re.findall(r'<td class="heat-[1-5]"><a href="([^"]+)">(\d+)</a>', ask.get("/kpi/matrix").text)
    assert len(cells) > 25
    for address, many in cells[::7]:
        told = ask.get(address.replace("&amp;", "&")).text
        assert re.search(r'class="kpi-said"><strong>(\d+) ', told)[1] == many


def test_where_nobody_spoke_it_says_so(session, signed_in, head):
    assert "Nobody spoke with a client" in signed_in(head).get("/kpi/matrix?period=2001&page=7").text

"""What a page of a list weighs beside cached files."""

from datetime import timedelta

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.services.contacts import set_telephones
from models import Client, ClientGroup, Industry, Region, Tag
from models.kinds import Language, Role
from seeds import reference
from tests.factories import a_client, a_user

BUDGET = 100 * 1024


def full_rows(session, number):
    """As a department's list looks: long names, a person away or two, everything in every column."""
    reference.load(session)
    groups, industries, regions, tags = (
        list(session.scalars(select(each))) for each in (ClientGroup, Industry, Region, Tag)
    )
    people = [a_user(name=f"Александра Воскресенская {n}") for n in range(12)]
    for n in range(number):
        client = a_client(
            name=f"ООО «Северо-Западная верфь {n}»", city="Комсомольск-на-Амуре",
            group=groups[n % 3], industry=industries[n % len(industries)], region=regions[n % len(regions)],
            curator=people[n % 12], last_contact_at=clock.now() - timedelta(days=n % 90),
            next_contact_at=clock.now() + timedelta(days=n % 9 - 4), tags=tags[:2],
        )  # fmt: skip
        set_telephones(client, f"8 (4217) 55-{n:02}-11 доб. 12")
    session.commit()
    assert len(session.scalars(select(Client.id)).all()) == number


def test_fifty_full_rows_weigh_less_than_the_budget(session, signed_in):
    full_rows(session, 50)
    for role in (Role.head, Role.admin, Role.manager):
        page = signed_in(a_user(role, language=Language.ru)).get("/clients/")
        assert page.text.count('<tr id="r') == 50
        assert len(page.data) < BUDGET, role

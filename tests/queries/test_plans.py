"""Which index a long list is read from. SQLite only: what PostgreSQL does with a few rows says nothing."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from crmadmin.core import clock
from crmadmin.queries import history, kpi_clients, kpi_matrix, requests, today
from crmadmin.queries.choices import within_region
from crmadmin.queries.clients import group_of, is_archived
from crmadmin.queries.curators import clients_by_group, contacts_since, last_held
from crmadmin.queries.silence import by_curator, most_silent, region
from crmadmin.queries.timeline import Wanted, event_places, interaction_places, planned_ids
from crmadmin.rules.timeline import EVENT, Place
from models import Client, ClientGroup, Interaction, Region, User
from models.kinds import Role

BY_NAME = (Client.name_fold, Client.id)


pytestmark = pytest.mark.only_on("sqlite", why="PostgreSQL reads so few rows without any index")


def plan(session: Session, asked: Any) -> str:
    text = asked.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    steps: Sequence[Any] = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all()
    return "\n".join(step[-1] for step in steps)


@pytest.mark.parametrize(
    ("where", "index"),
    [
        (literal(1) == 1, "ix_client_name_fold"),
        (Client.group_id.in_([1]), "ix_client_group_id_name_fold"),
        (Client.industry_id.in_([1]), "ix_client_industry_id_name_fold"),
        (Client.curator_id.in_([1]), "ix_client_curator_id_name_fold"),
        (Client.region_id == 1, "ix_client_region_id_name_fold"),
    ],
)
def test_clients_by_name_are_read_from_an_index_alone(session: Session, where: Any, index: str) -> None:
    said = plan(session, select(Client.id).where(where, ~is_archived).order_by(*BY_NAME).limit(1001))
    assert f"COVERING INDEX {index}" in said
    assert "TEMP B-TREE" not in said


def test_a_region_without_regions_in_it_is_asked_for_as_one(session: Session) -> None:
    region = Region(code="r", name_ru="Край", name_en="Land")
    session.add(region)
    session.flush()
    asked = select(Client.id).where(within_region(Client.region_id, region.id)).order_by(*BY_NAME)
    assert "TEMP B-TREE" not in plan(session, asked)


def test_what_is_planned_with_a_client_is_found_without_its_past(session: Session) -> None:
    assert "ix_interaction_planned" in plan(session, planned_ids(Wanted(1)))


@pytest.mark.parametrize("before", [None, Place(clock.now(), EVENT, 5)])
@pytest.mark.parametrize("wanted", [Wanted(1), Wanted(1, person_id=2)])
def test_a_timeline_begins_where_its_page_does_and_reads_no_row_of_another_kind(
    session: Session, wanted: Wanted, before: Place | None
) -> None:
    talks = plan(session, interaction_places(wanted, before, 26))
    events = plan(session, event_places(wanted, before, 26))
    assert "INDEX ix_interaction_client_id_happened_at" in talks
    assert "INDEX ix_journal_entry_timeline" in events
    assert "TEMP B-TREE" not in talks + events
    if before is not None:
        assert "happened_at<" in talks
        assert "recorded_at<" in events


def test_the_numbers_of_curators_are_read_from_indexes_alone(session: Session) -> None:
    groups = session.scalars(select(ClientGroup)).all()
    for asked in (
        clients_by_group([1, 2], groups, clock.now()),
        contacts_since([1, 2], clock.now()),
        select(User.id, last_held()),
    ):
        said = plan(session, asked)
        assert "COVERING INDEX ix_client_curator" in said or "COVERING INDEX ix_interaction_person" in said


@pytest.mark.parametrize("where", [[], [Client.curator_id == 1], [region.in_([1, 2])]])
def test_the_silent_are_chosen_from_indexes_alone(session: Session, where: list[Any]) -> None:
    session.add_all(ClientGroup(code=f"g{n}", name_ru=f"Г{n}", rhythm_days=n) for n in (7, 30))
    session.flush()
    groups = session.scalars(select(ClientGroup)).all()
    for asked in (most_silent(groups, clock.now(), where, most=50), by_curator(groups, clock.now())):
        said = plan(session, asked)
        read = [line for line in said.splitlines() if line.startswith(("SEARCH client ", "SCAN client "))]
        assert len(read) > 5
        assert all("USING COVERING INDEX" in line for line in read), said


@pytest.mark.parametrize("before", [None, history.Place(clock.now(), 5)])
@pytest.mark.parametrize(
    ("where", "index"),
    [
        ([], "ix_interaction_state_happened_at (state=? AND "),
        ([Interaction.person_id.in_([1])], "ix_interaction_person_id_happened_at (person_id=? AND "),
        ([Interaction.kind_id.in_([1])], "ix_interaction_kind_id_happened_at (kind_id=? AND "),
        ([group_of(Interaction.client_id).in_([1])], "ix_interaction_state_happened_at (state=? AND "),
    ],
)
def test_the_feed_is_read_in_its_order_past_nothing_that_is_planned(
    session: Session, where: list[Any], index: str, before: Any
) -> None:
    indexed = bool(where) and "client" not in str(where[0])
    feed = history.feed(User(id=1, role=Role.head), where, clock.now(), before, indexed=indexed)
    held, off = (line for line in plan(session, feed).splitlines() if " interaction USING " in line)
    assert index in held
    assert "happened_at<" in held.replace("(happened_at,id)<", "happened_at<")
    assert "INDEX ix_interaction_cancelled" in off


def test_what_each_does_today_and_who_worked_with_a_client_is_counted_in_indexes(session: Session) -> None:
    now = clock.now()
    for asked in (history.plans_between(now, now), history.facts_between(now, now)):
        assert "COVERING INDEX ix_interaction_person_id_happened_at (person_id=? AND" in plan(session, asked)
    assert "COVERING INDEX ix_interaction_client_id_person_id" in plan(session, history.workers_of(1))


@pytest.mark.parametrize("by_minutes", [False, True])
def test_who_works_with_whom_is_counted_in_one_index(session: Session, by_minutes: bool) -> None:
    now = clock.now()
    assert "COVERING INDEX ix_interaction_spent (happened_at>? AND happened_at<?)" in plan(
        session, kpi_matrix.clients(now, now, by_minutes=by_minutes)
    )


def test_how_clients_stand_now_is_counted_in_the_index_of_each_curator(session: Session) -> None:
    session.add_all(ClientGroup(code=f"g{n}", name_ru=f"Г{n}", rhythm_days=n) for n in (7, 30))
    session.flush()
    groups = session.scalars(select(ClientGroup)).all()
    said = plan(session, kpi_clients.standing_now([1, 2], groups, clock.now()))
    read = [line for line in said.splitlines() if line.startswith(("SEARCH client ", "SCAN client "))]
    assert len(read) == 7
    for line in read:
        assert "COVERING INDEX ix_client_curator_id_group_id (curator_id=? AND group_id=? " in line or (
            "INDEX ix_client_own_rhythm" in line
        )


def test_requests_are_met_in_the_order_of_asking(session: Session) -> None:
    viewer = User(id=1, role=Role.head)
    group = group_of(Interaction.client_id).in_([1])
    for where, index in (
        ([], "ix_interaction_waiting"),
        ([group], "ix_interaction_waiting"),
        ([Interaction.person_id.in_([1])], "ix_interaction_unanswered_by_person"),
    ):
        said = plan(session, requests.listed(viewer, where, clock.now()).limit(51))
        assert f"INDEX {index}" in said
        assert "TEMP B-TREE" not in said


def test_what_waits_for_one_curator_is_found_by_his_clients_and_what_others_did_in_the_order_of_writing(
    session: Session,
) -> None:
    viewer = User(id=1, role=Role.manager)
    assert "INDEX ix_interaction_unanswered (client_id=?" in plan(
        session, today.unanswered(viewer, clock.now(), acting=False, most=10)
    )
    said = plan(session, today.by_others(viewer, clock.now(), most=10))
    assert "INDEX ix_interaction_recorded_at (recorded_at>?" in said
    acting = plan(session, today.to_contact(viewer, clock.now(), clock.now(), acting=True, most=10))
    assert "SCAN interaction" not in acting


def test_interactions_with_a_result_are_read_from_an_index_alone(session: Session) -> None:
    newest = (Interaction.happened_at.desc(), Interaction.id.desc())
    said = plan(session, select(Interaction.id).where(Interaction.result_id.in_([1])).order_by(*newest))
    assert "COVERING INDEX ix_interaction_result_id_happened_at" in said

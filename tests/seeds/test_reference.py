from sqlalchemy import func, select

from crmadmin.services.grouping_rules import check_conditions
from models import (
    AxisPoint,
    Channel,
    ClientGroup,
    DepartmentRule,
    GroupRule,
    Industry,
    InteractionKind,
    JournalEntry,
    Region,
    Result,
    Tag,
)
from models.kinds import Tone
from seeds import reference


def test_the_lists_of_a_sales_department_are_loaded(session):
    added = reference.load(session)

    counts = [session.scalar(select(func.count()).select_from(table)) for table in _TABLES]
    assert counts == [4, 21, 11, 12, 10, 102, 6, 11, 4, 8]
    assert added == sum(counts)


_TABLES = (
    ClientGroup,
    Industry,
    InteractionKind,
    Result,
    Channel,
    Region,
    Tag,
    DepartmentRule,
    GroupRule,
    AxisPoint,
)


def test_the_four_groups_have_their_colour_and_rhythm(session):
    reference.load(session)

    groups = session.scalars(select(ClientGroup).order_by(ClientGroup.position)).all()
    assert [(group.name, group.tone, group.rhythm_days) for group in groups] == [
        ("ключевые", Tone.green, 14),
        ("перспективные", Tone.blue, 30),
        ("потенциальные", Tone.orange, 60),
        ("архив", Tone.grey, None),
    ]


def test_every_subject_of_russia_lies_in_its_district(session):
    reference.load(session)

    regions = session.scalars(select(Region)).all()
    subjects = [region for region in regions if region.code.isdigit() and region.code != "99"]
    assert len(subjects) == 89
    assert _named(regions, "Пермский край").parent.name == "Приволжский федеральный округ"
    assert _named(regions, "Пермский край").parent.parent.name == "Россия"


def _named(rows, name):
    return next(row for row in rows if row.name == name)


def test_loading_again_adds_nothing_and_undoes_nothing(session):
    reference.load(session)
    call = session.scalar(select(InteractionKind).where(InteractionKind.code == "call"))
    call.name_ru, call.active, call.usual_minutes = "Телефонный разговор", False, 7
    session.flush()

    assert reference.load(session) == 0
    session.expire(call)
    assert (call.name_ru, call.active, call.usual_minutes) == ("Телефонный разговор", False, 7)


def test_a_row_that_is_missing_comes_into_its_place_in_the_tree(session):
    session.add(Region(code="ru", name_ru="Российская Федерация"))

    assert reference.load(session) == sum([4, 21, 11, 12, 10, 101, 6, 11, 4, 8])
    volga = session.scalar(select(Region).where(Region.code == "ru-volga"))
    assert volga.parent.name == "Российская Федерация"


def test_mailings_and_notes_are_no_contacts(session):
    reference.load(session)

    asked = select(InteractionKind.code).where(InteractionKind.contact.is_(False))
    assert set(session.scalars(asked)) == {"mailing", "note"}


def test_what_was_loaded_is_in_the_journal(session):
    reference.load(session)

    asked = select(func.count()).where(JournalEntry.kind == "client_group_created")
    assert session.scalar(asked) == 4


def test_rules_of_groups_lie_ready_switched_off_and_each_asks_for_what_there_is(session):
    reference.load(session)

    rules = session.scalars(select(GroupRule).order_by(GroupRule.position)).all()
    assert [rule.active for rule in rules] == [False] * 4
    for rule in rules:
        check_conditions(rule.conditions)
    for point in session.scalars(select(AxisPoint)):
        check_conditions(point.condition, of_points=True)

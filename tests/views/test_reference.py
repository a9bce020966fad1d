"""Reference data and groups: the admin's to change, everybody's to choose from."""

import pytest
from sqlalchemy import func, select

from models import ClientGroup, Industry, JournalEntry, Region
from models.kinds import Role, Tone
from tests.factories import a_client, a_client_group, a_region, a_user, an_industry, together
from tests.views.doors import a_row, screens
from tests.views.forms import filled, form_of
from tests.views.test_columns import choose, heads
from views.admin.reference import ReferenceView

LISTS = ["industries", "regions", "kinds", "results", "channels"]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("role", "status"), [(Role.manager, 403), (Role.head, 403), (Role.colleague, 403), (Role.admin, 200)]
)
def test_reference_data_is_the_admins(session, signed_in, name, role, status):
    ask = signed_in(a_user(role))
    for door in ("", "new/"):
        assert ask.get(f"/reference/{name}/{door}").status_code == status


@pytest.mark.parametrize("name", LISTS)
def test_the_admin_adds_changes_and_switches_off(app, session, signed_in, name):
    view = next(each for each in screens(app) if each.endpoint == name)
    ask, typed = signed_in(a_user(Role.admin)), {"code": "New.1", "name_ru": "Новое", "name_en": "New"}

    assert filled(ask, f"/reference/{name}/new/", **typed, active="y").status_code == 302
    row = session.scalars(select(view.model).where(view.model.code == "new.1")).one()
    changed = filled(ask, f"/reference/{name}/edit/?id={row.id}", name_ru="Иное", active=())
    assert changed.status_code == 302

    kept = session.scalars(select(view.model).where(view.model.id == row.id)).one()
    assert (kept.name_ru, kept.active) == ("Иное", False)
    found = ask.get(f"/reference/{name}/?search=new.1&active=0").text
    assert "new.1" in found


def test_codes_stay_out_of_the_lists_until_they_are_chosen(app, session, signed_in):
    ask = signed_in(a_user(Role.admin))
    for view in [each for each in screens(app) if isinstance(each, ReferenceView)]:
        a_row(view)
        shown = heads(ask.get(f"{view.url}/"))
        assert shown[0] == "Name", view.url
        assert ("Code" in shown) is (view.endpoint == "regions"), view.url
    choose(ask, "code", where="tags")
    assert heads(ask.get("/reference/tags/")) == ["Name", "Code"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name_ru", " "),
        ("code", "код"),
        ("position", "-1"),
        ("position", "9" * 20),
        ("parent", "999"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(session, signed_in, field, typed):
    data = {"code": "x1", "name_ru": "Имя", field: typed}
    answer = filled(signed_in(a_user(Role.admin)), "/reference/regions/new/", **data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert session.scalar(select(func.count()).select_from(Region)) == 0


@pytest.mark.parametrize(
    ("name_ru", "name_en", "code"),
    [
        ("Новая отрасль", "", "novaya-otrasl"),
        ("Новое", "New", "new"),
        ("名前", "", "industry"),
        ("IT", "", "it-2"),
    ],
)
def test_a_code_left_blank_is_made_of_the_name(session, signed_in, name_ru, name_en, code):
    an_industry(code="it")
    typed = {"name_ru": name_ru, "name_en": name_en, "code": ""}
    assert filled(signed_in(a_user(Role.admin)), "/reference/industries/new/", **typed).status_code == 302

    assert code in session.scalars(select(Industry.code)).all()


def test_a_code_is_there_once(session, signed_in):
    an_industry(code="it")
    ask = signed_in(a_user(Role.admin))
    for code in ("it", "IT"):
        answer = filled(ask, "/reference/industries/new/", code=code, name_ru="Другое")
        assert answer.status_code == 422
        assert "UNIQUE" not in answer.text
    assert session.scalar(select(func.count()).select_from(Industry)) == 1


def test_a_region_does_not_lie_in_itself(session, signed_in):
    outer = a_region()
    inner = a_region(parent=outer)
    answer = filled(signed_in(a_user(Role.admin)), f"/reference/regions/edit/?id={outer.id}", parent=inner.id)
    assert answer.status_code == 422
    assert 'id="parent-error"' in answer.text


def test_what_is_switched_off_is_offered_no_more_and_stays_where_it_is(session, signed_in):
    off = an_industry(active=False, name_en="Old industry")
    client = a_client(curator=(me := a_user()), industry=off)
    ask = signed_in(me)

    offered = form_of(ask.get("/clients/new/")).options["industry"]
    kept = form_of(ask.get(f"/clients/edit/?id={client.id}")).options["industry"]

    assert str(off.id) not in dict(offered)
    assert dict(kept)[str(off.id)] == "Old industry"


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_the_groups_and_how_many_are_in_each(session, signed_in, role):
    group = a_client_group(tone=Tone.teal, rhythm_days=14)
    for _ in range(3):
        a_client(group=group)
    page = signed_in(a_user(role)).get("/groups/").text
    assert f'<a href="/clients/?group={group.id}">3</a>' in page
    assert "tone-teal" in page
    assert ("/groups/edit/" in page) == (role is Role.admin)


def test_only_the_admin_changes_a_group(session, signed_in):
    group = a_client_group()
    for role in (Role.manager, Role.head, Role.colleague):
        assert signed_in(a_user(role)).get(f"/groups/edit/?id={group.id}").status_code == 403
    filled(signed_in(a_user(Role.admin)), f"/groups/edit/?id={group.id}", rhythm_days=21, tone="red")
    kept = session.scalars(select(ClientGroup)).one()
    assert (kept.rhythm_days, kept.tone) == (21, Tone.red)
    told = session.scalars(select(JournalEntry).where(JournalEntry.kind == "client_group_changed")).one()
    assert told.data["rhythm_days"] == [30, 21]


def test_each_list_costs_the_same_with_two_and_with_two_hundred(app, session, signed_in, queries):
    ask = signed_in(a_user(Role.admin))
    for view in (each for each in screens(app) if isinstance(each, ReferenceView)):
        costs: list[int] = []
        for more in (2, 198):
            with together():
                for _ in range(more):
                    a_row(view)
            with queries().counting() as seen:
                assert ask.get(f"{view.url}/").status_code == 200
            costs.append(len(seen))
        assert costs[0] == costs[1], "\n".join(seen)
        assert costs[1] <= 6

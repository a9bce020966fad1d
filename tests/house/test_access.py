"""Who may open what is one table that people read in review, and what the doors do is what it says."""

from pathlib import Path

from crmadmin.core.permissions import GRANTS, Permission
from models.kinds import Role
from tests.factories import a_user
from tests.house.doors import OPEN, address, doors

TABLE = Path(__file__).with_name("access.txt")
OPENED = {200, 302}


def test_every_door_is_in_the_table(app, tmp_path):
    written = tmp_path / TABLE.name
    written.write_text("".join(door.line() for door in doors(app)), encoding="utf-8")
    new, old = (path.read_text(encoding="utf-8").splitlines() for path in (written, TABLE))

    added = [f"+ {line}" for line in new if line not in old]
    gone = [f"- {line}" for line in old if line not in new]
    assert new == old, "\n".join([f"if it is meant: cp {written} {TABLE}", *gone, *added])


def test_no_door_is_open_that_is_not_there_any_more(app):
    assert OPEN.keys() <= {rule.endpoint for rule in app.url_map.iter_rules()}


def test_every_permission_opens_something_to_somebody():
    assert set(Permission) == frozenset().union(*GRANTS.values())
    assert GRANTS.keys() == set(Role)


def test_each_role_gets_in_where_the_table_says_so(app, session, signed_in):
    wrong: list[str] = []
    for role in Role:
        viewer = a_user(role)
        browser = signed_in(viewer)
        for door in doors(app):
            if door.why or "GET" not in door.methods:
                continue
            for where in address(app, door, viewer):
                status = browser.get(where).status_code
                expected = OPENED if role in door.roles() else {403} if door.permission else {403, 404}
                if status not in expected:
                    wrong.append(f"{role}: {where} answered {status}")

    assert not wrong, "\n".join(wrong)


def test_a_stranger_is_asked_to_sign_in_everywhere(app, session):
    wrong: list[str] = []
    owner, stranger = a_user(), app.test_client()
    for door in doors(app):
        if door.why:
            continue
        for where in address(app, door, owner):
            for method in door.methods.split():
                answer = stranger.open(where, method=method)
                asked = answer.status_code == 302 and answer.location.startswith("/login")
                if not (asked if method == "GET" else asked or answer.status_code in {400, 401, 403}):
                    wrong.append(f"{method} {where} answered {answer.status_code}")

    assert not wrong, "\n".join(wrong)

"""Pages that grow with what is done: of three rows and of thirty they ask the database as often."""

from datetime import date, timedelta

import pytest

from crmadmin.core import clock
from models.kinds import NoticeKind, PromiseState, Role
from tests import factories as make

DAY = timedelta(days=1)
FEW, MANY = 3, 30


@pytest.fixture
def cost_of(queries):
    """How many questions a page asks that shows something."""

    def cost(ask, address, shown):
        with queries().counting() as seen:
            page = ask.get(address)
        assert page.status_code == 200
        assert shown in page.text, address
        return len(seen), "\n".join(seen)

    return cost


@pytest.fixture
def growing(cost_of):
    """The page is asked for with few rows and with many, each made by ``one``; no question is added."""

    def grown(ask, address, one, shown, *, most):
        rows, costs = 0, []
        for wanted in (FEW, MANY):
            with make.together():
                for n in range(rows, wanted):
                    one(n)
            rows = wanted
            costs.append(cost_of(ask, address, shown))
        assert costs[0][0] == costs[1][0] <= most, costs[1][1]

    return grown


def entry(noon, who):
    """Makes a plan, a fact and what comes again, each of another client, kind, group and curator."""

    def one(n):
        person = who or make.a_user()
        client = make.a_client(name="Ромашка", group=make.a_client_group(), curator=make.a_user())
        at, kind = noon + n % 8 * DAY, make.an_interaction_kind()
        make.a_plan(happened_at=at, person=person, client=client, kind=kind)
        make.an_interaction(happened_at=at, person=person, client=client, kind=kind)
        rule = {"rule": "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU", "starts_on": date(2026, 3, 3)}
        make.a_recurring_plan(person=person, client=client, kind=kind, **rule)

    return one


@pytest.mark.parametrize("view", ["day", "week", "month"])
@pytest.mark.parametrize("whose", ["", "other", "all"])
def test_a_calendar(signed_in, anna, noon, growing, view, whose):
    boris = make.a_user(name="Борис")
    person = {"": anna, "other": boris, "all": None}[whose]
    whose = boris.id if whose == "other" else whose
    address = f"/calendar/?view={view}&whose={whose}&on=2026-03-03"
    growing(signed_in(anna), address, entry(noon, person), "Ромашка", most=16)


@pytest.fixture
def acts_for_several(anna):
    """Makes a client of somebody who is away, and for whom Anna acts: for the one group, or for the rest."""

    def client(n):
        curator, group = make.a_user(), make.a_client_group(rhythm_days=5)
        absence = make.an_absence(person=curator)
        make.a_substitution(absence=absence, substitute=anna, group=None if n % 2 else group)
        if not n % 2:
            make.a_substitution(absence=absence)
        return make.a_client(name="Ромашка", curator=curator, group=group)

    return client


def test_today_of_whoever_substitutes(signed_in, anna, noon, growing, acts_for_several):
    def one(n):
        client = acts_for_several(n)
        make.a_plan(happened_at=noon - DAY, person=client.curator, client=client)
        make.a_promise(due_at=noon - DAY, person=client.curator, client=client)
        make.an_interaction(client=client, request="Пришлите акт", reaction="", happened_at=noon - DAY)
        make.a_wish(client=client, come_back_on=date(2026, 3, 2))

    growing(signed_in(anna), "/", one, "/record/plan/", most=32)


@pytest.mark.parametrize("whose", ["", "all"])
def test_the_calendar_of_whoever_substitutes(signed_in, anna, noon, growing, acts_for_several, whose):
    def one(n):
        client = acts_for_several(n)
        make.a_plan(happened_at=noon + n % 8 * DAY, person=client.curator, client=client)

    growing(signed_in(anna), f"/calendar/?whose={whose}", one, "data-plan", most=18)


def test_what_one_was_told(signed_in, anna, noon, growing):
    def one(n):
        told = {"by": "Борис", "text": "акт", "client": "Ромашка", "kind": {"en": "Call"}}
        due = {"at": noon.isoformat(), "late": bool(n % 2)}
        read = noon if n % 2 else None
        data = told | due if n % 3 else {}  # an older version told less: the words are by the client
        make.a_notice(person=anna, client=make.a_client(), kind=NoticeKind.contact_due, data=data,
                      at=noon - n * DAY, read_at=read)  # fmt: skip

    growing(signed_in(anna), "/notices/", one, "Ромашка", most=8)


def test_how_well_promises_are_kept(signed_in, noon, growing):
    def one(n):
        state = [PromiseState.kept, PromiseState.kept_late, PromiseState.broken][n % 3]
        make.a_promise(person=make.a_user(name="Борис"), due_at=noon - timedelta(hours=1), state=state,
                       settled_at=clock.now())  # fmt: skip

    growing(signed_in(make.a_user(Role.head)), "/promises/kept", one, "Борис", most=8)


def test_who_worked_with_a_client(signed_in, anna, noon, growing):
    client = make.a_client()

    def one(n):
        make.an_interaction(person=make.a_user(name="Борис"), client=client, happened_at=noon - n * DAY)

    growing(signed_in(anna), f"/history/clients/{client.id}", one, "Борис", most=10)

"""Rows by chance, of which a filter may find none, some or all."""

from datetime import timedelta
from random import Random

from sqlalchemy import select

from crmadmin.services.contacts import set_emails, set_telephones
from models import Absence, Client, ClientGroup, Interaction, Region, User
from models.kinds import ClientKind, Direction, InteractionState, Role
from tests import factories as make
from tests.views.plain import LISTS, in_hands

WORDS = ("Ромашка", "Василёк", "Ромашковый чай", "Клевер")


class Chance(Random):
    def maybe(self, made):
        return self.choice([None, *made])

    def moment(self, noon, days=60):
        return noon - timedelta(minutes=self.randrange(days * 1440))


def some_clients(chance, people, noon):
    groups = [make.a_client_group(rhythm_days=days, active=days != 30) for days in (7, 30, None)]
    country = make.a_region(active=chance.choice([True, False]))
    regions = [country, make.a_region(parent=country), make.a_region()]
    industries, channels = [make.an_industry()], [make.a_channel()]
    tags = [make.a_tag(), make.a_tag()]
    with make.together():
        return [
            make.a_client(
                name=f"{chance.choice(WORDS)} {n}",
                group=chance.choice(groups), curator=chance.maybe(people), region=chance.maybe(regions),
                industry=chance.maybe(industries), channel=chance.maybe(channels),
                kind=chance.choice(list(ClientKind)), rhythm_days=chance.maybe([5, 40]),
                inn=chance.maybe([f"77070838{n:02}"]) or "", created_at=chance.moment(noon),
                archived_at=chance.maybe([None, noon]), tags=chance.sample(tags, chance.randrange(3)),
            )
            for n in range(36)
        ]  # fmt: skip


def some_interactions(chance, people, clients, noon):
    kinds = [make.an_interaction_kind(contact=n > 0, active=n < 2) for n in range(3)]
    results = [make.a_result(), make.a_result()]
    with make.together():
        for _ in range(60):
            state = chance.choice(list(InteractionState))
            planned = state is InteractionState.planned
            when = chance.moment(noon, 80) + timedelta(days=20) if planned else chance.moment(noon)
            make.an_interaction(
                client=chance.choice(clients), kind=chance.choice(kinds), person=chance.choice(people),
                state=state, happened_at=when, recorded_at=chance.moment(noon),
                recorded_by=chance.choice(people),
                direction=chance.choice(list(Direction)),
                result=chance.maybe(results), minutes=chance.maybe([5]),
                cancel_reason="no" if state is InteractionState.cancelled else "",
            )  # fmt: skip


def some_persons(chance, clients, noon):
    with make.together():
        for _ in range(24):
            birthday = chance.maybe([noon.date() - timedelta(days=days) for days in range(9_000, 9_120, 3)])
            at = chance.moment(noon)
            person = make.a_contact_person(client=chance.choice(clients), birthday=birthday, created_at=at)
            set_telephones(person, chance.maybe(["8 916 123-45-67"]) or "")
            set_emails(person, chance.maybe(["a@b.ru"]) or "")


def some_absences(session, chance, people, boss, noon):
    """Somebody away, and the viewer acting for him with the clients of one group, of the rest, or of all."""
    for person in people[:2]:
        start = noon - timedelta(days=chance.randrange(3))
        absence = make.an_absence(person=person, starts_at=start, ends_at=noon + timedelta(days=2))
        make.a_substitution(absence=absence, substitute=chance.choice([boss, people[4]]))
        group = chance.choice(session.scalars(select(ClientGroup).order_by(ClientGroup.id)).all())
        make.a_substitution(absence=absence, substitute=chance.choice([boss, people[5]]), group_id=group.id)


def acted_for(session, boss):
    """For whom the viewer acts, and with which groups."""
    groups = set(session.scalars(select(ClientGroup.id)))
    away = {}
    for absence in session.scalars(select(Absence)):
        taken = {each.group_id for each in absence.substitutions}
        own = [each.group_id for each in absence.substitutions if each.substitute_id == boss.id]
        away[absence.person_id] = {group for each in own for group in ({each} if each else groups - taken)}
    return away


def some_rows(session, seed, noon):
    """Rows of which a filter may find none, some or all, within two months of now; and who looks at them."""
    chance = Chance(seed)
    boss = make.a_user(Role.admin, name="Клевер")
    people = [
        make.a_user(chance.choice(list(Role)), active=n != 3, name=f"{WORDS[n % 4]} {n}") for n in range(6)
    ]
    clients = some_clients(chance, people, noon)
    some_interactions(chance, people, clients, noon)
    some_persons(chance, clients, noon)
    some_absences(session, chance, people, boss, noon)
    session.commit()
    away = acted_for(session, boss)
    rows = {place: _all(session, model) for place, (model, _means) in LISTS.items()}
    for row in rows["clients"]:
        row.in_hands = in_hands(away, row)
    for row in rows["interactions"]:
        own_plan = row.state is InteractionState.planned and row.person_id == row.client.curator_id
        row.in_hands = own_plan and row.client.in_hands
    return rows, boss


def _all(session, model):
    """With all they point at: a request forgets the session they came from."""
    found = session.scalars(select(model)).all()
    for region in session.scalars(select(Region)):
        assert region.parent is not region
    for row in found:
        for name in dict(row.__mapper__.relationships):
            getattr(row, name)
    if model is User:
        clients = session.scalars(select(Client)).all()
        for user in found:
            user.its_clients = [client for client in clients if client.curator_id == user.id]
            held = select(Interaction.happened_at).where(
                Interaction.person_id == user.id, Interaction.state == InteractionState.held
            )
            user.its_last = max(session.scalars(held), default=None)
    return found

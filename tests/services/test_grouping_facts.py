"""The facts that rules of groups ask for agree with what one counts by hand, on random departments."""

from datetime import timedelta
from random import Random

import pytest

from crmadmin.core import clock
from crmadmin.queries.facts import FACTS
from crmadmin.services.grouping import Sorter
from models.kinds import ClientKind, InteractionState, PromiseSide, PromiseState
from tests.factories import (
    a_channel,
    a_client,
    a_client_group,
    a_contact_person,
    a_group_rule,
    a_promise,
    a_region,
    a_tag,
    a_user,
    an_interaction,
    an_interaction_kind,
)

NUMBERS = ("contacts_90", "contacts_365", "open_requests", "open_promises", "overdue_promises", "persons")


def of_everything():
    """A rule that asks for every fact, so that each is looked up."""
    asked = [
        {"fact": code, "is": "at_least", "value": 0}
        if fact.kind == "number"
        else {"fact": code, "is": "one_of", "value": [0]}
        for code, fact in FACTS.items()
    ]
    a_group_rule(conditions={"all": [{"any": asked}]})


def lived(rng, client, kinds, person):
    """What happens with a client, and what one would count."""
    now, counted = clock.now(), dict.fromkeys(NUMBERS, 0)
    for _each in range(rng.randrange(8)):
        state = rng.choice([*[InteractionState.held] * 3, *InteractionState])
        days = rng.choice([-3, 1, 60, 89, 91, 200, 364, 366])
        if state is InteractionState.held:
            days = abs(days)
        kind = rng.choice(kinds)
        said = {"request": rng.choice(["", "цены"]), "reaction": rng.choice(["", "отправили"])}
        row = an_interaction(
            client=client, kind=kind, person=person, state=state, happened_at=now - timedelta(days=days),
            cancel_reason="так" if state is InteractionState.cancelled else "", **said,
        )  # fmt: skip
        held = state is InteractionState.held
        counted["contacts_90"] += held and kind.contact and days <= 90
        counted["contacts_365"] += held and kind.contact and days <= 365
        counted["open_requests"] += bool(held and row.request and not row.reaction)
    for _each in range(rng.randrange(4)):
        is_open, side = rng.random() < 0.6, rng.choice(list(PromiseSide))
        due = now + timedelta(days=rng.choice([-2, 2]))
        settled = {} if is_open else {"state": PromiseState.kept, "settled_at": now}
        a_promise(client=client, person=person, side=side, due_at=due, **settled)
        counted["open_promises"] += is_open and side is PromiseSide.ours
        counted["overdue_promises"] += is_open and side is PromiseSide.ours and due < now
    for _each in range(rng.randrange(3)):
        gone = rng.random() < 0.3
        a_contact_person(client=client, archived_at=now if gone else None)
        counted["persons"] += not gone
    return counted


@pytest.mark.parametrize("of_everybody", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_numbers_agree_with_what_one_counts(session, seed, of_everybody):
    rng, person = Random(seed), a_user()
    kinds = [an_interaction_kind(), an_interaction_kind(contact=False)]
    clients = [a_client(curator=person) for _each in range(60)]
    counted = {client.id: lived(rng, client, kinds, person) for client in clients}
    of_everything()

    sorter = Sorter.now(of_everybody=of_everybody)
    for some in ([client.id for client in clients], [clients[0].id]):
        for each in sorter.subjects(some):
            facts = sorter.facts(each)
            assert {code: facts[code] for code in NUMBERS} == counted[each.id]


def test_what_is_chosen_of_a_list_is_a_set_and_a_region_lies_in_others(session):
    country, tag, channel = a_region(), a_tag(), a_channel()
    region = a_region(parent=country)
    client = a_client(kind=ClientKind.person, region=region, channel=channel, tags=[tag])
    of_everything()
    sorter = Sorter.now()
    (subject,) = sorter.subjects([client.id])
    facts = sorter.facts(subject)
    assert facts["region"] == {region.id, country.id}
    assert facts["tag"] == {tag.id}
    assert facts["channel"] == {channel.id}
    assert facts["client_kind"] == {"person"}
    assert facts["industry"] == frozenset()
    assert facts["group"] == {client.group_id}


def test_silence_is_of_the_group_one_would_be_in_unless_the_client_has_its_own_rhythm(session):
    slow, none = a_client_group(rhythm_days=40), a_client_group(rhythm_days=None)
    now = clock.now()
    client = a_client(group=a_client_group(rhythm_days=10), created_at=now - timedelta(days=20))
    own = a_client(group=none, rhythm_days=5, created_at=now - timedelta(days=20))
    of_everything()
    sorter = Sorter.now()
    first, second = sorter.subjects([client.id, own.id])
    said = [sorter.facts(first, group)["silence"] for group in (None, slow.id, none.id)]
    assert said == [2.0, 0.5, None]
    assert sorter.facts(second)["silence"] == 4.0
    assert sorter.facts(first)["days_since_contact"] == 20

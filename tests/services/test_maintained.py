"""The columns a client keeps of its interactions agree with a plain reading of the rows, whatever is done."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.kinds import InteractionState
from tests.factories import a_client, a_user, an_interaction, an_interaction_kind

ACTS = st.lists(
    st.tuples(
        st.integers(0, 1),  # which client
        st.sampled_from(list(InteractionState)),
        st.booleans(),  # of a contact kind?
        st.integers(-50, 50),  # hours from now
        st.sampled_from(["add", "change last", "cancel last"]),
    ),
    max_size=12,
)


@given(acts=ACTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_they_agree(session, noon, acts):
    person, kinds = a_user(), {True: an_interaction_kind(), False: an_interaction_kind(contact=False)}
    clients, rows = [a_client(), a_client()], []
    for which, state, contact, hours, act in acts:
        at = noon + timedelta(hours=hours)
        if act == "add" or not rows:
            reason = "так вышло" if state is InteractionState.cancelled else ""
            given = {
                "client": clients[which],
                "kind": kinds[contact],
                "person": person,
                "cancel_reason": reason,
            }
            rows.append(an_interaction(state=state, happened_at=at, planned_for=at, **given))
        elif act == "change last":
            rows[-1].kind, rows[-1].happened_at = kinds[contact], at
        else:
            rows[-1].state, rows[-1].cancel_reason = InteractionState.cancelled, "передумали"
        session.commit()

    for client in clients:
        own = [row for row in rows if row.client is client]
        held = [row for row in own if row.state is InteractionState.held and row.kind.contact]
        last = max(held, key=lambda row: (row.happened_at, row.id), default=None)
        plans = [row.happened_at for row in own if row.state is InteractionState.planned]
        in_memory = (client.last_contact_at, client.last_contact_kind_id, client.next_contact_at)
        session.refresh(client)
        assert in_memory == (client.last_contact_at, client.last_contact_kind_id, client.next_contact_at)
        assert client.last_contact_at == (last.happened_at if last else None)
        assert client.last_contact_by_id == (last.person_id if last else None)
        assert client.last_contact_kind_id == (last.kind_id if last else None)
        assert client.next_contact_at == min(plans, default=None)


def test_a_kind_that_ceases_to_be_a_contact_breaks_no_silence_any_more(session, noon):
    client, kind = a_client(), an_interaction_kind()
    an_interaction(client=client, kind=kind)
    kind.contact = False
    session.commit()
    session.refresh(client)

    assert client.last_contact_at is None

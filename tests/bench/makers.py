"""The rows of every second client, window by window: what one process makes."""

from collections.abc import Iterator
from random import Random

from tests.bench.chains import Chains
from tests.bench.clients import Clients
from tests.bench.plan import WINDOWS, Act, Plan
from tests.bench.tables import Rows, nothing
from tests.bench.talks import Talks
from tests.bench.world import World

SHARES = 2  # processes; the rows are the same however many run at once


def made(plan: Plan, world: World, share: int) -> Iterator[Rows]:
    """The rows of this share of the clients, in order of time; their own rows come last."""
    dice = Random(f"{share} of {SHARES}")
    chains = Chains(dice)
    clients = Clients(plan, world, chains, dice)
    talks = Talks(world, clients, chains, dice)
    period = spoken = 0
    for window in range(WINDOWS):
        rows = nothing()
        for second, client, act in plan.window(window):
            mine = client % SHARES == share
            if act is Act.spoken:
                spoken += 1
                if mine:
                    talks.spoken(client, second, spoken, rows)
                continue
            period += act is not Act.archived
            if not mine:
                continue
            if act is Act.created:
                clients.created(client, second, period, rows)
            elif act is Act.handed_over:
                clients.handed_over(client, second, period, rows)
            else:
                clients.archive(client, second, rows)
        yield rows
    yield from _clients(clients, talks)


def _clients(clients: Clients, talks: Talks, at_once: int = 5_000) -> Iterator[Rows]:
    rows = nothing()
    for client in sorted(clients.lives):
        clients.ended(client, talks.columns(client), rows)
        if len(rows["client"]) == at_once:
            yield rows
            rows = nothing()
    yield rows

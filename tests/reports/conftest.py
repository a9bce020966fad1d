"""A report, and the checker as somebody runs it who has nothing but the file and Python."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from crmadmin.reports.dispute import Audience, Order
from crmadmin.services import anchors, dispute
from models.base import language
from models.kinds import Role
from tests.factories import a_client, a_comment, a_user, an_interaction
from tests.reports.checking import CHECKER


@pytest.fixture
def client(session):
    language.set("en")
    client = a_client(name="Ромашка", curator=a_user())
    for number in range(4):
        an_interaction(client=client, request=f"Просьба {number}", note="Между нами")
    a_comment(client=client)
    for _ in range(6):
        a_client()
    return client


@pytest.fixture
def file(session, client) -> bytes:
    """Of a client and for it, with an anchor that knows all of its entries."""
    anchors.make()
    number = dispute.make(client, Order(Audience.client, dispute.seen_upto(client)), by=a_user(Role.head))
    return dispute.made(client, number).file


@pytest.fixture
def check(tmp_path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(file: bytes | dict, *words: str) -> subprocess.CompletedProcess[str]:
        path = tmp_path / "report.json"
        path.write_bytes(file if isinstance(file, bytes) else json.dumps(file).encode())
        command = [sys.executable, "-I", str(CHECKER), str(path), *words]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)

    return run

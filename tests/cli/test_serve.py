"""The server itself, started as a person starts it: on a port of its own and an empty database."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from crmadmin.cli.serve import listening
from crmadmin.core.config import ROOT
from tests.support import a_database, settings_for


def a_free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def started(words, port, settings):
    """How to start a command as a person starts it, who has set nothing but this."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
    given = {f"CRM_{name.upper()}": value for name, value in settings.items()}
    key = {"CRM_PORT": str(port), "CRM_SECRET_KEY": "only for tests, and long enough"}
    return {
        "args": [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        "cwd": ROOT,
        "env": kept | given | key,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "text": True,
    }


def run_to_its_end(*words, port, **settings):
    return subprocess.run(**started(words, port, settings), timeout=60, check=False)


@contextmanager
def running(*words, port, **settings):
    """The command while it serves; ended politely, which must succeed."""
    process = subprocess.Popen(**started(words, port, settings))
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=20)
        assert process.returncode == 0, told
        assert "Traceback" not in told
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def fetched(address, patience=20):
    """The answer, once there is one."""
    for _ in range(patience * 10):
        try:
            with urlopen(address, timeout=5) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nobody answers at {address}")


@pytest.fixture
def database(tmp_path):
    return a_database("serve", tmp_path)


def test_an_empty_database_is_made_ready_and_its_first_admin_invited(database):
    port = a_free_port()
    with running("serve", port=port, database_url=database) as process:
        where = process.stdout.readline().strip()
        assert where == f"http://127.0.0.1:{port}"
        link = re.search(r"http://\S+", process.stdout.readline()).group()

        assert fetched(f"{where}/readyz")[0] == 200
        status, headers, page = fetched(link)
        assert status == 200
        assert 'name="repeat"' in page
        assert "waitress" not in str(headers).lower()

        refused = run_to_its_end("serve", port=port, database_url=database)
        assert refused.returncode == 1
        assert len(refused.stderr.splitlines()) == 1
        assert str(port) in refused.stderr
        assert fetched(link)[0] == 200  # the second start did not make a new link


def test_behind_a_trusted_proxy_the_address_of_whoever_asks_is_the_one_it_tells(database):
    """Waitress by itself would drop what the proxy says."""
    for trusted, cleared in (((), True), (("127.0.0.0/8",), False)):
        settings = settings_for(database, trusted_proxies=trusted, port=a_free_port())
        server = listening(lambda _environ, _start: [], settings)
        assert server.adj.clear_untrusted_proxy_headers is cleared
        server.task_dispatcher.shutdown()
        server.close()


def test_a_database_that_does_not_answer_is_told_in_one_line_without_its_password():
    port, nowhere = a_free_port(), a_free_port()
    address = f"postgresql://crm:secret-word@127.0.0.1:{nowhere}/crm"
    answer = run_to_its_end("serve", port=port, database_url=address)
    assert answer.returncode == 1
    assert len(answer.stderr.splitlines()) == 1, answer.stderr
    assert "secret-word" not in answer.stderr
    assert str(nowhere) in answer.stderr

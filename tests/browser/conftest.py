"""The program as it is served, in a browser of the system's own: one filled installation a run."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from seeds.demo import LOGINS
from tests.support import a_database

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PATIENCE = 60  # seconds, on a machine that does other things too
expect.set_options(timeout=20_000)  # the same: five seconds are too few beside a second worker


@dataclass(frozen=True)
class Site:
    """Where the program is served, and who may sign in: a login and a password for each role."""

    url: str
    environment: dict[str, str]

    def person(self, role: str) -> tuple[str, str]:
        return next((login, password) for said, login, password in LOGINS if said == role)

    def flask(self, *words: str) -> str:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
    site = Site(
        f"http://127.0.0.1:{port}",
        inherited
        | {
            "CRM_DATABASE_URL": a_database("browser", folder),
            "CRM_SECRET_KEY": "only for the browser tests",
            "CRM_PORT": str(port),
            "CRM_LOCALE": "ru",
        },
    )
    site.flask("db", "upgrade")
    site.flask("seed", "reference")
    site.flask("seed", "demo")
    with (folder / "log").open("w") as log:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
        server = subprocess.Popen(command, cwd=ROOT, env=site.environment, stdout=log, stderr=log)
        try:
            _wait_for(site.url + "/readyz", server)
            yield site
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)
    said = (folder / "log").read_text()
    assert "Traceback" not in said, said


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, "the server stopped"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-gpu"]
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [*quiet, "--disable-dev-shm-usage"],
    }


@pytest.fixture(scope="session")
def signed_in_states(browser: Browser, site: Site) -> Callable[[str], dict[str, object]]:
    """Cookies of somebody of a role who has signed in, once a run: signing in is dear on purpose."""
    known: dict[str, dict[str, object]] = {}

    def state(role: str) -> dict[str, object]:
        if role not in known:
            context = browser.new_context(base_url=site.url, locale="ru-RU")
            page = context.new_page()
            sign_in(page, *site.person(role))
            known[role] = context.storage_state()
            context.close()
        return known[role]

    return state


def sign_in(page: Page, login: str, password: str) -> None:
    page.goto("/login")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)


@pytest.fixture
def open_as(
    browser: Browser, site: Site, signed_in_states: Callable[[str], dict[str, object]]
) -> Iterator[Callable[..., Page]]:
    """``open_as("head", width=390)``: a page of somebody signed in; whatever breaks the house rules fails."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(role: str | None, *, width: int = 1440, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=site.url,
            locale="ru-RU",
            viewport={"width": width, "height": 900 if width > 800 else 844},
            color_scheme="dark" if dark else "light",
            storage_state=signed_in_states(role) if role else None,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda sent: _must_be_ours(sent.url, site.url, wrong))
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not wrong


def _must_be_ours(address: str, ours: str, wrong: list[str]) -> None:
    if not address.startswith((ours, "data:", "blob:")):
        wrong.append(f"asked elsewhere: {address}")

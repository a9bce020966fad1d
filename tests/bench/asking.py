"""The bench's own browser: one connection kept open, one session, and a clock."""

import http.client
import re
import time
from typing import NamedTuple
from urllib.parse import quote, urlencode

from tests.bench.server import IN_DATABASE, QUERIES, WORK

TIMEOUT = 120
IDLE = 30.0  # seconds after which the server may have hung up


class Answer(NamedTuple):
    status: int
    body: bytes
    seconds: float
    first_byte: float
    queries: int
    in_database: float
    work: float
    location: str

    @property
    def text(self) -> str:
        return self.body.decode()


class Browser:
    """Asks one server, signed in once; files beside the page are not fetched: they are cached for a year."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        self.cookies: dict[str, str] = {}
        self.asked = 0.0

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, list[str]]) -> Answer:
        return self._ask("POST", path, urlencode(fields, doseq=True))

    def sign_in(self, login: str, password: str) -> None:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/login").text)
        if token is None:
            raise RuntimeError("the page for signing in has no form")
        typed = {"csrf_token": [token[1]], "login": [login], "password": [password]}
        if self.post("/login", typed).status != 302:
            raise RuntimeError("the bench was not let in")

    def close(self) -> None:
        self.connection.close()

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        if begun - self.asked > IDLE:
            self.connection.close()  # it opens by itself
        self.asked = begun
        self.connection.request(method, quote(path, safe="/?&=%+,"), body, headers)
        answer = self.connection.getresponse()
        first = answer.read(1)
        first_byte = time.perf_counter() - begun
        rest = answer.read()
        seconds = time.perf_counter() - begun
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        told = answer.headers
        return Answer(
            answer.status, first + rest, seconds, first_byte, int(told.get(QUERIES) or 0),
            float(told.get(IN_DATABASE) or 0), float(told.get(WORK) or 0), told.get("Location") or "",
        )  # fmt: skip

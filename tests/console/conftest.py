"""Browser of the console's pages in this process: keeps cookies, finds the token of forms."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.asgi import Answer, call
from understudy.app import Understudy, create_app
from understudy.core.world_names import CONTROL_PATH
from understudy.settings import Settings

CONSOLE = "/_understudy/console"
TOKEN = re.compile(r'name="csrf_token" value="(\w+)"|"X-CSRF-Token": "(\w+)"')


@dataclass(slots=True)
class Visitor:
    """Client of the pages with a jar of cookies."""

    understudy: Understudy
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, target: str, **more: Any) -> Answer:
        """Return the answer to a GET."""
        return self.send("GET", target, **more)

    def page(self, target: str, status: int = 200, **more: Any) -> str:
        """Return the text of a page."""
        answer = self.get(target, **more)
        assert (answer.status, answer.headers.get("content-type")) == (status, "text/html; charset=utf-8"), answer.body
        return answer.body.decode()

    def post(self, target: str, form: Mapping[str, str] | None = None, **more: Any) -> Answer:
        """Return the answer to a form that is sent with the token of the overview."""
        return self.send("POST", target, body=urlencode({"csrf_token": self.token(), **(form or {})}).encode(), **more)

    def token(self) -> str:
        """Return the token of forms."""
        found = TOKEN.search(self.get("/").body.decode())
        assert found
        return found[1] or found[2]

    def send(self, method: str, target: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> Answer:
        """Send a request with the cookies, and keep those of the answer."""
        given = {**self.headers, **(headers or {})}
        if self.cookies:
            given["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if more.get("body"):
            given.setdefault("content-type", "application/x-www-form-urlencoded")
        answer = call(self.understudy.asgi, method, target, headers=given, **more)
        for name, morsel in SimpleCookie(answer.headers.get("set-cookie", "")).items():
            self.cookies[name] = morsel.value
        return answer


@pytest.fixture
def visitor(understudy: Understudy) -> Visitor:
    """Visitor on this machine."""
    return Visitor(understudy)


@pytest.fixture(scope="session")
def guarded() -> Understudy:
    """Application with one vendor that requires a token."""
    return create_app(Settings(vendors=("ecdp",), token="open-sesame"))


def control(understudy: Understudy, method: str, path: str, body: Any = None) -> Answer:
    """Return the answer of the control API."""
    raw = b"" if body is None else json.dumps(body).encode()
    return call(understudy.asgi, method, CONTROL_PATH + path, headers={"content-type": "application/json"}, body=raw)


def control_json(understudy: Understudy, method: str, path: str, body: Any = None) -> Any:
    """Return the JSON of the control API's answer, which has to be a success, or ``None`` without a body."""
    answer = control(understudy, method, path, body)
    assert answer.status < 300, answer.body
    return answer.json if answer.body else None


def text_of(page: str) -> str:
    """Return the text of a page without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())

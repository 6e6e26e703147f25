"""Client of a server's control API."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from urllib.parse import quote, urlencode

from understudy.client.http_client import TIMEOUT, HttpClient
from understudy.client.verdict import Verdict
from understudy.core.json_types import Json
from understudy.core.media_types import JSON
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.world_names import CONTROL_PATH
from understudy.settings import check_token

UNAUTHORIZED = 401
METHOD = re.compile(r"[A-Z]+")


class Declined(Misconfigured):
    """Error of a request that the server has refused, with the response's status."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status


class Control:
    """Control API of a server, called over a connection that is kept open."""

    def __init__(self, root: str, token: str = "", timeout: float = TIMEOUT) -> None:
        """Use the server at ``root``, such as ``http://127.0.0.1:8080``, with the token that it was started with."""
        self._client = HttpClient(root, timeout)
        self.root = self._client.base
        if not isinstance(token, str):
            raise Misconfigured("the token is no text")
        self._headers = {"Authorization": f"Bearer {token}"} if check_token(token, "the token") else {}
        self.last_verdict: Verdict | None = None
        self.is_alone = False
        """True if nobody else uses the server, so that calls of no world are this client's doing."""

        self.expected_unrouted: set[int] = set()
        """Numbers of the unrouted calls that a test has expected."""

    def get(self, *path: str, **query: Any) -> Json:
        """Return the object at a path, given as its segments; query parameters that are None are left out."""
        return self.call("GET", *path, query=query)

    def rows(self, *path: str, **query: Any) -> list[Json]:
        """Return the list of objects at a path."""
        found = self._parse(self.text(*path, **query))
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise self._foreign()
        return found

    def unrouted_calls(self, after: int = 0) -> list[Json]:
        """Return the last calls that no world's journal has, oldest first: of no vendor, or no valid HTTP.

        Each has ``world``, the one that its path names, if it names any. ``after`` is a number of such a call.
        """
        return self.rows("unrouted-calls", after=after)

    def text(self, *path: str, **query: Any) -> str:
        """Return the body of the response for a path, as text."""
        return self.answer(*path, **query)[1]

    def answer(self, *path: str, **query: Any) -> tuple[Mapping[str, str], str]:
        """Return the headers, with names in lower case, and the body of the response for a path."""
        return self._send("GET", path, query)

    def call(self, method: str, *path: str, query: Mapping[str, Any] | None = None, body: Any = None) -> Json:
        """Call an operation and return the object of its response; ``{}`` for an empty response.

        Raises ``Declined`` with the server's reason if it refuses, ``Unreachable`` if no server answers.
        """
        found = self._parse(self._send(method, path, query or {}, body)[1] or "{}")
        if not isinstance(found, dict):
            raise self._foreign()
        return found

    def _parse(self, text: str) -> Any:
        try:
            return json.loads(text, object_hook=self._answer)
        except ValueError:
            raise self._foreign() from None

    def _answer(self, members: Json) -> Json:
        return Answer(members, self.root)

    def _foreign(self) -> Misconfigured:
        return Misconfigured(f"{self.root} does not answer as Understudy's control API: is another server there?")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _send(
        self, method: str, path: Sequence[str], query: Mapping[str, Any], body: Any = None
    ) -> tuple[Mapping[str, str], str]:
        if not METHOD.fullmatch(str(method)):
            raise Misconfigured(f"{method!r} is no method of HTTP: give one such as GET")
        if not all(path) or {*map(type, path)} - {str} or not all(map(_is_text, path)):
            raise Misconfigured(f"{'/'.join(map(str, path))!a}: each name and key is a text, and not empty")
        parameters = {name: _text(value) for name, value in query.items() if value is not None}
        target = "/".join((CONTROL_PATH, *(quote(part, safe="") for part in path))) + (
            f"?{urlencode(parameters)}" if parameters else ""
        )
        headers = self._headers if body is None else {**self._headers, "Content-Type": JSON}
        raw = b"" if body is None else _json(body).encode()
        status, answer_headers, answer = self._client.exchange(method, target, headers, raw)
        if status >= 400:
            known = _reason(answer)
            reason = known or f"{self.root} answers {status} to {method} {target}: is it a server of Understudy?"
            if status == UNAUTHORIZED and known:
                given = "takes another token" if self._headers else "takes calls only with its token"
                reason = f"{self.root} {given}: set UNDERSTUDY_TOKEN to the one that it was started with"
            raise Declined(status, reason)
        return answer_headers, answer.decode(errors="replace")


def _is_text(value: str) -> bool:
    """Return whether a text can be sent: it has no half of a surrogate pair."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


class MissingMember(Misconfigured, KeyError):  # noqa: N818 - a fact about an answer
    """Error of reading a member that an answer does not have."""

    __str__ = Exception.__str__  # without the quotes of a KeyError


class Answer(dict[str, Any]):
    """Object of an answer: a dictionary whose missing members are reported with the nearest one."""

    def __init__(self, members: Mapping[str, Any], root: str, what: str = "") -> None:
        super().__init__(members)
        self._what = what or f"the answer of {root}"
        self._shows_names = bool(what)

    def __missing__(self, name: str) -> Any:
        names = f" (there are {', '.join(self)})" if self._shows_names and self else ""
        raise MissingMember(f"{self._what} has no {name!r}{nearest(str(name), self)}{names}")


def _json(value: Any) -> str:
    try:
        return json.dumps(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise Misconfigured(f"cannot be sent as JSON: {error}") from None


def _reason(answer: bytes) -> str:
    """Return the title of a problem, after the place of its first violation if any; empty for any other body."""
    try:
        problem = json.loads(answer)
        places = [each["path"] for each in problem["violations"] if each["path"]]
        return ": ".join([*places[:1], problem["title"]])
    except (ValueError, LookupError, TypeError):
        return ""


def _text(value: Any) -> str:
    """Return a query parameter as text: a time in ISO 8601, any other value but text as JSON."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str) else _json(value)

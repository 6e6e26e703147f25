"""Search of a journal backwards, in steps: the exchanges that have a text, or that mention the key of a record."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from understudy.control.call_patterns import differences
from understudy.control.exchanges import RedactedExchange, media_type
from understudy.core.media_types import FORM
from understudy.core.steps import Steps
from understudy.state.journal import Exchange

ESCAPED = frozenset('"\\')
"""Characters that JSON writes by an escape."""

TEXTS_PER_STEP = 500

ESCAPES = (b"\\u", b"\\/")
"""Escapes by which JSON may write any other character."""


class ExchangeSearch:
    """Conditions on exchanges: a call pattern of plain properties, a method, a text, the key of a record."""

    def __init__(self, pattern: Mapping[str, Any]) -> None:
        """Take the query parameters that are given; ``text`` is found in any case, ``mentions`` as a whole value."""
        self._pattern = {
            name: pattern[name] for name in ("vendor", "operation", "status", "outcome") if name in pattern
        }
        self._method = pattern.get("method", "").upper()
        self._tests: list[Callable[[RedactedExchange], Steps[bool]]] = []
        self._sought: list[bytes] = []
        """Texts in lower case without which an exchange need not be parsed."""
        if text := pattern.get("text", "").lower():
            self._tests.append(lambda call: _any(_texts(call), lambda part: text in part.lower()))
            self._seek(text)
        if key := pattern.get("mentions", ""):
            self._tests.append(lambda call: _any(_values(call), lambda part: part == key))
            self._seek(key.lower())

    def _seek(self, text: str) -> None:
        """Have a text be looked for in what was sent, unless it may stand there in other bytes."""
        if text.isascii() and text.isprintable() and not ESCAPED.intersection(text):
            self._sought.append(text.encode())

    def fits(self, call: RedactedExchange) -> Steps[bool]:
        """Return whether all conditions hold of an exchange; only what is shown of it counts, not its credentials."""
        if self._method not in ("", call.exchange.method) or differences(self._pattern, call):
            return False
        if not all(_may_hold(call.exchange, sought) for sought in self._sought):
            return False
        if self._tests:
            yield from call.show_bodies()
        for test in self._tests:
            if not (yield from test(call)):
                return False
        return True


def _may_hold(exchange: Exchange, sought: bytes) -> bool:
    """Return whether an exchange can hold a text in lower case; most cannot, and need not be parsed."""
    target, sent, answered = exchange.path + b"?" + exchange.query, exchange.request_body, exchange.response_body
    if sought in (target + b"\n" + sent + b"\n" + answered).lower():
        return True
    if (b"%" in target or b"+" in target) and sought in unquote_to_bytes(target.replace(b"+", b" ")).lower():
        return True
    if sent and media_type(exchange.request_headers) == FORM:
        return True
    if any(escape in body for escape in ESCAPES for body in (sent, answered)):
        return True
    headers = (*exchange.request_headers, *exchange.response_headers)
    return any(sought in b": ".join(header).lower() for header in headers)


def _any(texts: Iterator[str], fits: Callable[[str], bool]) -> Steps[bool]:
    """Return whether any of these texts fits, in steps: a body may have many."""
    while part := list(islice(texts, TEXTS_PER_STEP)):
        if any(map(fits, part)):
            return True
        yield
    return False


def _texts(call: RedactedExchange) -> Iterator[str]:
    """Yield the texts of an exchange as they are shown: its path, bodies, and headers."""
    yield call.target
    yield unquote(call.target)
    yield call.request_body().text
    yield call.response_body().text
    for value in (call.request_value(), call.response_value()):
        yield from _scalars(value)
    for header in (*call.request_headers(), *call.response_headers()):
        yield f"{header['name']}: {header['value']}"


def _values(call: RedactedExchange) -> Iterator[str]:
    """Yield the whole values of an exchange: segments of its path, query parameters, scalars of its bodies."""
    yield from map(unquote, call.target.partition("?")[0].split("/"))
    yield from (value for _, value in call.query_pairs())
    for value in (call.request_value(), call.response_value()):
        yield from _scalars(value)


def _scalars(value: Any) -> Iterator[str]:
    """Yield the texts of the scalars in a JSON value."""
    places = [iter([value])]
    while places:
        for part in places[-1]:
            if isinstance(part, dict | list):
                places.append(iter(part.values() if isinstance(part, dict) else part))
                break
            if isinstance(part, str | int) and not isinstance(part, bool):
                yield str(part)
        else:
            places.pop()

"""Plugin of pytest that records which tests see an operation refuse or accept a request: ``-p tools.record_refusals``.

``UNDERSTUDY_REFUSALS`` names the JSON Lines file: one line ``[test, vendor, operation, status, message]`` for each. A
refusal by a rule or for missing permissions has its message; an accepted call over HTTP has none.
"""

import json
import os
import sys
from collections.abc import Iterator
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from understudy.core.refused import Cause, Refused
from understudy.state.journal import ACCEPTED, ExchangeMeta, Journal

PACKAGE = "understudy.vendors."
VARIABLE = "UNDERSTUDY_REFUSALS"
REFUSED = frozenset((Cause.RULE, Cause.CREDENTIALS))
SHOWN = 200
"""Characters of a refusal's body that are recorded as its message."""

_seen: dict[tuple[str, str, str, int], str] = {}
_running = [""]


def _operation(frame: FrameType | None) -> tuple[str, str]:
    """Return the vendor and the handler of the outermost frame that is in a vendor's operations."""
    found = ("", "")
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(PACKAGE) and ".operations." in module:
            found = (module.removeprefix(PACKAGE).partition(".")[0], frame.f_code.co_name)
        frame = frame.f_back
    return found


def _record(refused: Refused) -> None:
    vendor, operation = _operation(sys._getframe(2))  # noqa: SLF001 - the callers of the exception are what is asked for
    if operation:
        _seen.setdefault((_running[0], vendor, operation, refused.status), refused.message)


def _record_call(meta: ExchangeMeta, response: bytes) -> None:
    vendor, operation, status, outcome = meta[1], meta[2], meta[6], meta[9]
    if outcome in REFUSED:
        _seen.setdefault((_running[0], vendor, operation, status), response[:SHOWN].decode("utf-8", "replace"))
    elif outcome == ACCEPTED and status < 400:
        _seen.setdefault((_running[0], vendor, operation, status), "")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[Any]:
    """Note the test that runs."""
    _running[0] = item.nodeid
    return (yield)


def pytest_configure() -> None:
    """Record each refusal when it is made, and each call when it is answered."""
    make, record = Refused.__init__, Journal.record

    @wraps(make)
    def init(self: Refused, *arguments: Any, **values: Any) -> None:
        make(self, *arguments, **values)
        if self.cause in REFUSED:
            _record(self)

    @wraps(record)
    def recorded(self: Journal, meta: ExchangeMeta, request: bytes, response: bytes) -> None:
        record(self, meta, request, response)
        _record_call(meta, response)

    Refused.__init__ = init  # type: ignore[method-assign]
    Journal.record = recorded  # type: ignore[method-assign]


def pytest_sessionfinish() -> None:
    """Write what was recorded."""
    path = os.environ.get(VARIABLE)
    if path and _seen:
        lines = (json.dumps([*key, message]) for key, message in _seen.items())
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)

"""Plugin of pytest that records which tests see an operation refuse a request by a rule: ``-p tools.record_refusals``.

``UNDERSTUDY_REFUSALS`` names the JSON Lines file: one line ``[test, vendor, operation, status, message]`` for each.
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

PACKAGE = "understudy.vendors."
VARIABLE = "UNDERSTUDY_REFUSALS"

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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[Any]:
    """Note the test that runs."""
    _running[0] = item.nodeid
    return (yield)


def pytest_configure() -> None:
    """Record each refusal by a rule when it is made."""
    original = Refused.__init__

    @wraps(original)
    def init(self: Refused, *arguments: Any, **values: Any) -> None:
        original(self, *arguments, **values)
        if self.cause is Cause.RULE:
            _record(self)

    Refused.__init__ = init  # type: ignore[method-assign]


def pytest_sessionfinish() -> None:
    """Write what was recorded."""
    path = os.environ.get(VARIABLE)
    if path and _seen:
        lines = (json.dumps([*key, message]) for key, message in _seen.items())
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)

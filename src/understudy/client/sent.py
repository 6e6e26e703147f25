"""Messages and deliveries as a test asks for them, and the wait for them."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from understudy.client.control import Answer, Control
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured, nearest

POLL_SECONDS = 0.02
"""Pause before the first repeated question; it doubles up to ``MAX_POLL_SECONDS``."""

MAX_POLL_SECONDS = 0.5
MESSAGE = ("vendor", "at", "kind", "what")
"""Members of a message."""

Row = TypeVar("Row", bound=Json)


class RemoteDelivery(Answer):
    """Delivery as it was when it was read: ``state``, ``attempts``, ``body``, ``target`` and more, as a dictionary."""

    def __init__(self, control: Control, world: str, members: Mapping[str, Any]) -> None:
        super().__init__(members, control.root, f"delivery {members['id']}")
        self._control = control
        self._path = ("worlds", world, "deliveries", str(members["id"]))

    def show(self) -> "RemoteDelivery":
        """Return the delivery as it is now."""
        return RemoteDelivery(self._control, self._path[1], self._control.get(*self._path))

    def resend(self) -> "RemoteDelivery":
        """Send it again, in whatever state it is; return it as it is now."""
        return RemoteDelivery(self._control, self._path[1], self._control.call("POST", *self._path, "resend"))


def wait_for(read: Callable[[], Sequence[Row]], wait: float | None, at_least: int | None) -> list[Row]:
    """Return the rows that are read as soon as there are ``at_least`` so many, or ``wait`` seconds have passed.

    Without ``wait`` they are read once; without ``at_least`` one is enough.
    """
    seconds = _check_number("wait", wait, 0.0) or 0.0
    wanted = _check_number("at_least", at_least, 1)
    if at_least is not None and wait is None:
        raise Misconfigured("at_least has no use without wait: give the seconds to wait")
    end, pause = time.monotonic() + seconds, POLL_SECONDS
    while True:
        found = list(read())
        left = end - time.monotonic()
        if len(found) >= (wanted or 1) or left <= 0:
            return found
        time.sleep(min(pause, left))
        pause = min(2 * pause, MAX_POLL_SECONDS)


def _check_number(name: str, value: Any, low: float) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and low <= value < float("inf")
    if value is not None and not is_number:
        raise Misconfigured(f"{name} is {value!r}: give a number, {low:g} or more")
    return None if value is None else float(value)


def check_matching(matching: Any) -> None:
    """Raise ``Misconfigured`` for a pattern of messages that no message can fit."""
    if matching is None or callable(matching):
        return
    if not isinstance(matching, Mapping):
        raise Misconfigured(f"matching is {str(matching)[:100]!r}: give an object such as {{'kind': …}}, or a function")
    for name in matching:
        if name not in MESSAGE:
            raise Misconfigured(
                f"no message has {name!r}{nearest(str(name), MESSAGE)} (it has {', '.join(MESSAGE)}, its body in what)"
            )


def fits(matching: Any, message: Json) -> bool:
    """Return whether a message fits: a function is true of it, or it has all of an object in it."""
    if matching is None:
        return True
    return bool(matching(message)) if callable(matching) else _holds(message, matching)


def _holds(found: Any, wanted: Any) -> bool:
    """Return whether a value has another in it: objects may have more members, lists are equally long."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            name in found and _holds(found[name], part) for name, part in wanted.items()
        )
    if isinstance(wanted, list | tuple):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(_holds, found, wanted))
    return bool(found == wanted and isinstance(found, bool) == isinstance(wanted, bool))

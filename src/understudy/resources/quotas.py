"""Quotas: declared headers such as ``X-RateLimit-Remaining`` count the calls of a world, in hours of its clock."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from understudy.contract.compiled_operations import Operation, Response
from understudy.contract.parameters import InvalidParameter, Parameter
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.resources.resource import KEY
from understudy.resources.wrapped_calls import Answer, Call, then
from understudy.state.vendor_state import VendorState

QUOTA = "@quota"
"""Collection with the number of calls in the present window of the world's clock."""

USUAL_QUOTA = 1_000_000
"""Number of calls in a window unless a user sets another: so many that no test uses them up by chance."""

WINDOW = 3600
"""Seconds of a window."""

HEADER = re.compile(r"(?:x-)?(?:[a-z]+-)*?rate-?limit(?:-(?P<part>limit|remaining|reset|used|policy))?(?:-[a-z]+)*")


def metered(operation: Operation, call: Call, quota: int) -> Call:
    """Return a call that counts, and that shows the count in the declared headers; the same call without such.

    A call above the quota is refused where the operation declares the status 429 by itself.
    """
    named = any(_part(header.name) for response in operation.responses.values() for header in response.headers)
    if not named and "429" not in operation.responses:
        return call

    def count(state: VendorState, request: RequestFacts, body: Any, arguments: Mapping[str, Any]) -> Answer:
        window = _Window(state, quota)
        if window.used >= quota and "429" in operation.responses:
            texts = window.headers(operation.responses["429"])
            raise Refused(429, f"the quota of {quota} calls an hour is used up", headers=texts)
        window.count()

        def show(reply: Reply) -> Reply:
            reply.headers = {**reply.headers, **window.headers(operation.response(reply.status))}
            return reply

        try:
            return then(call(state, request, body, arguments), show)
        except Refused as refused:
            refused.headers = {**refused.headers, **window.headers(operation.response(refused.status))}
            raise

    return count


def _part(name: str) -> str:
    """Return the part of a quota that a header shows, such as ``limit`` or ``all``; empty for another header."""
    found = HEADER.fullmatch(name.lower())
    if found is None:
        return ""
    return found["part"] or ("all" if name.lower() == "ratelimit" else "limit")


class _Window:
    """Window of the world's clock in which a call is made, with the calls that were made in it."""

    def __init__(self, state: VendorState, quota: int) -> None:
        self._calls = state.collection(QUOTA)
        self._quota = quota
        self._now = int(state.now().timestamp())
        self._start = self._now - self._now % WINDOW
        kept = self._calls.get(QUOTA)
        self.used = kept["used"] if kept is not None and kept["start"] == self._start else 0

    def count(self) -> None:
        """Count one more call."""
        self.used += 1
        self._calls.put({KEY: QUOTA, "start": self._start, "used": self.used})

    def headers(self, response: Response | None) -> dict[str, str]:
        """Return the texts of the quota's headers that a response declares, as their schemas have them."""
        made = {}
        for header in response.headers if response else ():
            texts = self._texts(header)
            found = next((text for text in texts if _allows(header, text)), None)
            if found is not None:
                made[header.name] = found
        return made

    def _texts(self, header: Parameter) -> Iterator[str]:
        """Yield the texts that a header may have, the most usual first."""
        name, left = header.name.lower(), max(self._quota - self.used, 0)
        seconds = self._start + WINDOW - self._now
        match _part(name):
            case "limit":
                yield str(self._quota)
            case "remaining":
                yield str(left)
            case "used":
                yield str(self.used)
            case "reset":
                yield from self._reset_texts(header, seconds)
            case "policy":
                yield f'"default";q={self._quota};w={WINDOW}'
                yield f"{self._quota};w={WINDOW}"
            case "all":
                forms = [f'"default";r={left};t={seconds}', f"limit={self._quota}, remaining={left}, reset={seconds}"]
                yield from reversed(forms) if "limit=" in str(_example(header)) else forms
        if name == "retry-after":
            yield str(seconds)
            yield format_datetime(self._end, usegmt=True)

    def _reset_texts(self, header: Parameter, seconds: int) -> Iterator[str]:
        """Yield the time of the next window: of a header with ``X-`` as seconds since 1970, else those from now on."""
        example = _example(header)
        since_1970 = int(self._end.timestamp())
        iso = self._end.strftime("%Y-%m-%dT%H:%M:%SZ")
        node = header.node.get("schema", {})
        if (isinstance(example, str) and "T" in example) or node.get("format") == "date-time":
            yield iso
        number = int(example) if isinstance(example, int) or (isinstance(example, str) and example.isdigit()) else None
        if number is not None and number > 10**11:
            yield str(since_1970 * 1000)
        counts_from_1970 = header.name.lower().startswith("x-") if number is None else number > 10**8
        yield from (str(since_1970), str(seconds)) if counts_from_1970 else (str(seconds), str(since_1970))
        yield iso

    @property
    def _end(self) -> datetime:
        return datetime.fromtimestamp(self._start + WINDOW, UTC)


def _example(header: Parameter) -> Any:
    """Return the example that a document shows for a header, if it shows one."""
    schema = header.node.get("schema", {})
    shown = [header.node.get("example"), schema.get("example") if isinstance(schema, Mapping) else None]
    return next((each for each in shown if each is not None), None)


def _allows(header: Parameter, text: str) -> bool:
    try:
        header.value([text])
    except InvalidParameter:
        return False
    return True

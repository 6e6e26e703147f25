"""Keywords of the client's methods, with their types; an unknown keyword is refused with the nearest right one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal, TypedDict

from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured, nearest

Outcome = Literal["accepted", "route", "contract", "credentials", "rule", "fault", "breach"]


class VendorCalls(TypedDict, total=False):
    """Conditions on the calls of one vendor: query parameters of the journal in the control API."""

    status: str | int | None
    outcome: Outcome | None
    since: datetime | str | None
    until: datetime | str | None
    after: int | None
    request: Any
    response: Any
    limit: int | None
    reveal: bool | None


class Calls(VendorCalls, total=False):
    """Conditions on the calls in a world."""

    vendor: str | None
    operation: str | None


class BrowsedCalls(TypedDict, total=False):
    """Conditions on the calls that ``RemoteWorld.browse`` returns."""

    vendor: str | None
    operation: str | None
    status: str | int | None
    outcome: Outcome | None
    method: str | None
    text: str | None
    mentions: str | None
    before: int | None
    after: int | None
    limit: int | None


class VendorMessages(TypedDict, total=False):
    """Conditions on the messages that a vendor has sent, and the wait for them."""

    limit: int | None
    matching: Mapping[str, Any] | Callable[[Json], object] | None
    wait: float | None
    at_least: int | None


class SentMessages(VendorMessages, total=False):
    """Conditions on the messages that vendors have sent."""

    vendor: str | None


class DeliveryPattern(TypedDict, total=False):
    """Conditions on deliveries: properties of ``DeliveryPattern`` in the control API."""

    vendor: str | None
    kind: str | None
    destination: str | None
    state: Literal["pending", "delivered", "failed", "given up"] | None
    since: datetime | str | None
    until: datetime | str | None


class Deliveries(DeliveryPattern, total=False):
    """Conditions on deliveries, a stretch of them, and the wait for them."""

    offset: int | None
    limit: int | None
    reveal: bool | None
    wait: float | None
    at_least: int | None


class Comparison(TypedDict, total=False):
    """Choice among the records in which two worlds differ; ``offset`` and ``limit`` are those of each collection."""

    vendor: str | None
    collection: str | None
    offset: int | None
    limit: int | None


class DueWork(TypedDict, total=False):
    """Time of the world in which something falls due, from its present one on unless ``since`` is given."""

    since: datetime | str | None
    until: datetime | str | None
    vendor: str | None
    limit: int | None


class Span(TypedDict, total=False):
    """Parts of a time span."""

    days: float
    hours: float
    minutes: float
    seconds: float


class FaultProperties(TypedDict, total=False):
    """Properties of a fault, as the control API's schema ``NewFault`` explains them."""

    vendor: str | None
    operation: str | None
    when: Literal["before", "after"]
    nth: int
    probability: float
    seed: int
    times: int
    lasting: float
    status: int
    body: Any
    headers: Mapping[str, str]
    unchecked: bool
    retry_after: int
    delay: float
    distribution: Literal["fixed", "normal", "long_tailed"]
    spread: float
    bytes: int
    destination: str


class UnknownKeyword(Misconfigured, TypeError):  # noqa: N818 - reads as a claim, like its parent
    """Error of a call with a keyword that the method does not take."""


def check_keywords(method: str, given: Mapping[str, object], keywords: type) -> None:
    """Raise ``UnknownKeyword`` for the first name given that is none of a typed dictionary's keywords."""
    known = keywords.__annotations__
    for name in given:
        if name not in known:
            raise UnknownKeyword(f"{method} takes no {name!r}{nearest(name, known)} (it takes {', '.join(known)})")

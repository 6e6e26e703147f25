"""What a customer has under ids of the client's choice: subscriptions, educations, likes and jobs."""

from collections.abc import Callable
from dataclasses import dataclass

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused, Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.customer_document import (
    Complete,
    complete_education,
    complete_job,
    complete_like,
    write_subscription,
)
from understudy.vendors.contacthub.customers.customer_rules import check_times
from understudy.vendors.contacthub.customers.customer_store import (
    find_customer,
    find_writable,
    next_version,
    write_customer,
)
from understudy.vendors.contacthub.workspace_access import enter_workspace

Write = Callable[[Json, Json, str], Json]
"""Makes an element of the old one (empty for a new one), what is sent, and the time."""


@dataclass(frozen=True, slots=True)
class SubResource:
    """A list of ``base``: its name, what one of its elements is called, its times, and how one is written."""

    listed: str
    noun: str
    times: tuple[str, ...]
    write: Write


def _whole(complete: Complete) -> Write:
    return lambda _old, sent, _now: complete(sent)


def _subscription(old: Json, sent: Json, now: str) -> Json:
    first = {"registeredAt": old["registeredAt"]} if old else {}
    return write_subscription({}, first | {name: value for name, value in sent.items() if value is not None}, now)


SUBSCRIPTIONS = SubResource(
    "subscriptions", "subscription", ("startDate", "endDate", "registeredAt", "updatedAt"), _subscription
)
EDUCATIONS = SubResource("educations", "education", (), _whole(complete_education))
LIKES = SubResource("likes", "like", ("createdTime",), _whole(complete_like))
JOBS = SubResource("jobs", "job", (), _whole(complete_job))


def add(state: VendorState, caller: Caller, workspace_id: str, customer_id: str, kind: SubResource, body: Json) -> Json:
    """Give a customer an element under an id that is not in use yet."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    customer, _ = find_writable(state, caller, workspace_id, customer_id)
    check_times(body, kind.times)
    if any(element["id"] == body["id"] for element in customer["base"][kind.listed]):
        violation = Violation("body", "/id", "unique", "it exists already", body["id"])
        raise Refused(400, f"the customer has the {kind.noun} {body['id']} already", violations=[violation])
    after = next_version(state, customer, caller)
    element = kind.write({}, body, after["updatedAt"])
    _keep(state, caller, workspace_id, after, kind, [*customer["base"][kind.listed], element])
    return element


def find(
    state: VendorState, caller: Caller, workspace_id: str, customer_id: str, kind: SubResource, element_id: str
) -> Json:
    """Return an element of a customer; refuse an unknown one with 404."""
    enter_workspace(state, caller, workspace_id)
    return _element(find_customer(state, caller, workspace_id, customer_id), kind, element_id)


def replace(
    state: VendorState,
    caller: Caller,
    workspace_id: str,
    customer_id: str,
    kind: SubResource,
    element_id: str,
    body: Json,
) -> Json:
    """Put what is sent in an element's place; the element's id stays."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    customer, _ = find_writable(state, caller, workspace_id, customer_id)
    old = _element(customer, kind, element_id)
    check_times(body, kind.times)
    after = next_version(state, customer, caller)
    element = kind.write(old, {**body, "id": element_id}, after["updatedAt"])
    elements = [element if other["id"] == element_id else other for other in customer["base"][kind.listed]]
    _keep(state, caller, workspace_id, after, kind, elements)
    return element


def remove(
    state: VendorState, caller: Caller, workspace_id: str, customer_id: str, kind: SubResource, element_id: str
) -> None:
    """Take an element from a customer."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    customer, _ = find_writable(state, caller, workspace_id, customer_id)
    _element(customer, kind, element_id)
    elements = [other for other in customer["base"][kind.listed] if other["id"] != element_id]
    _keep(state, caller, workspace_id, next_version(state, customer, caller), kind, elements)


def _element(customer: Json, kind: SubResource, element_id: str) -> Json:
    for element in customer["base"][kind.listed]:
        if element["id"] == element_id:
            return dict(element)
    raise Refused(404, f"{kind.noun} not found {element_id}")


def _keep(
    state: VendorState, caller: Caller, workspace_id: str, customer: Json, kind: SubResource, elements: list[Json]
) -> None:
    after = {**customer, "base": {**customer["base"], kind.listed: elements}}
    write_customer(state, caller, workspace_id, customer, after)

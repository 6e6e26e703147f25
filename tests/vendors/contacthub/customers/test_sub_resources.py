"""Subscriptions, educations, likes and jobs of a customer, each by its own operations."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.vendors.contacthub.calls import CLIENT, CUSTOMER, NO_ONE, STRANGER, WORKSPACE, read
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations import educations, jobs, likes, subscriptions

Json = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """Kind of sub-resource: its operations and noun, an element that exists, a body, and the status of a POST."""

    module: Any
    noun: str
    known: str
    sent: Json
    created: int

    def call(
        self, state: VendorState, verb: str, *args: Any, customer: str = CUSTOMER, caller: Caller = CLIENT
    ) -> Reply:
        operation: Callable[..., Reply] = getattr(self.module, f"{verb}_{self.noun}")
        return operation(state, WORKSPACE, customer, *args, caller)

    def listed(self, state: VendorState) -> list[Json]:
        elements: list[Json] = read(state)["base"][f"{self.noun}s"]
        return elements


KINDS = [
    Kind(subscriptions, "subscription", "newsletter", {"subscribed": False, "name": "Other"}, 201),
    Kind(educations, "education", "education-1", {"schoolName": "Other", "startYear": 2020}, 200),
    Kind(likes, "like", "like-1", {"name": "Other", "createdTime": "2026-01-31T00:00:00.000+0000"}, 200),
    Kind(jobs, "job", "job-1", {"jobTitle": "Other", "startDate": "2020-01-01"}, 200),
]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.noun)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


def test_a_new_one_is_returned_and_stored_with_the_customer(state: VendorState, kind: Kind) -> None:
    reply = kind.call(state, "create", {"id": "new", **kind.sent})
    assert (reply.status, reply.body.items() >= kind.sent.items()) == (kind.created, True)
    assert [element["id"] for element in kind.listed(state)] == [kind.known, "new"]
    assert kind.listed(state)[1] == reply.body


def test_an_id_is_used_once(state: VendorState, kind: Kind) -> None:
    with pytest.raises(Refused, match=f"^the customer has the {kind.noun} {kind.known} already$") as caught:
        kind.call(state, "create", {"id": kind.known, **kind.sent})
    assert (caught.value.status, caught.value.violations[0].path) == (400, "/id")


def test_one_is_read(state: VendorState, kind: Kind) -> None:
    assert kind.call(state, "get", kind.known).body == kind.listed(state)[0]


def test_a_put_replaces_one_under_the_id_of_the_path(state: VendorState, kind: Kind) -> None:
    reply = kind.call(state, "update", kind.known, {"id": "other", **kind.sent})
    assert (reply.status, reply.body["id"]) == (200, kind.known)
    assert kind.listed(state) == [reply.body]


def test_a_put_unsets_what_the_body_lacks(state: VendorState, kind: Kind) -> None:
    after = kind.call(state, "update", kind.known, kind.sent).body
    unsent = after.keys() - kind.sent.keys() - {"id", "registeredAt", "updatedAt"}
    assert {after[name] for name in unsent} == {None}


def test_one_is_deleted_with_an_empty_answer(state: VendorState, kind: Kind) -> None:
    reply = kind.call(state, "delete", kind.known)
    assert (reply.status, reply.body, kind.listed(state)) == (200, None, [])


@pytest.mark.parametrize("verb", ["get", "update", "delete"])
def test_an_unknown_one_is_not_found(state: VendorState, kind: Kind, verb: str) -> None:
    body = [kind.sent] if verb == "update" else []
    with pytest.raises(Refused, match=f"^{kind.noun} not found no-such$") as caught:
        kind.call(state, verb, "no-such", *body)
    assert caught.value.status == 404


def test_it_belongs_to_a_customer_that_exists(state: VendorState, kind: Kind) -> None:
    with pytest.raises(Refused, match=f"^customer not found {NO_ONE}$"):
        kind.call(state, "create", {"id": "new", **kind.sent}, customer=NO_ONE)


def test_a_source_of_other_nodes_is_refused(state: VendorState, kind: Kind) -> None:
    with pytest.raises(Refused) as caught:
        kind.call(state, "update", kind.known, kind.sent, caller=STRANGER)
    assert caught.value.status == 403


def test_each_write_is_a_write_of_the_customer(state: VendorState, kind: Kind) -> None:
    before = read(state)
    kind.call(state, "create", {"id": "new", **kind.sent})
    kind.call(state, "update", kind.known, kind.sent)
    kind.call(state, "delete", kind.known)
    after = read(state)
    assert (after["version"], after["updatedAt"] > before["updatedAt"]) == (before["version"] + 3, True)


@pytest.mark.parametrize(("kind", "name"), [(KINDS[2], "createdTime"), (KINDS[0], "endDate")], indirect=["kind"])
def test_a_date_is_in_the_calendar(state: VendorState, kind: Kind, name: str) -> None:
    with pytest.raises(Refused) as caught:
        kind.call(state, "create", {"id": "new", "subscribed": True, name: "2025-02-30T00:00:00+0000"})
    assert (caught.value.status, caught.value.violations[0].path) == (400, f"/{name}")


def test_a_replaced_subscription_keeps_its_registration(state: VendorState) -> None:
    before = KINDS[0].listed(state)[0]
    after = KINDS[0].call(state, "update", "newsletter", {"id": "newsletter", "subscribed": False}).body
    assert (after["registeredAt"], after["updatedAt"] > before["updatedAt"]) == (before["registeredAt"], True)


def test_the_servers_times_of_a_subscription_may_be_sent(state: VendorState) -> None:
    body = {
        "id": "new",
        "subscribed": True,
        "registeredAt": "2020-01-01T00:00:00Z",
        "updatedAt": "2020-01-02T00:00:00Z",
    }
    made = KINDS[0].call(state, "create", body).body
    assert (made["registeredAt"], made["updatedAt"]) == ("2020-01-01T00:00:00.000+0000", "2020-01-02T00:00:00.000+0000")

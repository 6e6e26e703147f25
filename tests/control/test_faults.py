"""Effects of faults on calls in this process; effects on connections are in ``tests/journeys/test_faults.py``."""

import json
import time
from typing import Any

import pytest

from tests.control.conftest import Steering
from tests.http.case import Case
from understudy.app import Understudy
from understudy.state.faults import CALL_KINDS, DELIVERY_KINDS

ATTRIBUTES = "/customerattributes"


def set_fault(steering: Steering, **fault: Any) -> str:
    return str(steering.post("/worlds/{world}/faults", fault, status=201)["id"])


def statuses(steering: Steering, count: int) -> list[int]:
    return [steering.call_vendor("ecdp", "GET", ATTRIBUTES).status for _ in range(count)]


def test_an_error_is_in_the_vendors_shape_and_names_the_fault_as_its_cause(steering: Steering) -> None:
    set_fault(steering, kind="status", vendor="ecdp", status=503)

    answer = steering.call_vendor("ecdp", "GET", ATTRIBUTES)

    assert (answer.status, answer.headers["understudy-refused-by"]) == (503, "fault")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["instance"] == ATTRIBUTES


def test_a_throttled_call_gets_retry_after(steering: Steering) -> None:
    set_fault(steering, kind="throttle", retry_after=7)

    answer = steering.call_vendor("ecdp", "GET", ATTRIBUTES)

    assert (answer.status, answer.headers["retry-after"]) == (429, "7")


def test_a_fault_strikes_the_nth_call_only(steering: Steering) -> None:
    set_fault(steering, kind="status", nth=3)

    assert statuses(steering, 5) == [200, 200, 503, 200, 200]
    assert steering.get("/worlds/{world}/faults") == []


def test_a_fault_strikes_a_limited_number_of_times(steering: Steering) -> None:
    set_fault(steering, kind="status", times=2)

    assert statuses(steering, 4) == [503, 503, 200, 200]


def test_a_random_fault_strikes_the_same_calls_again(steering: Steering) -> None:
    runs = []
    for _ in range(2):
        set_fault(steering, kind="status", probability=0.5, seed=7)
        runs.append(statuses(steering, 40))
        steering.ask("DELETE", "/worlds/{world}/faults")

    assert runs[0] == runs[1]
    assert 8 < runs[0].count(503) < 32


def test_a_fault_expires_by_the_worlds_clock(steering: Steering) -> None:
    set_fault(steering, kind="status", lasting=60)
    assert statuses(steering, 2) == [503, 503]

    steering.post("/worlds/{world}/clock/move", {"seconds": 60})

    assert statuses(steering, 1) == [200]


def test_a_fault_is_about_its_vendor_and_operation_only(steering: Steering) -> None:
    set_fault(steering, kind="status", vendor="ecdp", operation="list_customer_attributes")
    path = "/services/eventcollector/api/v1/event-subscription"

    assert statuses(steering, 1) == [503]
    assert steering.call_vendor("twc", "GET", path, **{"X-TWC-Tenant": "understudy"}).status == 200
    assert steering.call_vendor("ecdp", "GET", "/customers/email/nobody@example.com").status != 503


def test_a_fault_in_one_world_is_no_other_worlds(steering: Steering) -> None:
    set_fault(steering, kind="status")
    other = Steering(steering.understudy, "a-world-without-faults")

    assert statuses(other, 1) == [200]


def test_a_fault_is_listed_with_its_counts_and_removed(steering: Steering) -> None:
    fault = set_fault(steering, kind="status", vendor="ecdp", times=5)
    statuses(steering, 2)

    [listed] = steering.get("/worlds/{world}/faults")
    assert (listed["id"], listed["seen"], listed["struck"], listed["times"]) == (fault, 2, 2, 5)
    assert steering.ask("DELETE", f"/worlds/{{world}}/faults/{fault}").status == 204
    assert statuses(steering, 1) == [200]
    assert steering.ask("DELETE", f"/worlds/{{world}}/faults/{fault}").status == 404


def test_malformed_json_is_no_json_and_has_its_content_length(steering: Steering) -> None:
    set_fault(steering, kind="malformed", when="after")

    answer = steering.call_vendor("ecdp", "GET", ATTRIBUTES)

    assert (answer.status, answer.headers["content-length"]) == (200, str(len(answer.body)))
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.body)


def test_latency_delays_a_correct_response(steering: Steering) -> None:
    set_fault(steering, kind="latency", delay=0.05)
    set_fault(steering, kind="latency", delay=0.05, when="after")

    started = time.perf_counter()

    assert statuses(steering, 1) == [200]
    assert time.perf_counter() - started >= 0.1


def test_latency_combines_with_another_fault(steering: Steering) -> None:
    set_fault(steering, kind="latency", delay=0.05)
    set_fault(steering, kind="status", nth=2)

    assert statuses(steering, 2) == [200, 503]


def test_a_dropped_connection_is_an_error_in_process(steering: Steering) -> None:
    set_fault(steering, kind="drop", when="after", times=1)
    customer = {"mode": "Add", "matchBy": "Email", "data": [{"email": "dropped@example.com"}]}

    with pytest.raises(ConnectionResetError):
        steering.call_vendor("ecdp", "POST", "/customers", customer)

    assert steering.call_vendor("ecdp", "GET", "/customers/email/dropped@example.com").status == 200
    [first, _] = steering.get("/worlds/{world}/journal")
    assert (first["response"]["status"], first["outcome"], first["fault"]) == (0, "accepted", "fault-1")


@pytest.mark.parametrize("kind", [kind for kind in CALL_KINDS if kind != "latency"])
def test_before_has_no_effect_and_after_has(steering: Steering, kind: str) -> None:
    delay = {"delay": 0.01} if kind == "slow" else {}
    for when, email in (("before", "kept-out@example.com"), ("after", "let-in@example.com")):
        set_fault(steering, kind=kind, when=when, times=1, **delay)
        try:
            steering.call_vendor(
                "ecdp", "POST", "/customers", {"mode": "Add", "matchBy": "Email", "data": [{"email": email}]}
            )
        except ConnectionResetError:
            assert kind in ("drop", "truncate")

    found = [
        steering.call_vendor("ecdp", "GET", f"/customers/email/{name}@example.com").status
        for name in ("kept-out", "let-in")
    ]
    assert found == [404, 200]


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"kind": "drop", "vendor": "ecpd"}, "did you mean 'ecdp'?"),
        ({"kind": "drop", "vendor": "ecdp", "operation": "list_customer_attribute"}, "did you mean"),
        ({"kind": "drop", "operation": "get_customer"}, "an operation needs its vendor"),
        ({"kind": "drop", "status": 500}, "drop has no use for status"),
        ({"kind": "latency"}, "latency needs a delay"),
        ({"kind": "throttle", "delay": 3}, "it takes retry_after"),
    ],
)
def test_a_fault_that_would_never_strike_is_refused(steering: Steering, fault: dict[str, Any], why: str) -> None:
    answer = steering.ask("POST", "/worlds/{world}/faults", fault)

    assert answer.status == 422
    assert why in answer.json["title"]


def test_a_struck_call_is_in_the_journal_with_its_fault(steering: Steering) -> None:
    set_fault(steering, kind="status", times=1)
    statuses(steering, 2)

    struck, unharmed = steering.get("/worlds/{world}/journal")
    assert (struck["outcome"], struck["fault"]) == ("fault", "fault-1")
    assert (unharmed["outcome"], "fault" in unharmed) == ("accepted", False)


def test_a_fault_can_cause_every_error_that_an_operation_declares(understudy: Understudy) -> None:
    """In the vendor's shape, and held to the spec: no breach."""
    steering = Steering(understudy, "declared-errors")
    breaches = {}
    for served in understudy.vendors.values():
        for operation in served.operations:
            case = Case(understudy, served, operation, steering.world_name)
            headers = case.headers()
            for status in [status for status in operation.responses if status >= "400"] + ["500", "503", "418", "429"]:
                set_fault(
                    steering, kind="status", vendor=served.vendor.name, operation=operation.id, status=int(status),
                    times=1,
                )  # fmt: skip
                answer = case.send(headers=headers)
                if answer.headers.get("understudy-refused-by") != "fault" or case.breaches():
                    breaches[operation.vendor, operation.id, status] = answer.body[:200]
                    steering.world.journal.clear()

    assert breaches == {}


@pytest.mark.parametrize("kind", sorted(DELIVERY_KINDS))
def test_a_fault_of_messages_does_not_strike_calls(steering: Steering, kind: str) -> None:
    more = {"delay": 1} if kind == "late" else {}
    set_fault(steering, kind=kind, destination="https://*", **more)

    assert statuses(steering, 2) == [200, 200]
    (listed,) = steering.get("/worlds/{world}/faults")
    assert (listed["kind"], listed["destination"], listed["seen"]) == (kind, "https://*", 0)


@pytest.mark.parametrize(
    ("fault", "title"),
    [
        ({"kind": "lost", "when": "after"}, "lost has no use for when: it strikes a message before its first attempt"),
        ({"kind": "late"}, "late needs a delay"),
        ({"kind": "duplicate", "delay": 1}, "duplicate has no use for delay (it takes destination)"),
        (
            {"kind": "status", "destination": "*"},
            "status has no use for destination (it takes body, headers,",
        ),
    ],
    ids=str,
)
def test_a_fault_of_messages_has_its_own_properties(steering: Steering, fault: dict[str, Any], title: str) -> None:
    refused = steering.post("/worlds/{world}/faults", fault, status=422)
    assert refused["title"].startswith(title)

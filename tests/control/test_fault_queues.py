"""Several faults at once: which of them strike a call; canned answers; faults of one vendor among several."""

from http import HTTPStatus
from typing import Any

import pytest

from tests.control.conftest import Steering
from tests.http.case import Case
from understudy.app import Understudy

ATTRIBUTES = "/customerattributes"
WHERE: dict[str, Any] = {"vendor": "ecdp", "operation": "list_customer_attributes"}
PROBLEM = {"type": "about:blank", "title": "Closed", "status": 401, "detail": "On purpose.", "instance": "/x"}


def add(steering: Steering, kind: str, **fault: Any) -> Any:
    assert steering.world.name  # it is made, if it is not yet in use
    return steering.post("/worlds/{world}/faults", {"kind": kind, **fault}, status=201)


def why_refused(steering: Steering, kind: str, **fault: Any) -> str:
    return str(steering.post("/worlds/{world}/faults", {"kind": kind, **fault}, status=422)["title"])


def statuses(steering: Steering, count: int) -> list[int]:
    return [steering.call_vendor("ecdp", "GET", ATTRIBUTES).status for _ in range(count)]


def test_faults_for_one_call_each_queue_in_the_order_added(steering: Steering) -> None:
    for status in (500, 404, 503):
        add(steering, "status", **WHERE, status=status, times=1)

    assert statuses(steering, 4) == [500, 404, 503, 200]
    assert steering.get("/worlds/{world}/faults") == []


def test_faults_of_different_kinds_queue_too(steering: Steering) -> None:
    add(steering, "throttle", **WHERE, times=1)
    add(steering, "malformed", **WHERE, status=500, times=1)
    add(steering, "drop", **WHERE, times=1)
    add(steering, "status", status=404, times=1)

    assert statuses(steering, 2) == [429, 500]
    with pytest.raises(ConnectionResetError):
        statuses(steering, 1)
    assert statuses(steering, 2) == [404, 200]


def test_a_fault_for_two_calls_comes_before_the_next(steering: Steering) -> None:
    add(steering, "status", status=500, times=2)
    add(steering, "status", status=404, times=1)

    assert statuses(steering, 4) == [500, 500, 404, 200]


def test_a_waiting_fault_counts_the_calls_it_saw_and_none_that_it_struck(steering: Steering) -> None:
    add(steering, "status", status=500, times=1)
    add(steering, "status", status=404, times=1)
    statuses(steering, 1)

    [waiting] = steering.get("/worlds/{world}/faults")
    assert (waiting["status"], waiting["seen"], waiting["struck"]) == (404, 1, 0)


def test_faults_for_different_nth_calls_each_strike_theirs(steering: Steering) -> None:
    add(steering, "status", status=500, nth=3)
    add(steering, "status", status=404, nth=1)

    assert statuses(steering, 4) == [404, 200, 500, 200]


def test_two_faults_for_the_same_nth_call_strike_one_after_the_other(steering: Steering) -> None:
    add(steering, "status", status=500, nth=2)
    add(steering, "status", status=404, nth=2)

    assert statuses(steering, 4) == [200, 500, 404, 200]
    assert steering.get("/worlds/{world}/faults") == []


def test_a_latency_goes_together_with_a_status(steering: Steering) -> None:
    add(steering, "latency", delay=0.001, times=1)
    add(steering, "status", status=500, times=1)

    assert statuses(steering, 1) == [500]
    assert steering.get("/worlds/{world}/faults") == []


def test_latencies_for_one_call_each_queue_and_others_add_up(steering: Steering) -> None:
    faults = steering.world.faults
    add(steering, "latency", delay=0.001)
    add(steering, "latency", delay=0.002)
    add(steering, "latency", delay=0.003, times=1)
    add(steering, "latency", delay=0.004, times=1)
    add(steering, "latency", delay=0.005, times=1, when="after")

    struck = [[fault.delay for fault in faults.strike("ecdp", "list_customer_attributes", 0)] for _ in range(3)]

    assert struck == [[0.001, 0.002, 0.003, 0.005], [0.001, 0.002, 0.004], [0.001, 0.002]]


def test_a_random_fault_that_comes_second_does_not_wait(steering: Steering) -> None:
    add(steering, "status", status=500, times=1)
    add(steering, "status", status=404, probability=1)

    assert statuses(steering, 3) == [500, 404, 404]


SHARED = ["create_event", "get_event", "create_subscription", "create_job", "update_event"]


@pytest.mark.parametrize("name", SHARED)
def test_a_fault_on_a_name_that_vendors_share_strikes_its_own_vendor_only(understudy: Understudy, name: str) -> None:
    owners = [vendor for vendor, served in understudy.vendors.items() if name in served.by_id]
    assert len(owners) > 1
    for struck in owners:
        steering = Steering(understudy, f"shared-{name.replace('_', '-')}-{struck}")
        add(steering, "status", vendor=struck, operation=name, status=503)
        for vendor in owners:
            case = Case(
                understudy, understudy.vendors[vendor], understudy.vendors[vendor].by_id[name], steering.world_name
            )
            answer = case.send(headers=case.headers())
            assert (answer.headers.get("understudy-refused-by") == "fault") is (vendor == struck), (struck, vendor)


CLIENT_ERRORS = (
    "invalid", "bad request", "badrequest", "not found", "notfound", "unauthor", "forbidden", "conflict", "already",
    "login", "unprocessable", "unsupported", "constraint", "access denied",
)  # fmt: skip


def test_a_5xx_fault_is_named_like_no_client_error_whatever_the_vendor(understudy: Understudy) -> None:
    steering = Steering(understudy, "server-errors")
    known = {each.value for each in HTTPStatus if each >= 500} - {HTTPStatus.HTTP_VERSION_NOT_SUPPORTED}
    found = []
    for served in understudy.vendors.values():
        for operation in served.operations:
            case = Case(understudy, served, operation, steering.world_name)
            for status in sorted({*known, 599} if operation == served.operations[0] else {500, 503}):
                add(steering, "status", vendor=served.vendor.name, operation=operation.id, status=status, times=1)
                answer = case.send(headers={})
                assert answer.status == status
                assert answer.headers["understudy-refused-by"] == "fault"
                text = answer.body.decode().lower().replace(case.usual.target.lower(), "")
                found += [(operation.vendor, operation.id, status, word) for word in CLIENT_ERRORS if word in text]

    assert found == []


def test_crmcom_names_a_503_and_a_429_as_what_they_are(steering: Steering) -> None:
    names = []
    for status in (503, 429, 599, 404, 409):
        add(steering, "status", vendor="crmcom", status=status, times=1)
        names.append(steering.call_vendor("crmcom", "GET", "/purchases/x").json["error"].split(".")[-1])

    assert names == [
        "SERVICEUNAVAILABLEEXCEPTION", "TOOMANYREQUESTSEXCEPTION", "STATUS599EXCEPTION", "NOTFOUNDEXCEPTION",
        "INVALIDREQUESTEXCEPTION",
    ]  # fmt: skip


def test_a_canned_answer_is_sent_as_given(steering: Steering) -> None:
    add(steering, "status", **WHERE, status=401, body=PROBLEM, headers={"X-Reason": "test"}, times=1)

    answer = steering.call_vendor("ecdp", "GET", ATTRIBUTES)

    assert (answer.status, answer.json, answer.headers["x-reason"]) == (401, PROBLEM, "test")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-length"] == str(len(answer.body))
    [call] = steering.get("/worlds/{world}/journal")
    assert (call["outcome"], call["fault"], call["response"]["body"]) == ("fault", "fault-1", PROBLEM)


def test_headers_alone_are_added_to_the_vendors_own_error(steering: Steering) -> None:
    add(steering, "status", **WHERE, status=401, headers={"X-Reason": "test"}, times=1)

    answer = steering.call_vendor("ecdp", "GET", ATTRIBUTES)

    assert (answer.status, answer.headers["x-reason"]) == (401, "test")
    assert answer.json["instance"] == ATTRIBUTES


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({**WHERE, "status": 401, "body": {"title": 1}}, "ecdp list_customer_attributes: body "),
        ({**WHERE, "status": 401, "body": "closed"}, "body /"),
        ({**WHERE, "status": 418, "body": PROBLEM}, "status 418 is not declared (declared:"),
        ({**WHERE, "status": 418, "headers": {"X-A": "1"}}, "status 418 is not declared"),
        ({**WHERE, "status": 401, "body": PROBLEM, "headers": {"Content-Type": "text/html"}}, "text/html is not"),
        ({**WHERE, "status": 401, "headers": {"Content-Length": "1"}}, "'Content-Length'"),
        ({**WHERE, "status": 401, "headers": {"a b": "1"}}, "'a b'"),
        ({**WHERE, "status": 401, "headers": {"a": "1\r\nb: 2"}}, "value of a"),
        ({**WHERE, "status": 401, "headers": {"a": "é"}, "unchecked": True}, "value of a"),
        ({"vendor": "ecdp", "status": 404, "body": PROBLEM}, "unchecked: true"),
    ],
)  # fmt: skip
def test_a_canned_answer_that_the_spec_forbids_is_refused(steering: Steering, fault: dict[str, Any], why: str) -> None:
    assert why in why_refused(steering, "status", **fault)
    assert steering.get("/worlds/{world}/faults") == []


def test_other_kinds_take_no_canned_answer(steering: Steering) -> None:
    assert "throttle has no use for body" in why_refused(steering, "throttle", body={})
    assert "drop has no use for unchecked" in why_refused(steering, "drop", unchecked=True)


@pytest.mark.parametrize(
    ("body", "headers", "sent", "media_type"),
    [
        ({"any": "thing"}, {}, b'{"any":"thing"}', "application/problem+json"),
        ("text", {}, b'"text"', "application/problem+json"),
        ("<b>closed</b>", {"content-type": "text/html; charset=utf-8"}, b"<b>closed</b>", "text/html; charset=utf-8"),
        ([1], {"Content-Type": "text/plain"}, b"[1]", "text/plain"),
        ("", {"Content-Type": "text/plain"}, b"", "text/plain"),
        (False, {}, b"false", "application/problem+json"),
    ],
)
def test_an_unchecked_answer_is_sent_whatever_the_spec_declares(
    steering: Steering, body: Any, headers: dict[str, str], sent: bytes, media_type: str
) -> None:
    add(steering, "status", **WHERE, status=401, body=body, headers=headers, unchecked=True, times=1)

    answer = steering.call_vendor("ecdp", "GET", ATTRIBUTES)

    assert (answer.status, answer.body, answer.headers["content-type"]) == (401, sent, media_type)


def test_a_canned_answer_after_the_operation_leaves_its_effect(steering: Steering) -> None:
    body = {"anything": "goes"}
    add(steering, "status", vendor="ecdp", operation="save_customers", status=409, body=body, unchecked=True, when="after", times=1)  # fmt: skip # noqa: E501
    customer = {"mode": "Add", "matchBy": "Email", "data": [{"email": "canned@example.com"}]}

    assert steering.call_vendor("ecdp", "POST", "/customers", customer).json == body
    assert steering.call_vendor("ecdp", "GET", "/customers/email/canned@example.com").status == 200


def test_a_listed_canned_answer_shows_what_was_given(steering: Steering) -> None:
    add(steering, "status", **WHERE, status=401, body=PROBLEM, headers={"X-A": "1"})

    [listed] = steering.get("/worlds/{world}/faults")
    assert (listed["body"], listed["headers"]) == (PROBLEM, {"X-A": "1"})

"""Members that no call can have in the patterns of expectations, and faults that contradict themselves: refused."""

import json
from typing import Any

import pytest

from tests.acme import Company, operation_spec
from tests.asgi import call
from tests.control.conftest import Steering
from understudy.core.world_names import CONTROL_PATH

MISTYPED: list[tuple[dict[str, Any], str, str]] = [
    ({"request": {"mod": "Add"}}, "/request/mod", "mode"),
    ({"request": {"data": [{"emial": "a@example.com"}]}}, "/request/data/0/emial", "email"),
    (
        {"request": {"data": [{"email": "a"}, {"customAttributes": [{"nmae": "a"}]}]}},
        "/1/customAttributes/0/nmae",
        "name",
    ),
    ({"query": {"pge": "1"}}, "/query/pge", ""),
]


@pytest.fixture
def customers(steering: Steering) -> dict[str, Any]:
    """Pattern of the calls that create customers at ECDP."""
    found = steering.understudy.vendors["ecdp"].operations
    operation = next(each for each in found if each.path.endswith("/customers") and each.method == "post")
    return {"vendor": "ecdp", "operation": operation.id}


def verify(steering: Steering, pattern: dict[str, Any]) -> Any:
    return steering.ask("POST", "/worlds/{world}/verify", {"expect": [{"calls": pattern, "exactly": 0}]})


@pytest.mark.parametrize(("pattern", "place", "name"), MISTYPED)
def test_a_member_that_the_operation_does_not_know_is_refused(
    steering: Steering, customers: dict[str, Any], pattern: dict[str, Any], place: str, name: str
) -> None:
    for each in (customers, {"operation": customers["operation"]}):
        answer = verify(steering, {**each, **pattern})
        assert answer.status == 400, answer.body
        [violation] = answer.json["violations"]
        assert violation["path"].endswith(place)
        assert f"did you mean {name!r}?" in answer.body.decode() or not name


@pytest.mark.parametrize(
    "pattern",
    [
        {"request": {"mode": "Add", "data": [{"email": "a", "phone": "b"}]}},
        {"request": {}},
        {"request": []},
        {"request": None},
        {"request": "text"},
        {"query": {}},
        {"request": {"mod": "Add"}, "outcome": "contract"},
        {"query": {"pge": "1"}, "outcome": "contract"},
        {"response": {}},
        {"response": "text"},
        {"response": {"any": 1}, "outcome": "fault"},
        {"response": {"any": 1}, "outcome": "breach"},
    ],
)
def test_a_pattern_that_a_call_can_fit_is_taken(
    steering: Steering, customers: dict[str, Any], pattern: dict[str, Any]
) -> None:
    assert verify(steering, {**customers, **pattern}).json == verify(steering, customers).json


RESPONSES: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("contacthub", "create_customer", {"extrnalId": "1"}, "/response/extrnalId", "externalId"),
    ("contacthub", "create_customer", {"base": {"contacts": {"emial": "a"}}}, "/base/contacts/emial", "email"),
    ("twc", "create_job", {"schedul": "* * * * * *"}, "/response/schedul", "schedule"),
]


@pytest.mark.parametrize(("vendor", "operation", "response", "place", "name"), RESPONSES)
def test_a_member_that_no_response_can_have_is_refused(
    steering: Steering, vendor: str, operation: str, response: dict[str, Any], place: str, name: str
) -> None:
    pattern = {"vendor": vendor, "operation": operation, "response": response}

    answer = verify(steering, pattern)
    assert answer.status == 400, answer.body
    [violation] = answer.json["violations"]
    assert violation["path"].endswith(place)
    assert f"did you mean {name!r}?" in answer.body.decode()

    for outcome in ("fault", "breach"):
        assert verify(steering, {**pattern, "outcome": outcome}).status == 200
    assert verify(steering, {**pattern, "outcome": "accepted"}).status == 400


def test_the_members_of_error_bodies_are_known_too(steering: Steering) -> None:
    answered = steering.understudy.vendors["contacthub"]
    path = "/@{world}" + answered.base_path + "/workspaces/x/customers/y"
    refused = call(steering.understudy.asgi, "GET", path.format(world="errors"))
    assert refused.status == 401
    pattern = {"operation": "get_customer", "response": dict.fromkeys(refused.json)}

    assert verify(steering, pattern).status == 200


def test_a_pattern_without_an_operation_may_have_any_member(steering: Steering) -> None:
    assert verify(steering, {"vendor": "ecdp", "request": {"any": {"thing": 1}}}).json["holds"]
    assert verify(steering, {"operation": "", "request": {"any": 1}}).json["holds"]


def test_the_journal_refuses_such_a_member_too(steering: Steering, customers: dict[str, Any]) -> None:
    query = f'vendor=ecdp&operation={customers["operation"]}&request={{"mod":1}}'.replace('"', "%22")
    answer = steering.ask("GET", f"/worlds/{{world}}/journal?{query}")
    assert answer.status == 400, answer.body
    assert b"'mod'" in answer.body


ANY: dict[str, Any] = {"type": "object"}
A_NAME: dict[str, Any] = {"type": "object", "properties": {"name": {"type": "string"}}}
SCHEMAS: dict[str, tuple[dict[str, Any], Any, bool]] = {
    "an open object": (ANY, {"any": 1}, True),
    "a closed object": ({**A_NAME, "additionalProperties": False}, {"nam": 1}, False),
    "known names": (A_NAME, {"nam": 1}, False),
    "known names and any other": ({**A_NAME, "additionalProperties": True}, {"nam": 1}, True),
    "names of one kind": ({"type": "object", "additionalProperties": A_NAME}, {"x": {"name": 1}}, True),
    "a wrong name below names of one kind": (
        {"type": "object", "additionalProperties": A_NAME},
        {"x": {"nam": 1}},
        False,
    ),
    "one of several": ({"oneOf": [A_NAME, {"type": "object", "properties": {"id": ANY}}]}, {"id": {"a": 1}}, True),
    "none of several": ({"oneOf": [A_NAME, {"type": "object", "properties": {"id": ANY}}]}, {"di": 1}, False),
    "all of several": ({"allOf": [A_NAME, {"required": ["name"]}]}, {"nam": 1}, False),
    "required of several": ({**A_NAME, "anyOf": [{"required": ["name"]}, {"required": ["id"]}]}, {"nam": 1}, False),
    "a list of lists": ({"type": "array", "items": {"type": "array", "items": A_NAME}}, [[{"nam": 1}]], False),
    "an item after a right one": ({"type": "array", "items": A_NAME}, [{"name": 1}, {"nam": 1}], False),
    "an object or text": ({"oneOf": [{"type": "string"}, A_NAME]}, {"nam": 1}, False),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_a_schema_knows_is_taken_and_nothing_else(company: Company, name: str) -> None:
    schema, pattern, is_taken = SCHEMAS[name]
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    company.write_spec("acme", operation_spec(requestBody=body))
    understudy = company.start()
    understudy.worlds.get_or_create("main")
    [operation] = understudy.vendors["acme"].operations
    expectation = {"calls": {"operation": operation.id, "request": pattern}, "exactly": 0}
    headers = {"content-type": "application/json"}
    target = f"{CONTROL_PATH}/worlds/main/verify"
    answer = call(understudy.asgi, "POST", target, headers=headers, body=json.dumps({"expect": [expectation]}).encode())
    assert answer.status == (200 if is_taken else 400), answer.body


CONTRADICTIONS: list[tuple[dict[str, Any], int, str]] = [
    ({"kind": "status", "lasting": 0}, 400, "lasting"),
    ({"kind": "latency", "delay": 1, "spread": 1}, 422, "spread has no use without a distribution"),
    ({"kind": "latency", "delay": 1, "spread": 0}, 422, "spread has no use without a distribution"),
    ({"kind": "latency", "delay": 1, "distribution": "fixed", "spread": 1}, 422, "fixed has no use for spread"),
    ({"kind": "latency", "delay": 1, "distribution": "normal"}, 422, "normal needs a spread"),
    ({"kind": "latency", "delay": 1, "distribution": "long_tailed"}, 422, "long_tailed needs a spread"),
    ({"kind": "status", "headers": {"X-A": "1", "x-a": "2"}, "unchecked": True}, 422, "'X-A' and 'x-a'"),
    ({"kind": "status", "headers": {"Retry-After": "1", "RETRY-AFTER": "1"}}, 422, "which are one header"),
]


@pytest.mark.parametrize(("fault", "status", "reason"), CONTRADICTIONS)
def test_a_fault_that_contradicts_itself_is_refused(
    steering: Steering, fault: dict[str, Any], status: int, reason: str
) -> None:
    answer = steering.ask("POST", "/worlds/{world}/faults", fault)
    assert (answer.status, reason in answer.body.decode()) == (status, True), answer.body
    assert steering.get("/worlds/{world}/faults") == []


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "lasting": 0.001},
        {"kind": "latency", "delay": 1, "distribution": "fixed"},
        {"kind": "latency", "delay": 1, "distribution": "normal", "spread": 0},
        {"kind": "status", "headers": {"X-A": "1", "X-B": "2"}, "unchecked": True},
    ],
)
def test_a_fault_beside_such_a_one_is_taken(steering: Steering, fault: dict[str, Any]) -> None:
    steering.post("/worlds/{world}/faults", fault, status=201)


def test_the_ids_of_faults_go_on_after_a_reset_and_a_restore(steering: Steering) -> None:
    def added() -> str:
        return str(steering.post("/worlds/{world}/faults", {"kind": "status", "times": 1}, status=201)["id"])

    assert [added(), added()] == ["fault-1", "fault-2"]
    steering.post("/worlds/{world}/reset")
    assert steering.get("/worlds/{world}/faults") == []
    assert added() == "fault-3"
    steering.ask("DELETE", "/worlds/{world}/faults")
    assert added() == "fault-4"
    steering.understudy.worlds.restore(steering.world_name, steering.understudy.worlds.initial_snapshot())
    assert added() == "fault-5"

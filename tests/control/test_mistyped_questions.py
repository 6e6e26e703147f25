"""Mistyped names in questions to the control API: each is refused with the nearest right one, none is ignored."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.asgi import call
from tests.contract.conftest import control_server
from tests.contract.control_examples import prepare_control_examples
from tests.control.conftest import Steering
from understudy.contract.compiled_operations import Operation
from understudy.contract.example_requests import example_requests
from understudy.core.world_names import CONTROL_PATH
from understudy.settings import MEBIBYTE

OPERATIONS = {operation.id: operation for operation in control_server().control_api.operations}
VIEWS = ("journal", "journal/har", "journal/curl")


def refused(steering: Steering, path: str) -> str:
    """Return the title of the refusal of a GET, which has to be 400."""
    answer = steering.ask("GET", path)
    assert answer.status == 400, answer.body
    return str(answer.json["title"])


def with_query(target: str, query: str) -> str:
    """Return the path of a request with one more query parameter."""
    return f"{CONTROL_PATH}{target}{'&' if '?' in target else '?'}{query}"


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_unknown_query_parameter_is_refused_by_every_operation(name: str) -> None:
    understudy, operation = control_server(), OPERATIONS[name]
    prepare_control_examples(understudy)
    usual = next(
        each for each in example_requests(understudy.control_api.document, operation, MEBIBYTE) if each.status < 300
    )
    headers = {**usual.headers, "Authorization": "Bearer understudy-token"}

    answer = call(
        understudy.asgi,
        operation.method.upper(),
        with_query(usual.target, "no_such=1"),
        headers=headers,
        body=usual.body,
    )

    assert answer.status == 400
    assert answer.json["violations"][0]["path"] == "no_such"
    assert answer.json["title"].startswith("there is no query parameter 'no_such' here")


def declared(operation: Operation) -> list[str]:
    return [parameter.name for parameter in operation.parameters if parameter.where == "query"]


@pytest.mark.parametrize(
    ("name", "parameter"), [(name, each) for name, operation in OPERATIONS.items() for each in declared(operation)]
)
def test_a_misspelt_query_parameter_is_refused_with_the_nearest(name: str, parameter: str) -> None:
    understudy, operation = control_server(), OPERATIONS[name]
    prepare_control_examples(understudy)
    usual = next(
        each for each in example_requests(understudy.control_api.document, operation, MEBIBYTE) if each.status < 300
    )
    misspelt = parameter[:-2] + parameter[:-3:-1]

    answer = call(
        understudy.asgi,
        operation.method.upper(),
        with_query(usual.target, f"{misspelt}=1"),
        headers={**usual.headers, "Authorization": "Bearer understudy-token"},
        body=usual.body,
    )

    assert (answer.status, answer.json["title"]) == (
        400,
        f"there is no query parameter {misspelt!r} here; did you mean {parameter!r}?",
    )


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("vendor=crmcon", "no vendor 'crmcon' is served; did you mean 'crmcom'?"),
        (
            "vendor=zz",
            "no vendor 'zz' is served (there are capillary, contacthub, crmcom, ecdp, twc)",
        ),
        ("vendor=%20", "no vendor ' ' is served (there are capillary, contacthub, crmcom, ecdp, twc)"),
        (
            "vendor=crmcom&operation=create_purchas",
            "crmcom has no operation 'create_purchas'; did you mean 'create_purchase'?",
        ),
        ("operation=create_purchas", "no vendor has an operation 'create_purchas'; did you mean 'create_purchase'?"),
        ("vendor=twc&operation=create_purchase", "twc has no operation 'create_purchase'; crmcom has one"),
        ("statsu=4xx", "there is no query parameter 'statsu' here; did you mean 'status'?"),
        ("outcome=acepted", "did you mean 'accepted'?"),
        ("status=4x", "(A status such as `404`, or the first digit of several such as `4xx`)"),
        ("status=4XX", '"4XX" does not match'),
        ("status=600", '"600" does not match'),
        (
            "since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z",
            "no time is both from 2026-01-02T00:00:00Z on and before 2026-01-01T00:00:00Z",
        ),
        (
            "since=2026-01-01T00:00:00Z&until=2026-01-01T00:00:00Z",
            "no time is both from 2026-01-01T00:00:00Z on and before 2026-01-01T00:00:00Z",
        ),
    ],
)
def test_a_question_that_no_call_can_fit_is_refused(steering: Steering, view: str, query: str, reason: str) -> None:
    steering.world  # noqa: B018 - creates the world

    assert reason in refused(steering, f"/worlds/{{world}}/{view}?{query}")


def test_a_right_question_is_answered(steering: Steering) -> None:
    steering.call_vendor("ecdp", "GET", "/no-such-path")
    window = "since=2000-01-01T00:00:00Z&until=2999-01-01T00:00:00Z"

    for query in ("vendor=ecdp", "operation=create_purchase", "vendor=crmcom&operation=create_purchase", window):
        steering.get(f"/worlds/{{world}}/journal?{query}")
    assert len(steering.get("/worlds/{world}/journal?vendor=ecdp&operation=")) == 1, "a call that no operation takes"


def test_an_unknown_vendor_of_messages_is_refused(steering: Steering) -> None:
    steering.world  # noqa: B018 - creates the world

    assert refused(steering, "/worlds/{world}/sent?vendor=twcc") == "no vendor 'twcc' is served; did you mean 'twc'?"
    assert steering.get("/worlds/{world}/sent?vendor=twc") == []


@pytest.mark.parametrize(
    ("expectation", "place", "reason"),
    [
        ({"calls": {"vendor": "crmcon"}}, "/expect/1/calls/vendor", "did you mean 'crmcom'?"),
        ({"calls": {"operation": "create_purchas"}}, "/expect/1/calls/operation", "did you mean 'create_purchase'?"),
        ({"calls": {"vendor": "twc", "operation": "create_purchase"}}, "/expect/1/calls/operation", "crmcom has one"),
        ({"calls": {"statsu": "4xx"}}, "/expect/1/calls/statsu", "did you mean 'status'?"),
        ({"calls": {"status": "4x"}}, "/expect/1/calls/status", "does not match"),
        ({"calls": {"status": 404}}, "/expect/1/calls/status", "not of type"),
        ({"calls": {"outcome": "refused"}}, "/expect/1/calls/outcome", "not one of"),
        ({"calls": {}, "exacly": 0}, "/expect/1/exacly", "did you mean 'exactly'?"),
        ({"calls": {}, "exactly": -1}, "/expect/1/exactly", "less than the minimum"),
        ({"call": {}}, "/expect/1/call", "did you mean 'calls'?"),
        ({"calls": {}, "exactly": 1, "at_most": 1}, "/expect/1", "exactly stands alone"),
        ({"calls": {}, "exactly": 1, "at_least": 1}, "/expect/1", "exactly stands alone"),
        ({"calls": {}, "at_least": 2, "at_most": 1}, "/expect/1", "no number is at least 2 and at most 1"),
        (
            {"calls": {"since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"}},
            "/expect/1/calls/until",
            "no time is both",
        ),
    ],
)
def test_an_expectation_that_no_call_can_meet_is_refused(
    steering: Steering, expectation: Any, place: str, reason: str
) -> None:
    steering.world  # noqa: B018 - creates the world

    body = {"expect": [{"calls": {"vendor": "ecdp"}, "exactly": 0}, expectation]}
    answer = steering.ask("POST", "/worlds/{world}/verify", body)

    assert answer.status == 400
    found = {each["path"]: each["message"] for each in answer.json["violations"]}
    assert reason in found[place]


def test_counts_that_meet_at_one_number_are_taken(steering: Steering) -> None:
    steering.world  # noqa: B018 - creates the world

    verdict = steering.post("/worlds/{world}/verify", {"expect": [{"calls": {}, "at_least": 1, "at_most": 1}]})

    assert verdict["findings"][0]["says"] == "0 calls fit, expected exactly 1"


def test_a_misspelt_member_of_any_body_is_refused_with_the_nearest(steering: Steering) -> None:
    steering.world  # noqa: B018 - creates the world

    for method, path, body, right in (
        ("POST", "/worlds/{world}/faults", {"kind": "status", "statsu": 503}, "status"),
        ("POST", "/worlds/{world}/faults", {"kind": "statsu"}, "status"),
        ("POST", "/worlds/{world}/clock/move", {"day": 1}, "days"),
        ("PUT", "/worlds/{world}/clock", {"rat": 1}, "rate"),
        ("POST", "/worlds", {"form": {"scenario": "start"}}, "from"),
        ("POST", "/worlds", {"from": {"scenaro": "start"}}, "scenario"),
    ):
        answer = steering.ask(method, path, body)
        assert answer.status == 400, body
        assert f"did you mean {right!r}?" in answer.json["title"], answer.json


def test_a_vendors_own_error_shows_no_hint_of_ours(steering: Steering) -> None:
    answer = steering.call_vendor("contacthub", "POST", "/workspaces", {"nam": "x"})

    assert "did you mean" not in answer.body.decode()


@pytest.mark.parametrize("name", ["request", "response"])
@pytest.mark.parametrize("text", ["{", "nope", '{"a": NaN}'])
def test_a_pattern_in_the_query_that_is_no_json_is_refused_in_no_words_of_a_parser(
    steering: Steering, name: str, text: str
) -> None:
    answer = steering.ask("GET", f"/worlds/{{world}}/journal?{name}={quote(text)}")
    assert answer.status == 400, answer.body
    assert f"{name} is no JSON text: " in answer.json["title"]
    assert not any(word in answer.json["title"] for word in ("char ", "unexpected", "expected"))

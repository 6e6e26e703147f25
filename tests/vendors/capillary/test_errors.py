"""Error responses for requests that break the spec."""

from typing import Any

import pytest

from understudy.core.refused import Cause, Refused, Violation
from understudy.vendors.capillary.errors import render


def rendered(where: str, path: str, rule: str, value: Any = None) -> tuple[int, str]:
    violation = Violation(where, path, rule, "the validator's words", value)
    reply = render(Refused(400, "x", violations=[violation], cause=Cause.CONTRACT))
    (error,) = reply.body["errors"]
    assert reply.body["warnings"] == []
    assert error["status"] is False
    return error["code"], error["message"]


@pytest.mark.parametrize(
    ("where", "path", "rule", "value", "code"),
    [
        ("body", "/eventName", "minLength", "", 1811),
        ("body", "/eventName", "required", None, 1811),
        ("query", "event_name", "required", None, 1811),
        ("body", "/actions", "required", None, 1810),
        ("body", "/actions/0", "enum", "SMSConsumer", 1810),
        ("body", "/fields/3/type", "pattern", "colour", 1823),
        ("body", "/fields/3/type", "required", None, 1823),
        ("body", "/fields/0/attributes/isRequired", "type", None, 1802),
        ("body", "/fields/0/attributes/a\nb/value", "type", 1, 1802),
        ("body", "/transformerType", "enum", "pipe", 1808),
        ("body", "/authMechanism", "enum", "none", 1839),
        ("body", "", "anyOf", {"authEnabled": True}, 1839),
        ("body", "", "anyOf", {"transformerType": "defaultTransformer"}, 400),
        ("query", "userIdentifierType", "enum", "fax", 1850),
        ("query", "use_standard_adapter_mappings", "type", "maybe", 400),
        ("header", "X-CAP-API-ATTRIBUTION-ENTITY-TYPE", "enum", "ROOM", 400),
        ("body", "", "malformed", None, 400),
        ("body", "/description", "type", 1, 400),
    ],
)
def test_a_violation_carries_the_code_of_the_rule_behind_it(
    where: str, path: str, rule: str, value: Any, code: int
) -> None:
    assert rendered(where, path, rule, value)[0] == code


def test_an_unknown_field_type_is_named() -> None:
    assert rendered("body", "/fields/0/type", "pattern", "colour")[1] == "colour invalid event field type"


@pytest.mark.parametrize(
    ("rule", "value", "words"),
    [("type", 7, "7"), ("type", None, "null"), ("type", ["string"], '["string"]'), ("required", {"name": "a"}, "null")],
)
def test_a_field_type_that_is_no_text_is_named_as_sent(rule: str, value: Any, words: str) -> None:
    assert rendered("body", "/fields/0/type", rule, value)[1] == f"{words} invalid event field type"


def test_a_wrong_parameter_of_a_search_is_named_in_the_vendors_words() -> None:
    words = "Invalid search request parameters `sortOrder`"

    assert rendered("query", "sortOrder", "pattern", "up") == (1850, words)


def test_every_fault_becomes_an_error() -> None:
    violations = [Violation("body", f"/fields/{n}/type", "pattern", "", f"colour{n}") for n in range(3)]

    assert len(render(Refused(400, "x", violations=violations)).body["errors"]) == 3


def test_two_violations_of_one_value_become_one_error() -> None:
    violations = [Violation("body", "/description", rule, rule, "") for rule in ("type", "minLength")]

    assert [each["message"] for each in render(Refused(400, "x", violations=violations)).body["errors"]] == ["type"]


def test_equal_errors_are_given_once() -> None:
    violations = [Violation("body", f"/actions/{n}", "enum", "", "SMSConsumer") for n in range(3)]

    assert len(render(Refused(400, "x", violations=violations)).body["errors"]) == 1


def test_a_refusal_without_a_code_carries_its_status() -> None:
    reply = render(Refused(404, "There is nothing here", cause=Cause.ROUTE, headers={"Allow": "GET"}))

    assert (reply.status, reply.headers) == (404, {"Allow": "GET"})
    assert reply.body["errors"] == [{"status": False, "code": 404, "message": "There is nothing here"}]


def test_a_request_without_credentials_gets_the_vendors_message() -> None:
    (error,) = render(Refused(401, "no valid credentials", cause=Cause.CREDENTIALS)).body["errors"]

    assert error["message"] == "Authentication failed. Please check username and password."

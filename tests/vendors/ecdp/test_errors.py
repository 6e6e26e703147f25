import pytest

from understudy.core.refused import Cause, Refused, Violation
from understudy.vendors.ecdp.errors import render


def test_a_broken_request_lists_every_error_as_a_text() -> None:
    violations = [
        Violation("body", "/customEventId", "required", "customEventId is required"),
        Violation("body", "/dataFields/0/type", "enum", "'Textual' is none of the values"),
        Violation("body", "", "anyOf", "none of the alternatives fits"),
        Violation("body", "", "malformed", "the body is not valid JSON"),
    ]
    reply = render(Refused(400, "customEventId is required", violations=violations, cause=Cause.CONTRACT))
    assert (reply.status, reply.media_type) == (400, "application/problem+json")
    assert reply.body["substatus"] == "CustomerInvalidModelState"
    assert reply.body["errors"] == [
        "customEventId: is required",
        "dataFields.0.type: 'Textual' is none of the values",
        "At least one customer identifier is required.",
        "the body is not valid JSON",
    ]


def test_a_broken_rule_is_the_only_error() -> None:
    assert render(Refused(400, "No.")).body["errors"] == ["No."]


def test_each_refused_record_has_its_reason() -> None:
    assert render(Refused(400, "No.", data=["data.0: a", "data.1: b"])).body["errors"] == ["data.0: a", "data.1: b"]


@pytest.mark.parametrize(
    ("status", "cause", "title"),
    [
        (401, Cause.CREDENTIALS, "Unauthorized"),
        (404, Cause.RULE, "Not found"),
        (404, Cause.ROUTE, "Not found"),
        (405, Cause.ROUTE, "Method not allowed"),
        (413, Cause.CONTRACT, "Request entity too large"),
        (415, Cause.CONTRACT, "Unsupported media type"),
        (599, Cause.RULE, "Error"),
    ],
)
def test_other_refusals_have_neither_errors_nor_substatus(status: int, cause: Cause, title: str) -> None:
    body = render(Refused(status, "", cause=cause)).body
    assert body.keys() == {"type", "title", "status", "detail", "instance"}
    assert (body["title"], body["status"]) == (title, status)
    assert body["detail"]


@pytest.mark.parametrize("data", [[], None, {}, {"data": "a"}, "a"])
def test_only_a_list_of_reasons_is_listed(data: object) -> None:
    assert render(Refused(400, "No.", data=data)).body["errors"] == ["No."]


def test_one_fault_gives_one_error() -> None:
    violations = [
        Violation("body", "/matchBy", "type", "7 is not a text"),
        Violation("body", "/matchBy", "enum", "7 is none of the values"),
        Violation("body", "/data", "required", "data is required"),
    ]
    reply = render(Refused(400, "x", violations=violations, cause=Cause.CONTRACT))

    assert reply.body["errors"] == ["matchBy: 7 is not a text", "data: is required"]


@pytest.mark.parametrize(
    ("path", "target", "words"),
    [
        ("/matchBy", "/customers", "matchBy: must be one of Email, PhoneNumber, CrmId, GUID or VisitorId"),
        ("/matchBy", "/orders", "matchBy: must be one of Email, PhoneNumber or CrmId"),
        ("/data/3/status", "/orders", "data.3.status: must be one of Placed, Paid, Completed or Cancelled"),
        ("/orderStatus", "/orders/status", "orderStatus: must be one of Placed, Paid, Completed or Cancelled"),
        (
            "/dataFields/0/type",
            "/scenariocustomevents",
            "dataFields.0.type: must be one of String, Text, Number, Money, Date, DateTime, Boolean or URL",
        ),
    ],
)
def test_a_value_that_is_none_of_a_list_gets_the_list(path: str, target: str, words: str) -> None:
    violation = Violation("body", path, "pattern", "does not match", "x")
    refused = Refused(400, "x", violations=[violation], cause=Cause.CONTRACT)
    refused.target = target

    assert render(refused).body["errors"] == [words]

import pytest

from understudy.core.refused import Cause, Refused, Violation
from understudy.vendors.twc.errors import render


def broken(*violations: Violation) -> Refused:
    return Refused(400, "broken", violations=violations, cause=Cause.CONTRACT)


def test_a_broken_rule_has_a_key_and_a_noun() -> None:
    reply = render(Refused(400, "taken", code="idexists", data="event"))
    assert (reply.status, reply.media_type) == (400, "application/problem+json")
    assert reply.body == {
        "type": "https://www.jhipster.tech/problem/problem-with-message",
        "title": "Bad Request",
        "status": 400,
        "detail": "taken",
        "path": "",
        "message": "error.idexists",
        "params": "event",
    }


@pytest.mark.parametrize(
    ("status", "cause", "title"),
    [
        (401, Cause.CREDENTIALS, "Unauthorized"),
        (403, Cause.CREDENTIALS, "Forbidden"),
        (404, Cause.ROUTE, "Not Found"),
        (405, Cause.ROUTE, "Method Not Allowed"),
        (413, Cause.CONTRACT, "Payload Too Large"),
        (415, Cause.CONTRACT, "Unsupported Media Type"),
    ],
)
def test_other_refusals_have_a_message_by_status(status: int, cause: Cause, title: str) -> None:
    body = render(Refused(status, "no", cause=cause)).body
    assert (body["title"], body["message"]) == (title, f"error.http.{status}")


def test_a_refusal_without_token_names_the_scheme() -> None:
    assert render(Refused(401, "no", cause=Cause.CREDENTIALS)).headers == {"WWW-Authenticate": "Bearer"}


def test_each_violation_has_the_name_of_javas_constraint() -> None:
    refused = broken(
        Violation("body", "/event_payload/operation", "required", "operation is required"),
        Violation("header", "X-TWC-Tenant", "pattern", "no match", "a b"),
        Violation("body", "/number_of_items_in_email", "minimum", "less than -1", -2),
    )
    refused.target = "/services/eventcollector/api/v1/events"
    assert render(refused).body["fieldErrors"] == [
        {"objectName": "event", "field": "event_payload.operation", "message": "NotNull"},
        {"objectName": "header", "field": "X-TWC-Tenant", "message": "Pattern"},
        {"objectName": "event", "field": "number_of_items_in_email", "message": "Min"},
    ]


@pytest.mark.parametrize(
    ("path", "noun"),
    [("events", "event"), ("event-subscription", "eventSubscription"), ("jobs", "job"), ("jobs/j-1", "job")],
)
def test_a_broken_constraint_names_the_object(path: str, noun: str) -> None:
    refused = broken(Violation("body", "/id", "pattern", "no match", "a/b"))
    refused.target = f"/services/eventcollector/api/v1/{path}"
    assert render(refused).body["fieldErrors"] == [{"objectName": noun, "field": "id", "message": "Pattern"}]


@pytest.mark.parametrize("rule", ["type", "enum"])
def test_a_value_of_another_type_or_no_choice_is_a_parse_error(rule: str) -> None:
    required = Violation("body", "/event_source", "required", "event_source is required")
    body = render(broken(required, Violation("body", "/entityType", rule, "no such kind", "SHOE"))).body
    assert (body["message"], body["detail"]) == ("error.http.400", "JSON parse error: entityType: no such kind")
    assert "fieldErrors" not in body


def test_a_parameter_of_another_type_is_a_conversion_error() -> None:
    body = render(broken(Violation("query", "is_active", "type", "no boolean", "maybe"))).body
    assert (body["message"], body["detail"]) == (
        "error.http.400",
        "Failed to convert the query parameter: is_active: no boolean",
    )


@pytest.mark.parametrize("rule", ["type", "enum", "required"])
def test_a_null_for_a_required_field_counts_as_absent(rule: str) -> None:
    body = render(broken(Violation("body", "/notification", rule, "null is no text"))).body
    assert [each["message"] for each in body["fieldErrors"]] == ["NotNull"]


def test_two_violations_of_one_constraint_are_one_error() -> None:
    twice = (Violation("body", "/notification", rule, "null is no text") for rule in ("type", "enum"))
    assert len(render(broken(*twice)).body["fieldErrors"]) == 1


def test_a_queue_without_its_details_lacks_them() -> None:
    refused = broken(Violation("body", "/destination", "anyOf", "none of the alternatives fits", {"type": "SQS"}))
    assert render(refused).body["fieldErrors"][0] == {
        "objectName": "body",
        "field": "destination.sqs",
        "message": "NotNull",
    }


@pytest.mark.parametrize("rule", ["required", "type"])
def test_a_destination_that_is_missing_or_null_is_what_lacks(rule: str) -> None:
    refused = broken(Violation("body", "/destination", rule, "destination is required"))
    assert render(refused).body["fieldErrors"] == [{"objectName": "body", "field": "destination", "message": "NotNull"}]


def test_a_token_request_without_a_form_lacks_its_first_field() -> None:
    refused = broken(Violation("body", "", "required", "a body is required"))
    refused.target = "/auth/realms/understudy/protocol/openid-connect/token"
    expected = {"error": "invalid_request", "error_description": "Missing form parameter: grant_type"}
    assert render(refused).body == expected


@pytest.mark.parametrize("rule", ["malformed", "required", "type"])
def test_an_unreadable_body_is_a_parse_error(rule: str) -> None:
    body = render(broken(Violation("body", "", rule, "the body is no JSON"))).body
    assert (body["message"], body["detail"]) == ("error.http.400", "JSON parse error: the body is no JSON")


@pytest.mark.parametrize("rule", ["required", "type"])
def test_an_update_without_id_has_the_key_idnull(rule: str) -> None:
    assert render(broken(Violation("body", "/id", rule, "id is required"))).body["message"] == "error.idnull"


@pytest.mark.parametrize(
    ("field", "rule", "code"),
    [
        ("grant_type", "required", "invalid_request"),
        ("client_secret", "repeated", "invalid_request"),
        ("grant_type", "type", "invalid_request"),
    ],
)
def test_an_invalid_token_form_has_keycloaks_error(field: str, rule: str, code: str) -> None:
    reply = render(broken(Violation("body", f"/{field}", rule, "broken")))
    assert (reply.status, reply.body["error"]) == (400, code)
    assert reply.body["error_description"]


def test_an_unknown_realm_has_no_code() -> None:
    assert render(Refused(404, "Realm does not exist", code="realm")).body == {"error": "Realm does not exist"}

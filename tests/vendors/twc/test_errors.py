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
        Violation("body", "/entityType", "enum", "no such kind", "SHOE"),
    )
    assert render(refused).body["fieldErrors"] == [
        {"objectName": "body", "field": "event_payload.operation", "message": "NotNull"},
        {"objectName": "header", "field": "X-TWC-Tenant", "message": "Pattern"},
        {"objectName": "body", "field": "entityType", "message": "no such kind"},
    ]


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

import pytest

from understudy.core.refused import Cause, Refused, Violation
from understudy.vendors.twc.errors import render


def broken(*violations: Violation) -> Refused:
    return Refused(400, "broken", violations=violations, cause=Cause.CONTRACT)


def test_a_rule_is_told_by_its_key_and_noun() -> None:
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
def test_other_refusals_are_told_by_their_status(status: int, cause: Cause, title: str) -> None:
    body = render(Refused(status, "no", cause=cause)).body
    assert (body["title"], body["message"]) == (title, f"error.http.{status}")


def test_who_has_no_token_is_told_the_scheme() -> None:
    assert render(Refused(401, "no", cause=Cause.CREDENTIALS)).headers == {"WWW-Authenticate": "Bearer"}


def test_each_broken_place_is_told_in_javas_words() -> None:
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
def test_a_body_that_cannot_be_read_is_told_so(rule: str) -> None:
    body = render(broken(Violation("body", "", rule, "the body is no JSON"))).body
    assert (body["message"], body["detail"]) == ("error.http.400", "JSON parse error: the body is no JSON")


@pytest.mark.parametrize("rule", ["required", "type"])
def test_a_change_without_id_is_told_so(rule: str) -> None:
    assert render(broken(Violation("body", "/id", rule, "id is required"))).body["message"] == "error.idnull"


@pytest.mark.parametrize(
    ("field", "rule", "code"),
    [
        ("grant_type", "required", "invalid_request"),
        ("client_secret", "repeated", "invalid_request"),
        ("grant_type", "type", "invalid_request"),
    ],
)
def test_a_broken_token_form_is_told_in_keycloaks_words(field: str, rule: str, code: str) -> None:
    reply = render(broken(Violation("body", f"/{field}", rule, "broken")))
    assert (reply.status, reply.body["error"]) == (400, code)
    assert reply.body["error_description"]


def test_an_unknown_realm_has_no_code() -> None:
    assert render(Refused(404, "Realm does not exist", code="realm")).body == {"error": "Realm does not exist"}

import re
from http import HTTPStatus
from typing import Any

import pytest

from understudy.contract.document import load_document
from understudy.core.data_folder import data_folder
from understudy.core.refused import Cause, Refused, Violation
from understudy.vendors.crmcom.errors import ENVELOPED, Key, render


@pytest.mark.parametrize(
    ("status", "key"),
    [
        (400, Key.INVALID_REQUEST),
        (401, Key.INVALID_LOGIN),
        (403, Key.INVALID_LOGIN),
        (404, Key.NOT_FOUND),
        (405, Key.METHOD_NOT_ALLOWED),
        (413, Key.TOO_LARGE),
        (415, Key.UNSUPPORTED_MEDIA_TYPE),
        (418, Key.INVALID_REQUEST),
    ],
)
def test_a_refusal_without_a_key_has_the_key_of_its_status(status: int, key: Key) -> None:
    reply = render(Refused(status, "why", headers={"Allow": "GET"}))

    assert (reply.status, reply.body) == (status, {"error": key, "description": "why"})
    assert reply.headers == {"Allow": "GET"}


def test_the_key_of_a_refusal_comes_before_the_key_of_its_status() -> None:
    assert render(Refused(400, "why", code=Key.INVALID_STATE)).body["error"] == Key.INVALID_STATE


def test_a_contact_named_twice_has_a_key_of_its_own() -> None:
    violation = Violation("body", "", "oneOf", "only one of contact_id, cim may be given", value={})

    reply = render(Refused(400, "why", violations=[violation], cause=Cause.CONTRACT))

    assert reply.body["error"] == "COM.CRM.EXCEPTIONS.CONTACTUNIQUELYIDENTIFYEXCEPTION"


def test_the_description_lists_every_violation() -> None:
    violations = [Violation("body", "/cim", "type", "is no string"), Violation("query", "size", "maximum", "too large")]

    reply = render(Refused(400, "why", violations=violations, cause=Cause.CONTRACT))

    assert reply.body["error"] == Key.INVALID_REQUEST
    assert reply.body["description"] == "body /cim: is no string; query size: too large"


def test_the_key_of_a_full_server_is_that_of_its_status() -> None:
    reply = render(Refused(507, "the server has 8 worlds, which is its limit: delete some"))
    assert reply.body["error"] == "CRM.EXCEPTIONS.INSUFFICIENTSTORAGEEXCEPTION"
    assert reply.body["description"] == "the server has 8 worlds, which is its limit: delete some"


PHRASES_FROM_500 = [status for status in HTTPStatus if status >= 500]


def declared(*pointer: str) -> Any:
    """Return a part of the spec."""
    found: Any = load_document(data_folder("specs") / "crmcom.yaml").raw
    for name in pointer:
        found = found[name]
    return found


def test_every_key_that_an_error_may_have_is_declared_and_no_other() -> None:
    """Statuses that HTTP does not name have a pattern of their own, as a fault may have them."""
    of_status = {str(render(Refused(status, "why")).body["error"]) for status in range(400, 600)}
    known, unnamed = declared("components", "schemas", "Error", "properties", "error", "anyOf")

    others = {key for key in of_status if re.match(unnamed["pattern"], key)}
    assert (of_status - others) | set(Key) == set(known["enum"])
    assert "CRM.EXCEPTIONS.STATUS599EXCEPTION" in others
    assert len(others) + len(PHRASES_FROM_500) == 100


def test_every_code_of_an_envelope_is_the_last_word_of_a_key() -> None:
    schemas = declared("components", "schemas")
    code, error = (
        schemas["FailureEnvelope"]["properties"]["status"]["properties"]["code"]["anyOf"],
        schemas["Error"]["properties"]["error"]["anyOf"],
    )

    assert code[0]["enum"] == [key.rpartition(".")[2] for key in error[0]["enum"]]
    assert error[1]["pattern"] == code[1]["pattern"].replace("^", "^CRM[.]EXCEPTIONS[.]")
    assert "OK" not in code[0]["enum"]


def test_the_operations_with_an_envelope_are_those_of_the_spec() -> None:
    operations = [node for item in declared("paths").values() for node in item.values()]

    assert {node["operationId"] for node in operations if "x-refused-with" in node} == ENVELOPED
    assert {node["operationId"] for node in operations if "security" in node} == ENVELOPED
    assert {node.get("x-refused-with", 200) for node in operations} == {200}


@pytest.mark.parametrize("operation", sorted(ENVELOPED))
@pytest.mark.parametrize(("status", "sent"), [(400, 200), (401, 200), (404, 200), (413, 413), (415, 415)])
def test_a_failure_of_an_older_call_is_in_its_envelope(operation: str, status: int, sent: int) -> None:
    refused = Refused(status, "why", headers={"X-More": "1"})
    refused.operation = operation

    reply = render(refused)

    code = str(render(Refused(status, "why")).body["error"]).rpartition(".")[2]
    assert reply.body == {"status": {"code": code, "message": "why", "description": "why"}, "data": {}}
    assert (reply.status, reply.headers) == (sent, {"X-More": "1"})


@pytest.mark.parametrize("cause", [Cause.FAULT, Cause.LIMIT])
@pytest.mark.parametrize("status", [400, 401, 429, 503, 507, 599])
def test_a_fault_and_a_limit_of_an_older_call_keep_their_status(cause: Cause, status: int) -> None:
    refused = Refused(status, "why", cause=cause)
    refused.operation = "create_token"

    assert render(refused).status == status


@pytest.mark.parametrize("status", [404, 405])
@pytest.mark.parametrize(
    ("path", "is_enveloped"),
    [
        ("/crmapi/rest/v2/customer_events/purchases/list", True),
        ("/crmapi/rest/v2/authentication/token", True),
        ("/crmapi/rest/v2/purchases", False),
        ("/crmapi/rest/v2/customer_event", False),
    ],
)
def test_an_unknown_route_of_the_older_generation_has_its_envelope(
    status: int, path: str, *, is_enveloped: bool
) -> None:
    refused = Refused(status, "why", cause=Cause.ROUTE)
    refused.target = path

    reply = render(refused)

    assert (reply.status, "status" in reply.body) == (status, is_enveloped)


def test_a_violation_of_the_whole_body_has_no_empty_place() -> None:
    violation = Violation("body", "", "required", "the body is missing")

    assert render(Refused(400, "why", violations=[violation])).body["description"] == "body: the body is missing"

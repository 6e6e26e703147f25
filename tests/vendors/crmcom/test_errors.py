import pytest

from understudy.core.refused import Cause, Refused, Violation
from understudy.vendors.crmcom.errors import Key, render


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
    violation = Violation("body", "", "oneOf", "none of the alternatives fits")

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

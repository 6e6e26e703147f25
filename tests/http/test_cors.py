"""CORS: preflights, headers that pages may read, and the option that lets pages call every vendor."""

import pytest

from tests.acme import Company, spec
from tests.asgi import Answer, call
from understudy.app import Understudy, create_app
from understudy.settings import Settings

ORIGIN = {"Origin": "https://shop.example"}
ALLOWED, METHODS, EXPOSED = (f"access-control-{name}" for name in ("allow-origin", "allow-methods", "expose-headers"))


def preflight(understudy: Understudy, path: str, method: str = "GET") -> Answer:
    headers = {**ORIGIN, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "authorization"}
    return call(understudy.asgi, "OPTIONS", path, headers=headers)


@pytest.fixture
def acme(company: Company) -> Understudy:
    company.write_spec("acme", spec(**{"x-cors": True}))
    return company.start()


@pytest.mark.parametrize(
    "path", ["/acme/thin", "/acme", "/acme/thing/", "/@w/acme/nowhere", "/acm/thing", "/%40w/acme"]
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_preflight_on_an_unknown_path_is_answered_and_the_404_can_be_read(
    acme: Understudy, path: str, method: str
) -> None:
    asked = preflight(acme, path, method)
    assert (asked.status, asked.headers[METHODS]) == (204, method)
    assert (asked.headers[ALLOWED], asked.headers["access-control-allow-headers"]) == ("*", "authorization")

    answer = call(acme.asgi, method, path, headers=ORIGIN)
    assert (answer.status, answer.headers[ALLOWED]) == (404, "*")


def test_a_preflight_for_another_method_is_answered_and_the_405_can_be_read(acme: Understudy) -> None:
    assert preflight(acme, "/acme/thing", "DELETE").headers[METHODS] == "GET, HEAD, DELETE"
    assert preflight(acme, "/acme/thing", "HEAD").headers[METHODS] == "GET, HEAD"
    assert "evil" not in preflight(acme, "/acme/thing", "x, evil").headers[METHODS]

    answer = call(acme.asgi, "DELETE", "/acme/thing", headers=ORIGIN)
    assert (answer.status, answer.headers[ALLOWED]) == (405, "*")


def test_options_without_a_requested_method_is_no_preflight(acme: Understudy) -> None:
    assert call(acme.asgi, "OPTIONS", "/acme/thing", headers=ORIGIN).status == 405
    assert call(acme.asgi, "OPTIONS", "/acme/nowhere", headers=ORIGIN).status == 404


@pytest.mark.parametrize("path", ["/acme/thing", "/acme/thin", "/@w/acme/thing"])
def test_a_page_may_read_every_header_of_our_own(acme: Understudy, path: str) -> None:
    headers = call(acme.asgi, "GET", path, headers=ORIGIN).headers

    assert set(headers[EXPOSED].split(", ")) == {name for name in headers if name.startswith("understudy-")}
    assert "understudy-fidelity" in headers[EXPOSED]
    assert EXPOSED not in call(acme.asgi, "GET", path).headers


@pytest.mark.parametrize("path", ["/_understudy/api/worlds", "/_understudy/api/nowhere", "/_understudy/nowhere"])
def test_the_control_api_answers_no_preflight(acme: Understudy, path: str) -> None:
    answer = preflight(acme, path)

    assert answer.status in {403, 404, 405}
    assert ALLOWED not in answer.headers


def test_a_vendor_whose_spec_does_not_allow_pages_answers_no_preflight(company: Company) -> None:
    company.write_spec("acme", spec())
    understudy = company.start()

    for path in ("/acme/thing", "/acme/thin", "/nowhere"):
        assert preflight(understudy, path).status in {404, 405}
        assert ALLOWED not in call(understudy.asgi, "GET", path, headers=ORIGIN).headers


def test_the_option_lets_pages_call_every_vendor() -> None:
    understudy = create_app(Settings(allows_cors=True))

    for served in understudy.vendors.values():
        for operation in served.operations:
            path = served.base_path + operation.path.replace("{", "").replace("}", "")
            answer = preflight(understudy, path, operation.method.upper())
            assert (answer.status, answer.headers[ALLOWED]) == (204, "*"), path
            assert operation.method.upper() in answer.headers[METHODS].split(", ")
    assert ALLOWED not in preflight(understudy, "/_understudy/api/worlds").headers

"""Hints of refusals: the nearest path, the methods, and where the credentials are shown."""

import pytest

from tests.acme import Company, Json, spec
from tests.asgi import Answer, call
from tests.http.case import Case, needs
from tests.http.test_bad_requests import sign_in_headers
from understudy.app import Understudy, create_app
from understudy.settings import Settings
from understudy.state.faults import Fault

PURCHASES = "/crmcom/crmapi/rest/v2/purchases"
HEALTH = "/contacthub/hub/v1/health"
CUSTOMERS = "/contacthub/hub/v1/workspaces/w/customers"
HINT = "understudy-hint"


def get(understudy: Understudy, path: str, **headers: str) -> Answer:
    return call(understudy.asgi, "GET", path, headers=headers)


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        (f"{PURCHASES}/", PURCHASES),
        ("/crmcom/crmapi/rest/v2//purchases", PURCHASES),
        ("//crmcom/crmapi/rest/v2/purchases", PURCHASES),
        ("/crmcom//crmapi/rest/v2/purchases//", PURCHASES),
        (f"{PURCHASES}/7/", f"{PURCHASES}/7"),
        ("/crmcom/purchases", PURCHASES),
        ("/crmapi/rest/v2/purchases", PURCHASES),
        ("/crmcom/rest/v2/purchases", PURCHASES),
        ("/crmcom/crmapi/rest/v2/crmapi/rest/v2/purchases", PURCHASES),
        ("/crmcom/crmapi/rest/v1/purchases", PURCHASES),
        ("/crmcom/crmapi/rest/v2/purchase", PURCHASES),
        ("/crmcom/crmapi/rest/v2/Purchases", PURCHASES),
        ("/CRMCOM/crmapi/rest/v2/purchases", PURCHASES),
        ("/crmcon/crmapi/rest/v2/purchases", PURCHASES),
        ("/contacthub/crmapi/rest/v2/purchases", PURCHASES),
        ("/ecdp/hub/v1/health", HEALTH),
        ("/hub/v1/health", HEALTH),
        ("/contacthub/health", HEALTH),
        ("/%40w-1/contacthub/hub/v1/health", f"/@w-1{HEALTH}"),
        ("/@w-1%2Fcontacthub/hub/v1/health", f"/@w-1{HEALTH}"),
        (f"/@w-1{HEALTH}/", f"/@w-1{HEALTH}"),
        ("/@w-1//contacthub/hub/v1/health", f"/@w-1{HEALTH}"),
        ("/contacthub/@w-1/hub/v1/health", f"/@w-1{HEALTH}"),
        ("/contacthub/hub/v1/workspaces/w/custmers/c", f"{CUSTOMERS}/c"),
        ("/contacthub/hub/v1/workspace/w/customers/c", f"{CUSTOMERS}/c"),
        ("/ecdp/customer/email/a%40b.example", "/ecdp/customers/email/a%40b.example"),
        ("/_understudy/api/wrlds", "/_understudy/api/worlds"),
        ("/_understudy/health", "/_understudy/api/health"),
        ("/worlds/main/clock", "/_understudy/api/worlds/main/clock"),
    ],
)
def test_an_unknown_path_names_the_nearest(understudy: Understudy, path: str, nearest: str) -> None:
    answer = get(understudy, path)

    assert answer.status == 404
    assert answer.headers[HINT].split(";")[0] == f"did you mean {nearest}?"


def test_a_trailing_slash_names_the_path_without_it(case: Case) -> None:
    path, _, query = case.usual.target.partition("?")
    answer = case.send(f"{path}/?{query}" if query else f"{path}/")

    if case.served.document.raw.get("x-trailing-slash"):
        assert answer.status == case.usual.status
    else:
        assert answer.status == 404
        assert answer.headers[HINT].split(";")[0] == f"did you mean {case.prefix}{path}?"


def test_a_path_without_the_base_path_names_the_whole(case: Case) -> None:
    path = case.usual.target.partition("?")[0]
    answer = call(case.understudy.asgi, "GET", f"/@{case.world}/{case.operation.vendor}{path}")

    if case.served.base_path != case.served.mount.prefix:
        assert answer.status == 404
        assert answer.headers[HINT].split(";")[0] == f"did you mean {case.prefix}{path}?"


def test_a_path_on_the_vendors_own_host_is_named_without_prefix(understudy: Understudy) -> None:
    host = "api.contactlab.it"

    for path, nearest in (
        ("/hub/v1/health/", "/hub/v1/health"),
        (HEALTH, "/hub/v1/health"),
        ("/@w-1/hub/v1/helth", "/@w-1/hub/v1/health"),
        ("/hub/@w-1/v1/health", "/@w-1/hub/v1/health"),
        ("/crmapi/rest/v2/purchases", f"{PURCHASES} at the server's own address"),
    ):
        hint = get(understudy, path, host=host).headers[HINT]
        assert hint.split(";")[0] == f"did you mean {nearest}?"


@pytest.mark.parametrize("path", ["/favicon.ico", f"/crmcom/{'x' * 2000}", "/crmcom" + "/a" * 400])
def test_a_path_unlike_any_has_no_hint(understudy: Understudy, path: str) -> None:
    answer = get(understudy, path)

    assert answer.status == 404
    assert HINT not in answer.headers


def test_a_hint_is_plain_text_for_any_path(understudy: Understudy) -> None:
    hint = get(understudy, f"{PURCHASES}/%0D%0AX-Evil:%201%C3%A9/").headers[HINT]

    assert hint.isascii()
    assert hint.isprintable()


@pytest.mark.parametrize(
    ("method", "path", "hint"),
    [
        ("get", PURCHASES, "methods are in capitals: did you mean GET?"),
        ("BREW", PURCHASES, "taken here: GET, HEAD, POST"),
        ("DELETE", CUSTOMERS, f"taken here: GET, HEAD, POST; DELETE is taken at {CUSTOMERS}/{{customerId}}"),
        (
            "DELETE",
            f"/@w-1{CUSTOMERS}",
            f"taken here: GET, HEAD, POST; DELETE is taken at /@w-1{CUSTOMERS}/{{customerId}}",
        ),
    ],
)
def test_another_method_names_those_that_are_taken(understudy: Understudy, method: str, path: str, hint: str) -> None:
    answer = call(understudy.asgi, method, path)

    assert (answer.status, answer.headers[HINT]) == (405, hint)


@needs("security")
def test_a_refusal_of_credentials_shows_where_they_are(case: Case) -> None:
    for given in (None, "nobody"):
        answer = case.send(headers=dict.fromkeys(sign_in_headers(case), given))

        case.assert_refused(answer, by="credentials", status=401)
        assert "understudy credentials" in answer.headers[HINT]
        assert f"/_understudy/api/worlds/{case.world}/credentials" in answer.headers[HINT]


def test_refused_secrets_of_a_token_request_have_the_hint(understudy: Understudy) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    body = b"grant_type=client_credentials&client_id=understudy-client&client_secret=guessed"
    path = "/twc/auth/realms/understudy/protocol/openid-connect/token"

    answer = call(understudy.asgi, "POST", path, headers=form, body=body)

    assert answer.status == 401
    assert "understudy credentials" in answer.headers[HINT]


def test_a_forbidden_workspace_has_the_hint(understudy: Understudy) -> None:
    token = understudy.credentials("")["contacthub"]["token"]

    answer = get(understudy, "/contacthub/hub/v1/workspaces/other", authorization=f"Bearer {token}")

    assert answer.status == 403
    assert "understudy credentials" in answer.headers[HINT]


def test_an_injected_401_has_no_hint_at_the_credentials(company: Company) -> None:
    company.write_spec("acme", spec())
    understudy = company.start()
    world = understudy.worlds.get_or_create()
    world.faults.add(Fault("status", status=401), world.clock.timestamp())

    answer = get(understudy, "/acme/thing")

    assert (answer.status, HINT in answer.headers) == (401, False)


def test_the_control_api_asks_for_its_token() -> None:
    answer = get(create_app(Settings(token="t-0", vendors=("ecdp",))), "/_understudy/api/worlds")

    assert answer.status == 401
    assert "UNDERSTUDY_TOKEN" in answer.headers[HINT]


def slashed(path: str, **changes: object) -> Json:
    document = spec(**changes)
    document["paths"] = {path: document["paths"].pop("/thing")}
    return document


@pytest.mark.parametrize("path", ["/thing", "/thing/"])
def test_a_vendor_takes_paths_with_and_without_a_slash_if_its_spec_declares_it(company: Company, path: str) -> None:
    company.write_spec("acme", slashed(path, **{"x-trailing-slash": True}))
    asgi = company.start().asgi

    assert [call(asgi, "GET", f"/acme/thing{end}").status for end in ("", "/", "//")] == [200, 200, 404]
    assert call(asgi, "POST", "/acme/thing/").status == 405


@pytest.mark.parametrize(("path", "other"), [("/thing", "/thing/"), ("/thing/", "/thing")])
def test_a_slash_at_the_end_counts_if_the_spec_does_not_declare_it(company: Company, path: str, other: str) -> None:
    company.write_spec("acme", slashed(path))
    asgi = company.start().asgi

    assert call(asgi, "GET", f"/acme{path}").status == 200
    assert call(asgi, "GET", f"/acme{other}").status == 404

from base64 import b64encode

import pytest

from tests.acme import Company, Json, operation_spec, refuses
from tests.asgi import Answer, call
from understudy.app import Understudy, create_app
from understudy.core.caller import BasicCredentials
from understudy.core.misconfigured import Misconfigured
from understudy.http.authentication import read_basic, read_bearer, read_header
from understudy.settings import Settings

SCHEMES: dict[str, Json] = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "login": {"type": "http", "scheme": "basic"},
    "token": {"type": "http", "scheme": "bearer"},
    "grant": {"type": "oauth2", "flows": {}},
}
SECURITY = """
from understudy.core.caller import Caller

def key(state, credential):
    return Caller("key") if credential == "right" else None

def login(state, credential):
    return Caller("login") if credential.password == "right" else None

def token(state, credential):
    return Caller("token", frozenset({"read"})) if credential == "right" else None

def grant(state, credential):
    return Caller("grant", frozenset({"read", "write"})) if credential == "writer" else token(state, credential)
"""
OPERATION = """
from understudy.core.reply import Reply

def get_thing(state, caller):
    return Reply({"name": caller.name})
"""
ERRORS = """
from understudy.core.reply import Reply

def render(refused):
    return Reply({"said": refused.message}, refused.status, refused.headers)
"""
BEARER = {"Authorization": "Bearer right"}
KEY = {"X-Key": "right"}
LOGIN = {"Authorization": f"Basic {b64encode(b'me:right').decode()}"}


def secured(company: Company, security: list[Json], **settings: bool) -> Understudy:
    document = operation_spec(security=security)
    responses = document["paths"]["/thing"]["get"]["responses"]
    responses |= {"401": refuses(), "403": refuses()}
    used = {name for alternative in security for name in alternative}
    document["components"] = {"securitySchemes": {name: SCHEMES[name] for name in used}}
    company.write_spec("acme", document)
    company.write_folder("acme", {"operations/things": OPERATION, "security": SECURITY, "errors": ERRORS})
    return company.start(**settings)


def ask(understudy: Understudy, headers: dict[str, str] | None = None) -> Answer:
    return call(understudy.asgi, "GET", "/acme/thing", headers=headers)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (b"Basic " + b64encode(b"me:secret"), BasicCredentials("me", "secret")),
        (b"bAsIc  " + b64encode(b"me:secret"), BasicCredentials("me", "secret")),
        (b"Basic " + b64encode(b"me:a:b"), BasicCredentials("me", "a:b")),
        (b"Basic " + b64encode(b":"), BasicCredentials("", "")),
        (b"Basic " + b64encode("m\xe9:\u20ac".encode()), BasicCredentials("m\xe9", "\u20ac")),
        (b"Basic " + b64encode(b"me"), BasicCredentials("me", "")),
        (b"Basic " + b64encode("m\xe9".encode()), BasicCredentials("m\xe9", "")),
        (b"Basic " + b64encode(b"\xff:x"), None),
        (b"Basic bWU6c2VjcmV0!", None),
        (b"Basic bWU6c2VjcmV", None),
        (b"Basic", None),
        (b"Basic ", None),
        (b"Bearer " + b64encode(b"me:secret"), None),
        (b"", None),
        (b"\xff\xfe", None),
    ],
)
def test_a_basic_header_is_read_if_it_is_well_formed(header: bytes, found: BasicCredentials | None) -> None:
    assert read_basic({b"authorization": header}) == found


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (b"Bearer x.y", "x.y"),
        (b"bearer  x ", "x"),
        (b"Bearer", None),
        (b"Bearer ", None),
        (b"Basic x", None),
        (b"", None),
    ],
)
def test_a_bearer_header_is_read_if_there_is_a_token(header: bytes, found: str | None) -> None:
    assert read_bearer({b"authorization": header}) == found


def test_a_key_is_read_from_its_header() -> None:
    read = read_header("X-Key")

    assert read({b"x-key": b" right "}, b"") == "right"
    assert read({b"x-key": b" "}, b"") is None
    assert read({}, b"") is None


def test_any_alternative_admits(company: Company) -> None:
    understudy = secured(company, [{"key": []}, {"login": []}])

    assert ask(understudy, KEY).json == {"name": "key"}
    assert ask(understudy, LOGIN).json == {"name": "login"}
    assert ask(understudy, {**KEY, "Authorization": "Basic wrong"}).json == {"name": "key"}


def test_a_scheme_that_decides_is_not_made_good_by_another(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCHEMES, "key", {**SCHEMES["key"], "x-decides": True})
    understudy = secured(company, [{"login": []}, {"key": []}])

    assert ask(understudy, {**LOGIN, "X-Key": "wrong"}).status == 401
    assert ask(understudy, {**LOGIN, "X-Key": " "}).json == {"name": "login"}
    assert ask(understudy, LOGIN).json == {"name": "login"}
    assert ask(understudy, {**KEY, "Authorization": "Basic wrong"}).json == {"name": "key"}


def test_a_scheme_that_decides_leaves_what_is_open_to_all_open(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SCHEMES, "key", {**SCHEMES["key"], "x-decides": True})
    understudy = secured(company, [{"key": []}, {"login": []}, {}])

    assert ask(understudy, {**LOGIN, "X-Key": "wrong"}).json == {"name": "someone"}


def test_an_alternative_of_two_needs_both(company: Company) -> None:
    understudy = secured(company, [{"key": [], "login": []}])

    assert ask(understudy, {**KEY, **LOGIN}).status == 200
    assert ask(understudy, KEY).status == 401
    assert ask(understudy, LOGIN).status == 401


def test_an_empty_alternative_admits_anyone(company: Company) -> None:
    understudy = secured(company, [{"key": []}, {}])

    assert ask(understudy).status == 200
    assert ask(understudy, KEY).json == {"name": "key"}


def test_a_refusal_names_the_challenges(company: Company) -> None:
    answer = ask(secured(company, [{"key": []}, {"login": []}, {"token": []}]))

    assert answer.status == 401
    assert answer.headers["www-authenticate"] == 'Basic realm="acme", Bearer realm="acme"'


def test_a_known_caller_without_the_scope_is_refused_with_403(company: Company) -> None:
    understudy = secured(company, [{"grant": ["write"]}])

    assert ask(understudy, BEARER).status == 403
    assert ask(understudy, {"Authorization": "Bearer nobody"}).status == 401
    assert ask(understudy, {"Authorization": "Bearer writer"}).json == {"name": "grant"}


def test_a_caller_needs_every_scope(company: Company) -> None:
    understudy = secured(company, [{"grant": ["read", "write"]}])

    assert ask(understudy, BEARER).status == 403
    assert ask(understudy, {"Authorization": "Bearer writer"}).json == {"name": "grant"}


def test_under_auth_any_a_well_formed_credential_is_accepted(company: Company) -> None:
    understudy = secured(company, [{"grant": ["write"]}], is_strict=False)

    assert ask(understudy, {"Authorization": "Bearer nobody"}).json == {"name": "anyone"}
    assert ask(understudy, {"Authorization": "Basic nobody"}).status == 401
    assert ask(understudy).status == 401


def test_under_auth_any_a_name_without_a_colon_is_accepted(company: Company) -> None:
    named = {"Authorization": f"Basic {b64encode(b'a9f3').decode()}"}

    assert ask(secured(company, [{"login": []}], is_strict=False), named).json == {"name": "anyone"}


def test_a_name_without_a_colon_has_no_password(company: Company) -> None:
    named = {"Authorization": f"Basic {b64encode(b'right').decode()}"}

    assert ask(secured(company, [{"login": []}]), named).status == 401


def test_under_auth_any_a_known_credential_is_still_known(company: Company) -> None:
    understudy = secured(company, [{"key": []}], is_strict=False)

    assert ask(understudy, KEY).json == {"name": "key"}


def test_an_unsupported_security_scheme_stops_the_start(company: Company) -> None:
    document = operation_spec(security=[{"key": []}])
    document["components"] = {"securitySchemes": {"key": {"type": "mutualTLS"}}}
    company.write_spec("acme", document)

    with pytest.raises(Misconfigured, match="acme: security scheme 'key' is of a kind that is not understood"):
        company.start()


@pytest.fixture(scope="module")
def lenient() -> Understudy:
    return create_app(Settings(is_strict=False))


def test_under_auth_any_every_vendor_accepts_unknown_credentials(lenient: Understudy) -> None:
    nobody = f"Basic {b64encode(b'nobody:').decode()}"
    for served in lenient.vendors.values():
        for operation in served.operations:
            schemes = [requirement for part in operation.security for requirement in part]
            headers = {
                each.node.get("name", "Authorization"): {"basic": nobody, "apiKey": "nobody"}.get(
                    each.node.get("scheme", each.node["type"]), "Bearer nobody"
                )
                for each in schemes
            }
            target = f"/@{operation.id}{served.base_path}{operation.path}"

            answer = call(lenient.asgi, operation.method.upper(), target, headers=headers)

            assert answer.headers.get("understudy-refused-by") != "credentials", operation.id
            assert answer.status != 500, (operation.id, answer.body)

"""Redaction of credentials: in every place of an exchange, and in every view of the journal."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.acme import Company, operation_spec
from tests.asgi import call
from tests.control.conftest import Steering
from understudy.app import Understudy
from understudy.control.secrets import looks_secret

VIEWS = ("journal", "journal/har", "journal/curl")
SECRET = "s3cr3t~value"


def views(steering: Steering, query: str = "") -> dict[str, str]:
    return {view: steering.ask("GET", f"/worlds/{{world}}/{view}{query}").body.decode() for view in VIEWS}


def check_hidden(steering: Steering, *, is_credential: bool = True) -> None:
    for view, text in views(steering).items():
        assert (SECRET in text) is not is_credential, (view, text)
    for view, text in views(steering, "?reveal=true").items():
        assert SECRET in text, view


@pytest.mark.parametrize(
    "name",
    [
        "secret", "token", "password", "key", "authorization", "Authorisation", "clientSecret", "client_secret",
        "CLIENT_SECRET", "client-secret", "clientSecrt", "client_sceret", "passwrd", "pasword", "passwd", "pass", "pwd",
        "dbPwd", "acces_tokne", "tokn", "tokens", "refreshToken", "api_key", "API-KEY", "ApiKye", "privateKey",
        "apikey", "keys", "x-auth", "bearer", "jwt", "credentials", "autorization", "x-authorization-2",
    ],
)  # fmt: skip
def test_a_name_looks_like_a_credentials(name: str) -> None:
    assert looks_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "keyword", "email", "author", "authors", "compass", "passport", "broken", "taken", "id", "customerId", "sort",
        "x-request-id", "content-type", "accept", "user-agent", "size", "mode", "keynote", "tracking", "bear", "", "1",
    ],
)  # fmt: skip
def test_a_name_looks_like_no_credentials(name: str) -> None:
    assert not looks_secret(name)


@pytest.mark.parametrize("query", [f"token={SECRET}", f"a=1&api_key={SECRET}&b=2", f"acces%5Ftokne={SECRET}", f"client_secret=1&client_secret={SECRET}"])  # fmt: skip # noqa: E501
def test_a_credential_in_the_query_is_hidden(steering: Steering, query: str) -> None:
    steering.call_vendor("ecdp", "GET", f"/customerattributes?{query}")
    check_hidden(steering)


def test_a_credential_in_json_in_the_query_is_hidden(steering: Steering) -> None:
    steering.call_vendor("ecdp", "GET", f"/customerattributes?q={quote(json.dumps({'a': [{'password': SECRET}]}))}")
    check_hidden(steering)


@pytest.mark.parametrize(
    "header", ["api_key", "X-API-KEY", "x-auth-token", "Authorisation", "x-api-kye", "X-Client-Secret"]
)
def test_a_credential_in_any_header_is_hidden_from_every_vendors_calls(steering: Steering, header: str) -> None:
    for vendor, served in steering.understudy.vendors.items():
        operation = served.operations[0]
        steering.call_vendor(
            vendor, operation.method.upper(), operation.path.replace("{", "").replace("}", ""), **{header: SECRET}
        )
        steering.call_vendor(vendor, "GET", "/no/such/path", **{header: SECRET})
    assert len(steering.world.journal) == 2 * len(steering.understudy.vendors)
    check_hidden(steering)


def test_a_credential_in_the_link_of_a_header_is_hidden(steering: Steering) -> None:
    steering.call_vendor("ecdp", "GET", "/customerattributes", Referer=f"https://shop.example/?a=1&token={SECRET}")
    check_hidden(steering)


@pytest.mark.parametrize(
    "body",
    [
        {"secret": SECRET},
        {"data": [{"email": "a@example.com", "passwrd": SECRET}]},
        {"data": [[{"deep": {"tokens": [SECRET]}}]]},
        [{"client_secret": SECRET}],
        {"credentials": {"username": SECRET}},
        {"mode": "Add", "authorization": {"scheme": "Bearer", "value": SECRET}},
    ],
)
def test_an_unknown_field_that_looks_like_a_credentials_is_hidden_at_any_depth(steering: Steering, body: Any) -> None:
    steering.call_vendor("ecdp", "POST", "/customers", body)
    check_hidden(steering)


def test_a_misspelt_field_of_a_form_is_hidden(steering: Steering) -> None:
    target = f"/@{steering.world_name}/twc/auth/realms/understudy/protocol/openid-connect/token"
    form = f"grant_type=client_credentials&client_secrt={SECRET}&client_secrt=+{SECRET}&scope=a&scope=b"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    call(steering.understudy.asgi, "POST", target, headers=headers, body=form.encode())

    [shown] = steering.get("/worlds/{world}/journal")
    assert shown["request"]["body"] == {
        "grant_type": "client_credentials", "client_secrt": ["(hidden)", "(hidden)"], "scope": ["a", "b"],
    }  # fmt: skip
    check_hidden(steering)


@pytest.mark.parametrize("media", ["text/plain", "application/json", "application/xml"])
@pytest.mark.parametrize(
    "text", [f"password={SECRET}", f"<token>{SECRET}</token>", f'{{"key": "{SECRET}"', f'{{"api_key": "{SECRET}"}}']
)
def test_a_text_that_may_hold_a_credential_is_hidden(steering: Steering, media: str, text: str) -> None:
    headers = {"content-type": media, "x-api-key": "understudy-ecdp-dev-key"}
    target = f"/@{steering.world_name}/ecdp/customers"
    call(steering.understudy.asgi, "POST", target, headers=headers, body=text.encode())
    check_hidden(steering)


def test_a_field_that_the_spec_declares_is_shown_whatever_its_name(steering: Steering) -> None:
    target = f"/@{steering.world_name}/capillary/v3/oauth/token/generate"
    body = json.dumps({"key": SECRET, "secret": "hidden"}).encode()
    call(steering.understudy.asgi, "POST", target, headers={"content-type": "application/json"}, body=body)
    check_hidden(steering, is_credential=False)


def secret_spec() -> dict[str, Any]:
    password = {"type": "string", "format": "password"}
    parameters = [
        {"name": "door", "in": "path", "required": True, "schema": password},
        {"name": "code", "in": "query", "schema": password},
        {"name": "x-code", "in": "header", "schema": password},
        {"name": "tokenKind", "in": "query", "schema": {"type": "string"}},
        {"name": "x-key-name", "in": "header", "schema": {"type": "string"}},
    ]
    made = operation_spec(parameters=parameters)
    made["paths"] = {"/doors/{door}/thing": made["paths"]["/thing"]}
    return made


@pytest.mark.parametrize(("place", "name"), [("header", "X-Visitor"), ("query", "visitor")])
def test_the_key_of_a_security_scheme_is_hidden_whatever_its_name(company: Company, place: str, name: str) -> None:
    scheme = {"type": "apiKey", "in": place, "name": name}
    company.write_spec("acme", {**operation_spec(), "components": {"securitySchemes": {"visit": scheme}}})
    steering = Steering(company.start(), "visits")
    assert steering.world.journal is not None
    target, headers = ("", {name: SECRET}) if place == "header" else (f"?{name}={SECRET}", {})
    call(steering.understudy.asgi, "GET", f"/@visits/acme/thing{target}", headers=headers)
    check_hidden(steering)


@pytest.mark.parametrize(
    ("target", "header", "is_credential"),
    [
        (f"/doors/{SECRET}/thing", {}, True),
        (f"/doors/1/thing?code={SECRET}", {}, True),
        ("/doors/1/thing", {"x-code": SECRET}, True),
        (f"/doors/1/thing?cod={SECRET}", {}, True),
        (f"/doors/1/thing?tokenKind={SECRET}", {}, False),
        ("/doors/1/thing", {"x-key-name": SECRET}, False),
        (f"/doors/{SECRET}/other", {}, False),  # no operation, so that the spec declares nothing
    ],
)
def test_the_spec_decides_which_parameters_are_credentials(
    company: Company,
    target: str,
    header: dict[str, str],
    is_credential: bool,  # noqa: FBT001 - of the table
) -> None:
    company.write_spec("acme", secret_spec())
    steering = Steering(company.start(), "doors")
    assert steering.world.journal is not None
    call(steering.understudy.asgi, "GET", f"/@doors/acme{target}", headers=header)
    check_hidden(steering, is_credential=is_credential)
    [found] = steering.get("/worlds/{world}/journal")
    assert found["request"]["target"].startswith("/@doors/acme/doors/")
    assert found["request"]["target"].split("?")[0].endswith(("/thing", "/other"))


@pytest.mark.parametrize("pattern", [{"client_secret": "a guess"}, {"client_secret": {"a": 1}}, "a text"])
def test_verify_prints_no_credential(steering: Steering, pattern: Any) -> None:
    target = f"/@{steering.world_name}/twc/auth/realms/understudy/protocol/openid-connect/token"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    form = f"grant_type=client_credentials&client_id=me&client_secret={SECRET}"
    call(steering.understudy.asgi, "POST", target, headers=headers, body=form.encode())

    found = steering.post("/worlds/{world}/verify", {"expect": [{"calls": {"vendor": "twc", "request": pattern}}]})

    assert found["holds"] is False
    assert found["findings"][0]["nearest"][0]["differs"]
    assert SECRET not in json.dumps(found)
    assert "a guess" not in json.dumps(found)


def test_verify_still_counts_calls_by_their_credentials(steering: Steering) -> None:
    steering.call_vendor("ecdp", "GET", f"/customerattributes?token={SECRET}")
    calls = {"query": {"token": SECRET}}
    assert steering.post("/worlds/{world}/verify", {"expect": [{"calls": calls, "exactly": 1}]})["holds"]

    other = steering.post("/worlds/{world}/verify", {"expect": [{"calls": {"query": {"token": "another"}}}]})
    [difference] = other["findings"][0]["nearest"][0]["differs"]
    assert difference == {"where": "query/token", "expected": "(hidden)", "found": "(hidden)"}


def test_a_value_nested_too_deep_to_be_shown_is_shown_as_text(steering: Steering) -> None:
    for depth in (201, 202, 900):
        body = ("[" * depth + "]" * depth).encode()
        headers = {"content-type": "application/json", "x-api-key": "understudy-ecdp-dev-key"}
        call(steering.understudy.asgi, "POST", f"/@{steering.world_name}/ecdp/customers", headers=headers, body=body)

    first, *deeper = [each["request"]["body"] for each in steering.get("/worlds/{world}/journal")]

    assert isinstance(first, list)
    assert [*map(type, deeper)] == [str, str]


def test_every_password_of_every_spec_is_hidden(understudy: Understudy) -> None:
    """The generic claim, for the vendors to come as well: what a spec marks is never known as harmless."""
    steering = Steering(understudy, "every-password")
    state = understudy.control_world.vendors["control"]
    found = 0
    for served in understudy.vendors.values():
        for operation in served.operations:
            secrets = state.secrets(served.vendor.name, operation.id)  # type: ignore[attr-defined] # a ControlState
            for names in (secrets.request, secrets.response, secrets.query, secrets.headers):
                assert all(map(names.hides, names.secret))
                found += len(names.secret)
            assert secrets.header("x-api-key", SECRET) == secrets.header("api_key", SECRET) == "(hidden)"
    assert found
    assert steering.world_name


@pytest.mark.parametrize(
    ("vendor", "path", "body", "pattern"),
    [
        ("capillary", "/v3/oauth/token/generate", {"key": "k", "secret": ["LEAKED-SECRET"]}, {"errors": 1}),
        ("crmcom", "/purchases", {"cim": {"token": "LEAKED-SECRET"}}, {"description": 1}),
    ],
)
def test_a_credential_that_an_error_quotes_is_in_no_finding(
    steering: Steering, vendor: str, path: str, body: Any, pattern: Any
) -> None:
    assert steering.call_vendor(vendor, "POST", path, body).status >= 400
    expected = {"calls": {"vendor": vendor, "response": pattern}, "exactly": 9}

    verdict = steering.ask("POST", "/worlds/{world}/verify", {"expect": [expected]})

    assert verdict.json["findings"][0]["nearest"]
    assert b"LEAKED-SECRET" not in verdict.body


LONG_SECRET = "".join(f"s{number:03}" for number in range(200))


@pytest.mark.parametrize("length", [100, 149, 150, 151, 299, 300, 301, 800])
@pytest.mark.parametrize("before", [0, 100, 160])
def test_no_part_of_a_long_credential_is_in_the_quote_of_a_shortened_message(
    steering: Steering, length: int, before: int
) -> None:
    secret = LONG_SECRET[:length]
    value = {"note": "n" * before, "token": secret, "rest": "r" * (before // 2)}

    assert steering.call_vendor("crmcom", "POST", "/purchases", {"cim": value}).status >= 400

    [shown] = steering.ask("GET", "/worlds/{world}/journal?vendor=crmcom").json[-1:]
    answered = json.dumps(shown["response"])
    assert "cim" in answered
    parts = {secret[start : start + 8] for start in range(0, max(length - 8, 1), 4)}
    assert not [each for each in parts if each in answered]

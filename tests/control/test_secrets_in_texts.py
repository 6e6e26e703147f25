"""Credentials within texts, in pairs of a name and a value, and in JSON within JSON: hidden, and nothing else."""

import json
import time
from base64 import b64encode
from typing import Any
from urllib.parse import quote

import pytest

from tests.control.conftest import Steering
from tests.control.test_secrets import SECRET, check_hidden
from understudy.control.secrets import Names, hide_pairs, looks_secret

BASIC = b64encode(f"user:{SECRET}".encode()).decode()
JWT = f"eyJhbGciOiJIUzI1NiJ9.{b64encode(SECRET.encode()).decode().rstrip('=')}.c2ln"

TEXTS = [
    f"https://user:{SECRET}@shop.example/a",
    f"https://{SECRET}@shop.example/a?b=c",
    f"see postgres://me:{SECRET}@db.example:5432/x and mailto:me@example.com",
    f"https://user:p@{SECRET}@shop.example",
    f"https://shop.example/?a=1&token={SECRET}#top",
    f"https://shop.example/#access_token={SECRET}&state=1",
    f"https://shop.example/?acces%5Ftoken={SECRET}",
    f"/path?sig={SECRET}",
    f"it sent Authorization: Bearer {SECRET}, and failed",
    f"bearer {SECRET}",
    f"Bearer   {SECRET}.",
    f"login failed for password={SECRET} at noon",
    f"(api_key={SECRET})",
    json.dumps({"a": [{"password": SECRET}]}),
    json.dumps({"a": json.dumps([{"b": json.dumps({"otp": SECRET})}])}),
    f' {{"url": "https://me:{SECRET}@shop.example"}}',
]
INNOCENT = [
    "https://shop.example/a?b=c&page=2#top", "me@example.com", "https://shop.example/@me", "the bearer of this card",
    "Bearer certificates are old", "Basic information", "basic plan", "a Basic Membership", "1 + 1 = 2", "a=b",
    "https://shop.example/?keyword=x&author=y&shipping=z", "monkey=1", "{not json}", "[1]", '{"a": "b"}', "", "eyJ.a.b",
    "x://", "=", "pinned=yes",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_credential_within_a_text_is_hidden_in_bodies_headers_and_queries(steering: Steering, text: str) -> None:
    steering.call_vendor("ecdp", "POST", "/customers", {"note": [text]})
    steering.call_vendor("ecdp", "GET", f"/customerattributes?note={quote(text)}")
    for header in ("Link", "X-Original-URL", "Location", "Referer", "X-Any"):
        steering.call_vendor("ecdp", "GET", "/customerattributes", **{header: text})
    check_hidden(steering)


@pytest.mark.parametrize(
    "secret", [f"said Basic {BASIC} to me", f"basic {BASIC.rstrip('=')}", f"Bearer {JWT}", f"a {JWT} b"]
)
def test_an_encoded_credential_within_a_text_is_hidden(secret: str) -> None:
    shown = Names().hide({"note": secret})["note"]
    assert "(hidden)" in shown
    assert BASIC.rstrip("=") not in shown
    assert JWT.split(".")[1] not in shown


@pytest.mark.parametrize("text", INNOCENT)
def test_a_text_without_a_credential_stays_as_it_is(text: str) -> None:
    assert Names().hide([{"note": text}]) == [{"note": text}]


def test_only_the_credential_in_a_text_is_hidden() -> None:
    text = "GET https://me:pw@shop.example/?a=1&token=x&b=2 with Bearer a1b2, Referer"
    shown = "GET https://(hidden)@shop.example/?a=1&token=(hidden)&b=2 with Bearer (hidden), Referer"
    assert Names().hide(text) == shown


@pytest.mark.parametrize(
    "pair",
    [
        {"name": "Authorization", "value": SECRET},
        {"key": "x-api-key", "value": SECRET},
        {"Name": "client_secret", "Value": [SECRET]},
        {"header": "X-Signature", "value": {"a": SECRET}},
        {"in": "header", "name": "Cookie", "values": [SECRET], "more": 1},
        {"field": "otp", "content": SECRET},
    ],
)
def test_the_value_that_another_member_names_as_a_credential_is_hidden(steering: Steering, pair: Any) -> None:
    steering.call_vendor("ecdp", "POST", "/customers", {"headers": [pair]})
    check_hidden(steering)


@pytest.mark.parametrize(
    "pair", [{"name": "email", "value": "a"}, {"name": "monkey", "value": "b"}, {"value": "token"}]
)
def test_a_pair_that_names_no_credential_is_shown(pair: Any) -> None:
    assert Names().hide(pair) == pair


@pytest.mark.parametrize(
    "name",
    [
        "x-signature", "X-Hub-Signature-256", "signature", "sig", "x-session-id", "sessionId", "session_id",
        "PHPSESSID", "otp", "otpCode", "totp", "pin", "cardPin", "new_pin", "pin_number", "PIN", "passcode",
        "userPasscode", "cvc", "JSESSIONID", "cvv", "hmac", "x-csrf", "verification_code", "mfaCode",
        "X-Amz-Signature", "set-cookie", "cookie",
    ],
)  # fmt: skip
def test_a_name_of_a_code_a_signature_or_a_session_looks_like_a_credentials(name: str) -> None:
    assert looks_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "pinned", "shipping", "shippingCode", "monkey", "author", "authors", "spin", "pinterest", "opinion", "session",
        "sessions", "sessionCount", "signatureRequired", "design", "postcode", "countryCode", "passenger", "options",
        "laptop", "signal", "sign", "cookieConsent", "code", "number", "sessionIdle", "shopping", "mapping",
    ],
)  # fmt: skip
def test_a_name_that_only_resembles_one_does_not(name: str) -> None:
    assert not looks_secret(name)


@pytest.mark.parametrize(
    "text", [f"otp={SECRET}", f"<pin>{SECRET}</pin>", f"x-signature: {SECRET}", f"'session_id': {SECRET}"]
)
def test_a_body_that_is_a_text_with_such_a_name_is_hidden(text: str) -> None:
    assert SECRET not in Names().hide_text(text)


@pytest.mark.parametrize("depth", [199, 200, 201, 1000, 5000])
def test_a_credential_in_json_that_is_too_deep_to_be_shown_is_hidden(depth: int) -> None:
    text = "[" * depth + json.dumps({"password": SECRET}) + "]" * depth
    assert SECRET not in json.dumps(Names().hide({"note": text}))
    assert SECRET not in hide_pairs(f"note={quote(text)}", Names())


@pytest.mark.parametrize(
    "piece", ["://", "eyJ", "a=", "?", "Bearer ", "basic", "{", '"', "x.y", "=&", "user:p@", "@", " a"]
)
def test_a_long_text_takes_time_in_proportion(piece: str) -> None:
    text = piece * (400_000 // len(piece))
    started = time.process_time()
    Names().hide(["x" + text, text])
    assert time.process_time() - started < 1.0


def test_many_pairs_of_names_and_values_take_time_in_proportion() -> None:
    rows = [{"name": "email", "value": "https://a.example/?b=c"} for _ in range(45_000)]
    started = time.process_time()
    assert Names().hide(rows) == rows
    assert time.process_time() - started < 2.0

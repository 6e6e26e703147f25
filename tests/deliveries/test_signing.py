"""Signatures of deliveries: made as vendors make them, and checked by the receiver."""

import hashlib
import hmac
from base64 import b64encode
from typing import Any

import pytest

from understudy.deliveries.signing import TOLERANCE_SECONDS, InvalidSigning, Signing, read_signing

NOW = 1_780_000_000
BODY = '{"name":"Zoë"}'.encode()
KEY = b"a key of thirty-two bytes, about"
STANDARD = {"scheme": "standard-webhooks", "secret": "whsec_" + b64encode(KEY).decode()}
GITHUB = {
    "scheme": "hmac-sha256",
    "secret": "s3cret",
    "header": "X-Hub-Signature-256",
    "content": "{body}",
    "value": "sha256={signature}",
}
SLACK = {
    "scheme": "hmac-sha256",
    "secret": "s3cret",
    "header": "X-Slack-Signature",
    "content": "v0:{timestamp}:{body}",
    "value": "v0={signature}",
    "timestamp_header": "X-Slack-Request-Timestamp",
}
SHOPIFY = {
    "scheme": "hmac-sha256",
    "secret": "s3cret",
    "header": "X-Shopify-Hmac-Sha256",
    "content": "{body}",
    "value": "{signature}",
    "encoding": "base64",
}
STRIPE = {"scheme": "hmac-sha256", "secret": "s3cret", "header": "Stripe-Signature"}
WITH_ID = {
    "scheme": "hmac-sha256",
    "secret": "s3cret",
    "content": "{id}.{timestamp}.{body}",
    "value": "id={id},t={timestamp},s={signature}",
}
BASIC = {"scheme": "basic", "username": "stand-in", "password": "pä:ss"}
BEARER = {"scheme": "bearer", "token": "t0ken"}
ALL = [STANDARD, GITHUB, SLACK, SHOPIFY, STRIPE, WITH_ID, BASIC, BEARER]
TIMED = [STANDARD, SLACK, STRIPE, WITH_ID]


def signing(given: dict[str, Any]) -> Signing:
    return read_signing(given)


def hexadecimal(content: bytes) -> str:
    return hmac.new(b"s3cret", content, hashlib.sha256).hexdigest()


def headers(given: dict[str, Any]) -> dict[str, str]:
    return dict(signing(given).sign("msg_1", NOW, BODY))


def test_the_body_is_signed_as_github_does() -> None:
    assert headers(GITHUB) == {"X-Hub-Signature-256": f"sha256={hexadecimal(BODY)}"}


def test_time_and_body_are_signed_as_slack_does() -> None:
    expected = f"v0={hexadecimal(b'v0:1780000000:' + BODY)}"
    assert headers(SLACK) == {"X-Slack-Signature": expected, "X-Slack-Request-Timestamp": "1780000000"}


def test_the_signature_is_base64_as_of_shopify() -> None:
    digest = hmac.new(b"s3cret", BODY, hashlib.sha256).digest()
    assert headers(SHOPIFY) == {"X-Shopify-Hmac-Sha256": b64encode(digest).decode()}


def test_a_plain_hmac_has_time_and_signature_in_one_header() -> None:
    assert headers(STRIPE) == {"Stripe-Signature": f"t=1780000000,v1={hexadecimal(b'1780000000.' + BODY)}"}


def test_standard_webhooks_sign_id_time_and_body() -> None:
    digest = hmac.new(KEY, b"msg_1.1780000000." + BODY, hashlib.sha256).digest()
    assert headers(STANDARD) == {
        "webhook-id": "msg_1",
        "webhook-timestamp": "1780000000",
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }


def test_basic_and_bearer_are_credentials() -> None:
    assert headers(BASIC) == {"Authorization": "Basic " + b64encode("stand-in:pä:ss".encode()).decode()}
    assert headers(BEARER) == {"Authorization": "Bearer t0ken"}


@pytest.mark.parametrize("given", ALL, ids=str)
def test_what_is_signed_is_accepted(given: dict[str, Any]) -> None:
    made = signing(given).sign("msg_1", NOW, BODY)
    assert signing(given).fault_of([(name.swapcase(), value) for name, value in made], BODY, NOW) is None


@pytest.mark.parametrize("given", ALL, ids=str)
def test_a_wrong_signature_has_the_form_of_a_right_one_and_is_refused(given: dict[str, Any]) -> None:
    right, wrong = signing(given).sign("msg_1", NOW, BODY), signing(given).sign("msg_1", NOW, BODY, is_wrong=True)
    assert [name for name, _ in right] == [name for name, _ in wrong]
    assert right != wrong
    assert "other" in (signing(given).fault_of(wrong, BODY, NOW) or "")


@pytest.mark.parametrize("given", [STANDARD, GITHUB, SLACK, SHOPIFY, STRIPE, WITH_ID], ids=str)
def test_a_changed_body_is_refused(given: dict[str, Any]) -> None:
    made = signing(given).sign("msg_1", NOW, BODY)
    assert "another signature" in (signing(given).fault_of(made, BODY + b" ", NOW) or "")


@pytest.mark.parametrize("given", TIMED, ids=str)
@pytest.mark.parametrize("distance", [TOLERANCE_SECONDS, -TOLERANCE_SECONDS])
def test_a_signature_is_current_up_to_the_tolerance(given: dict[str, Any], distance: int) -> None:
    made = signing(given).sign("msg_1", NOW, BODY)
    assert signing(given).fault_of(made, BODY, NOW + distance) is None
    beyond = NOW + distance + (1 if distance > 0 else -1)
    assert "the timestamp is 301 seconds" in (signing(given).fault_of(made, BODY, beyond) or "")


@pytest.mark.parametrize("given", TIMED, ids=str)
def test_a_receiver_without_a_clock_takes_any_time(given: dict[str, Any]) -> None:
    made = signing(given).sign("msg_1", NOW + 10_000_000, BODY)
    assert signing(given).fault_of(made, BODY, None) is None


@pytest.mark.parametrize("given", ALL, ids=str)
def test_a_header_that_is_missing_is_named(given: dict[str, Any]) -> None:
    made = signing(given).sign("msg_1", NOW, BODY)
    for missing in range(len(made)):
        fault = signing(given).fault_of(made[:missing] + made[missing + 1 :], BODY, NOW) or ""
        assert "missing" in fault


def test_one_of_several_standard_signatures_suffices() -> None:
    made = [
        (name, f"v1,AAAA {value} v1a,BBBB" if name == "webhook-signature" else value)
        for name, value in signing(STANDARD).sign("msg_1", NOW, BODY)
    ]
    assert signing(STANDARD).fault_of(made, BODY, NOW) is None


@pytest.mark.parametrize(
    "value", ["", "t=,v1=", "t=1780000000", "t=٣,v1=aa", "v1=aa,t=1780000000", "t=1780000000,v1=é", "t=9" * 5000]
)
def test_a_header_of_another_form_is_refused(value: str) -> None:
    assert signing(STRIPE).fault_of([("Stripe-Signature", value)], BODY, NOW)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("hmac", "is no mapping; write scheme and secret"),
        ({}, "needs a scheme: hmac-sha256, standard-webhooks, basic, bearer"),
        ({"scheme": ["basic"]}, "scheme ['basic'] is unknown"),
        ({"scheme": "hmac-sha265"}, "scheme 'hmac-sha265' is unknown; did you mean 'hmac-sha256'?"),
        ({"scheme": "basic", "username": "a"}, "basic needs a password"),
        ({"scheme": "bearer", "secret": "a"}, "bearer has no 'secret'"),
        ({"scheme": "bearer", "token": ""}, "bearer needs a token"),
        ({"scheme": "bearer", "token": 7}, "token is no text: write it in quotes"),
        ({"scheme": "bearer", "token": "a\r\nX: b"}, "secret has characters that no header can have"),
        ({"scheme": "basic", "username": "a:b", "password": "c"}, "username has a colon, which ends it"),
        (
            {"scheme": "standard-webhooks", "secret": "whsec_?"},
            "secret of standard-webhooks is whsec_ and base64",
        ),
        (GITHUB | {"headr": "X"}, "hmac-sha256 has no 'headr'; did you mean 'header'?"),
        (GITHUB | {"header": "X Y"}, "header 'X Y' is no name of a header"),
        (GITHUB | {"encoding": "base46"}, "encoding 'base46' is unknown; did you mean 'base64'?"),
        (GITHUB | {"content": "{bdoy}"}, "content: {bdoy} is no place; did you mean 'body'?"),
        (GITHUB | {"content": "{body"}, "content: expected '}'"),
        (GITHUB | {"content": "{body.x}"}, "content: {body.x} is no place"),
        (GITHUB | {"content": "{body!r}"}, "content: {body} is no place"),
        (GITHUB | {"content": "x"}, "content: {body} is missing"),
        (GITHUB | {"value": "sha256="}, "value: {signature} is missing"),
        (GITHUB | {"content": "{timestamp}{body}"}, "content has the timestamp, which no header has"),
        (GITHUB | {"content": "{id}{body}"}, "content has the id, which value has not"),
    ],
    ids=str,
)
def test_a_mistake_in_a_way_of_signing_is_refused(given: Any, message: str) -> None:
    with pytest.raises(InvalidSigning) as raised:
        read_signing(given)
    assert message in str(raised.value)


@pytest.mark.parametrize("given", [BASIC, BEARER], ids=str)
def test_headers_that_give_the_secret_away_are_known(given: dict[str, Any]) -> None:
    assert signing(given).secret_headers == {"authorization"}
    assert not signing(STRIPE).secret_headers

import json
import re
from base64 import b64decode, urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from understudy.core.caller import BasicCredentials, Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.errors import Key
from understudy.vendors.crmcom.operations.tokens import create_token, create_web_api_key_token, release_token
from understudy.vendors.crmcom.security import anyone, api_key, sign_in, web_api_key

LOGIN = {"username": "pos.understudy", "password": "understudy-dev", "organisation": "understudy"}


def claims_of(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def log_in(state: VendorState, **more: str) -> str:
    token: str = create_token(state, {**LOGIN, **more}).body["data"]["token"]
    return token


def test_a_token_lasts_two_hours(state: VendorState) -> None:
    state.clock.set(rate=0)
    claims = claims_of(log_in(state, unit="u\x001"))

    assert int(claims["exp"]) - int(claims["iat"]) == 7200
    assert int(claims["iat"]) == int(state.now().timestamp())


def test_the_claims_of_a_token_are_those_of_a_published_one(state: VendorState) -> None:
    claims = claims_of(log_in(state, unit="u\x001"))

    assert claims.keys() == {"usr", "org", "oun", "iat", "exp", "jti"}
    assert all(isinstance(value, str) for value in claims.values())
    assert (claims["usr"], claims["org"], claims["oun"]) == ("pos.understudy", "understudy", "u\x001")
    assert re.fullmatch("[0-9A-F]{32}", claims["jti"])


def test_a_user_who_names_no_unit_works_in_the_own_one(state: VendorState) -> None:
    assert claims_of(log_in(state))["oun"] == "1"


@pytest.mark.parametrize("wrong", [{"username": "x"}, {"password": "x"}, {"organisation": "x"}, {"username": "\x00"}])
def test_a_login_that_does_not_fit_is_refused(state: VendorState, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        log_in(state, **wrong)

    assert (refused.value.status, refused.value.code) == (400, Key.INVALID_LOGIN)


@pytest.mark.parametrize("body", [None, {}, {"unit": "1"}])
def test_an_api_key_gets_a_token_with_and_without_a_body(state: VendorState, body: dict[str, Any] | None) -> None:
    answer = create_web_api_key_token(state, Caller("till"), body).body

    assert answer["status"] == {"code": "OK", "message": "", "description": ""}
    assert claims_of(answer["data"]["token"])["usr"] == "till"


def test_a_released_token_cannot_be_released_again(state: VendorState) -> None:
    token = log_in(state)

    assert release_token(state, {"token": token}).body["data"] == {}
    with pytest.raises(Refused) as refused:
        release_token(state, {"token": token})

    assert (refused.value.status, refused.value.code) == (401, Key.INVALID_LOGIN)


def test_an_expired_token_cannot_be_released(state: VendorState) -> None:
    state.clock.set(datetime(2026, 1, 31, 12, tzinfo=UTC), rate=0)  # a whole second: tokens have no fractions
    token = log_in(state)
    state.clock.move(timedelta(hours=2))

    with pytest.raises(Refused, match="not valid"):
        release_token(state, {"token": token})


def test_two_tokens_of_one_second_differ(state: VendorState) -> None:
    state.clock.set(rate=0)

    assert log_in(state) != log_in(state)


def test_the_development_client_is_recognised(state: VendorState) -> None:
    headers = sign_in(state)
    username, _, password = b64decode(headers["Authorization"].removeprefix("Basic ")).decode().partition(":")

    assert api_key(state, headers["api_key"]) == web_api_key(state, BasicCredentials(username, password))
    assert api_key(state, headers["api_key"]) is not None


def test_an_unknown_key_is_refused(state: VendorState) -> None:
    assert api_key(state, "unknown") is None
    assert web_api_key(state, BasicCredentials("unknown", "")) is None


def test_a_key_with_a_password_is_refused(state: VendorState) -> None:
    assert web_api_key(state, BasicCredentials(sign_in(state)["api_key"], "secret")) is None


def test_the_caller_with_unknown_credentials_is_anyone(state: VendorState) -> None:
    assert anyone(state).is_anyone

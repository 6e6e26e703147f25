"""Authentication by a till's name and hashed password, and by access token."""

from base64 import b64decode
from datetime import timedelta

import pytest

from understudy.core.caller import BasicCredentials
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.operations.tokens import generate_token
from understudy.vendors.capillary.organisation import till_id
from understudy.vendors.capillary.security import basic, digest_of, has_access, oauth, sign_in

CLIENT = {"key": "understudy-key", "secret": "understudy-secret"}


def test_a_till_signs_in_with_its_hashed_password(state: VendorState) -> None:
    caller = basic(state, BasicCredentials("till.understudy", digest_of("understudy-dev").upper()))

    assert caller is not None
    assert has_access(caller)


@pytest.mark.parametrize(
    "credential",
    [
        BasicCredentials("till.understudy", "understudy-dev"),
        BasicCredentials("till.understudy", ""),
        BasicCredentials("nobody", digest_of("understudy-dev")),
    ],
    ids=["plain password", "no password", "unknown till"],
)
def test_other_credentials_are_refused(state: VendorState, credential: BasicCredentials) -> None:
    assert basic(state, credential) is None


def test_a_token_is_good_for_half_an_hour(state: VendorState) -> None:
    state.clock.set(rate=0)
    answer = generate_token(state, CLIENT).body
    token = answer["data"]["accessToken"]

    assert answer["data"]["ttlSeconds"] == 1800
    assert answer["errors"] is None
    caller = oauth(state, token)
    assert caller is not None
    assert has_access(caller)
    state.clock.move(timedelta(seconds=1799))
    assert oauth(state, token) is not None
    state.clock.move(timedelta(seconds=1))
    assert oauth(state, token) is None


def test_the_claims_have_the_types_of_the_printed_token(state: VendorState) -> None:
    claims = state.token_claims(generate_token(state, CLIENT).body["data"]["accessToken"]) or {}

    kinds = {name: type(value) for name, value in claims.items()}
    numbers = dict.fromkeys(("exp", "iat", "client_id", "org_id", "default_till"), int)
    assert kinds == numbers | dict.fromkeys(("iss", "jti", "sub", "token_use", "client_key", "scopes"), str)
    assert (claims["iss"], claims["token_use"], claims["scopes"]) == ("Capillary", "token_access", "[]")
    assert claims["exp"] - claims["iat"] == 1800
    assert claims["default_till"] == till_id(state, "till.understudy")
    assert len(claims["jti"]) == 22


def test_a_token_of_another_kind_is_refused(state: VendorState) -> None:
    assert oauth(state, state.sign_token({"sub": "x"}, 300)) is None
    assert oauth(state, "no token") is None


@pytest.mark.parametrize("wrong", [{"key": "other"}, {"secret": "other"}])
def test_a_wrong_key_or_secret_gets_no_token(state: VendorState, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused, match="Failed to generate OAuth token"):
        generate_token(state, {**CLIENT, **wrong})


def test_the_development_client_gets_the_headers_of_its_role(state: VendorState) -> None:
    pair = b64decode(sign_in(state, "till")["Authorization"].removeprefix("Basic ")).decode()

    assert pair == f"till.understudy:{digest_of('understudy-dev')}"
    assert oauth(state, sign_in(state, "client")["X-CAP-API-OAUTH-TOKEN"]) is not None
    assert set(sign_in(state)) == {"Authorization", "X-CAP-API-OAUTH-TOKEN"}
    assert sign_in(state, "nobody") == {}

from collections.abc import Callable
from datetime import timedelta

import jwt
import pytest

from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.operations.tokens import get_realm_configuration, list_realm_keys, request_token
from understudy.vendors.twc.realm_keys import sign_claims, signed_claims
from understudy.vendors.twc.security import issue_token, tenant_token

TENANT = "understudy"
FORM = {"grant_type": "client_credentials", "client_id": "understudy-client", "client_secret": "understudy-secret"}


def url_for(operation: str, **values: str) -> str:
    ending = {"request_token": "token", "list_realm_keys": "certs"}[operation]
    return f"http://localhost:9000/@w/twc/auth/realms/{values['tenant']}/protocol/openid-connect/{ending}"


def token(state: VendorState) -> str:
    return str(issue_token(state, TENANT, "understudy-client")["access_token"])


def test_a_token_is_verified_by_the_keys_of_its_realm(state: VendorState) -> None:
    issued = request_token(state, FORM, TENANT, Caller("someone"), url_for).body["access_token"]
    keys = jwt.PyJWKSet.from_dict(list_realm_keys(state, TENANT).body)
    key = keys[jwt.get_unverified_header(issued)["kid"]]
    claims = jwt.decode(issued, key, algorithms=["RS256"], audience="account", options={"verify_exp": False})
    assert (claims["azp"], claims["iss"]) == (
        "understudy-client",
        get_realm_configuration(state, TENANT, url_for).body["issuer"],
    )


def test_a_signature_is_the_same_each_time() -> None:
    assert sign_claims({"a": 1}) == sign_claims({"a": 1})
    assert signed_claims(sign_claims({"a": 1})) == b'{"a":1}'


def test_a_changed_token_is_refused(state: VendorState) -> None:
    head, claims, signature = token(state).split(".")
    other = sign_claims({"azp": "somebody"}).split(".")[1]
    forged = ("B" if signature[0] == "A" else "A") + signature[1:]
    for changed in (f"{head}.{other}.{signature}", f"{head}.{claims}.{forged}", f"{head}.{claims}."):
        assert tenant_token(state, changed) is None


@pytest.mark.parametrize("claims", [{}, {"sid": "x"}, {"exp": 9e9, "azp": 7, "sid": None, "iss": 5}])
def test_a_token_that_somebody_else_made_with_the_published_key_is_refused(
    state: VendorState, claims: dict[str, object]
) -> None:
    assert tenant_token(state, sign_claims(claims)) is None


def test_a_token_of_another_world_is_refused(state: VendorState) -> None:
    other = state.fork("another", state.clock)
    assert tenant_token(other, token(state)) is None
    assert tenant_token(other, token(other))


def test_a_token_at_its_expiry_is_refused(state: VendorState) -> None:
    state.clock.set(rate=0)
    issued = token(state)
    state.clock.move(timedelta(seconds=300))
    assert tenant_token(state, issued) is None


@pytest.mark.parametrize("text", ["ä.b.c", "e30.e30.e30", "W10.W10.W10", "....", "a.b", "e30.e30.e30.e30"])
def test_text_of_the_form_of_a_token_is_none(state: VendorState, text: str) -> None:
    assert tenant_token(state, text) is None


@pytest.mark.parametrize(
    "read",
    [
        lambda state: list_realm_keys(state, "nobody"),
        lambda state: get_realm_configuration(state, "nobody", url_for),
    ],
)
def test_an_unknown_realm_shows_nothing(state: VendorState, read: Callable[[VendorState], object]) -> None:
    with pytest.raises(Refused) as refused:
        read(state)
    assert (refused.value.status, refused.value.code) == (404, "realm")

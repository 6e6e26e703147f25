from datetime import UTC, datetime, timedelta

import pytest

from understudy.core.caller import BasicCredentials, Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.operations.tokens import request_token
from understudy.vendors.twc.security import client_basic, sign_in, tenant_token

TENANT = "understudy"
UNAUTHENTICATED_CALLER = Caller("someone")
FORM = {"grant_type": "client_credentials", "client_id": "understudy-client", "client_secret": "understudy-secret"}


def test_a_token_names_client_and_realm(state: VendorState) -> None:
    token = request_token(state, FORM, TENANT, UNAUTHENTICATED_CALLER).body
    caller = tenant_token(state, token["access_token"])
    assert caller is not None
    assert (caller.name, caller.claims["realm"]) == ("understudy-client", TENANT)
    assert caller.scopes == frozenset(("email", "profile"))
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 300)


def test_a_token_expires_by_the_worlds_clock(state: VendorState) -> None:
    state.clock.set(datetime(2026, 1, 31, 12, tzinfo=UTC), rate=0)  # a whole second: tokens have no fractions
    token = request_token(state, FORM, TENANT, UNAUTHENTICATED_CALLER).body["access_token"]
    state.clock.move(timedelta(seconds=299))
    assert tenant_token(state, token)
    state.clock.move(timedelta(seconds=1))
    assert tenant_token(state, token) is None


def test_a_token_of_a_world_ahead_of_the_real_time_holds(state: VendorState) -> None:
    state.clock.move(timedelta(days=400))
    assert tenant_token(state, request_token(state, FORM, TENANT, UNAUTHENTICATED_CALLER).body["access_token"])


@pytest.mark.parametrize("text", ["", "guessed", "a.b.c", "\0"])
def test_other_text_is_no_token(state: VendorState, text: str) -> None:
    assert tenant_token(state, text) is None


@pytest.mark.parametrize(
    ("form", "tenant", "status", "code"),
    [
        (FORM, "nobody", 404, "realm"),
        ({**FORM, "grant_type": "password"}, TENANT, 400, "unsupported_grant_type"),
        ({**FORM, "client_id": "nobody"}, TENANT, 401, "invalid_client"),
        ({**FORM, "client_secret": "guessed"}, TENANT, 401, "unauthorized_client"),
        ({"grant_type": "client_credentials"}, TENANT, 401, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "understudy-client"}, TENANT, 401, "unauthorized_client"),
        (FORM, f"{TENANT}-two", 401, "invalid_client"),
    ],
)
def test_a_wrong_realm_grant_or_client_is_refused(
    state: VendorState, form: dict[str, str], tenant: str, status: int, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        request_token(state, form, tenant, UNAUTHENTICATED_CALLER)
    assert (refused.value.status, refused.value.code) == (status, code)


def test_a_client_may_name_itself_with_basic(state: VendorState) -> None:
    caller = client_basic(state, BasicCredentials(FORM["client_id"], FORM["client_secret"]))
    assert caller is not None
    assert request_token(state, {"grant_type": "client_credentials"}, TENANT, caller).status == 200


def test_a_basic_name_without_a_password_leaves_the_secret_to_the_form(state: VendorState) -> None:
    caller = client_basic(state, BasicCredentials(FORM["client_id"], ""))
    form = {"grant_type": "client_credentials"}

    assert request_token(state, {**form, "client_secret": FORM["client_secret"]}, TENANT, caller).status == 200
    with pytest.raises(Refused, match="Client secret not provided in request"):
        request_token(state, form, TENANT, caller)


@pytest.mark.parametrize("role", ["", f"{TENANT}-two"])
def test_the_development_client_signs_in_at_a_tenant(state: VendorState, role: str) -> None:
    caller = tenant_token(state, sign_in(state, role)["Authorization"].removeprefix("Bearer "))
    assert caller is not None
    assert caller.claims["realm"] == (role or TENANT)

"""Authentication of TWC's clients by bearer tokens of a tenant's realm, and the tokens themselves."""

import orjson

from understudy.core.caller import BasicCredentials, Caller
from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.realm_keys import sign_claims, signed_claims
from understudy.vendors.twc.tables import CLIENTS, REALMS
from understudy.vendors.twc.tenant_collection import TenantCollection

TOKEN_LIFETIME = 300
"""Lifetime of an access token in seconds: Keycloak's default (inferred)."""

SCOPE = "email profile"
ISSUER = "https://auth.au-aws.thewishlist.io/auth/realms"


def tenant_token(state: VendorState, credential: str) -> Caller | None:
    """Return the client that a token was issued to; the token's claims name the realm."""
    text = signed_claims(credential)
    claims = None if text is None else orjson.loads(text)
    if not isinstance(claims, dict) or claims.pop("sid", None) != _session(state, claims):
        return None
    if claims["exp"] <= state.clock.timestamp():
        return None
    return Caller(claims["azp"], frozenset(claims["scope"].split()), claims)


def client_basic(state: VendorState, credential: BasicCredentials) -> Caller:  # noqa: ARG001 - the interface passes the state
    """Return the client named by HTTP Basic at the token endpoint; the endpoint itself checks id and secret.

    A name without a password leaves the secret to the form.
    """
    secret = {"client_secret": credential.password} if credential.password else {}
    return Caller(credential.username, claims={"client_id": credential.username, **secret})


def anyone(state: VendorState) -> Caller:  # noqa: ARG001 - the interface passes the state
    """Return the caller with unknown credentials under ``--auth any``, who may use any tenant."""
    return Caller("anyone", is_anyone=True)


def sign_in(state: VendorState, role: str = "") -> dict[str, str]:
    """Return the request headers of a tenant's first client; ``role`` is the tenant, by default the first."""
    tenant = role or state.collection(REALMS).keys()[0]
    client = TenantCollection(state, CLIENTS, tenant).values()[0]
    return {"Authorization": f"Bearer {issue_token(state, tenant, client['id'])['access_token']}"}


def issue_token(state: VendorState, tenant: str, client_id: str, issuer: str = "") -> Json:
    """Return a new token for a client of a tenant's realm, in the token response of Keycloak.

    ``issuer`` is the realm's URL, by default at the vendor's own host.
    """
    issued = int(state.clock.timestamp())
    claims = {
        "exp": issued + TOKEN_LIFETIME,
        "iat": issued,
        "jti": state.new_id(),
        "iss": issuer or f"{ISSUER}/{tenant}",
        "aud": "account",
        "typ": "Bearer",
        "azp": client_id,
        "realm": tenant,
        "scope": SCOPE,
    }
    return {
        "access_token": sign_claims({**claims, "sid": _session(state, claims)}),
        "expires_in": TOKEN_LIFETIME,
        "refresh_expires_in": 0,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "scope": SCOPE,
    }


def _session(state: VendorState, claims: Json) -> str:
    """Return the session of a token with these claims; it binds the token to its world, as all sign with one key."""
    named = {"iat": 0, "exp": 0, "of": orjson.dumps(claims).decode()}
    return state.sign_token(named, TOKEN_LIFETIME).rpartition(".")[2]

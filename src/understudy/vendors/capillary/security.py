"""Authentication: tills by name and hashed password, API clients by access token; and the tokens themselves."""

import base64
import hashlib
from typing import Any
from uuid import UUID

from understudy.core.caller import BasicCredentials, Caller
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.organisation import ORG_ID, till_id

ACCESS_GROUP = "Default access group"
TOKEN_LIFETIME = 1800
"""Lifetime of an access token in seconds, as that of the token on the page (a client may have up to sixty minutes)."""

TOKEN_USE = "token_access"  # noqa: S105 - the value of a claim, not a secret


def basic(state: VendorState, credential: BasicCredentials) -> Caller | None:
    """Return the till with these credentials; the password is sent as its MD5 hash in hexadecimal digits."""
    account = state.collection("accounts").get(credential.username)
    if account is None or account["digest"] != credential.password.lower():
        return None
    return Caller(credential.username, frozenset((ACCESS_GROUP,)))


def oauth(state: VendorState, credential: str) -> Caller | None:
    """Return the API client of an access token that this world issued and that has not expired.

    The client is in the default access group, which the page requires; the token does not name groups.
    """
    claims = state.token_claims(credential)
    if claims is None or claims.get("token_use") != TOKEN_USE:
        return None
    return Caller(claims["sub"], frozenset((ACCESS_GROUP,)), claims)


def anyone(state: VendorState) -> Caller:  # noqa: ARG001 - the same in every world
    """Return the caller with unknown credentials under ``--auth any``, which accepts all credentials."""
    return Caller("anyone", is_anyone=True)


def sign_in(state: VendorState, role: str = "") -> dict[str, str]:
    """Return the headers of the development client: the till's credentials and a token, as on the vendor's page.

    The roles ``till`` and ``client`` get one of the two, the role ``nobody`` gets neither.
    """
    account = next(iter(state.collection("accounts")))
    client = next(iter(state.collection("clients")))
    pair = base64.b64encode(f"{account['username']}:{account['digest']}".encode()).decode()
    till = {"Authorization": f"Basic {pair}"}
    token = {"X-CAP-API-OAUTH-TOKEN": issue_token(state, client)}
    return {"till": till, "client": token, "nobody": {}}.get(role, till | token)


def has_access(caller: Caller) -> bool:
    """Return whether a caller is authenticated, for operations where credentials are optional."""
    return caller.is_anyone or ACCESS_GROUP in caller.scopes


def issue_token(state: VendorState, client: dict[str, Any]) -> str:
    """Return a new access token for a client; it expires by the world's clock.

    The claims have the types of the token on the vendor's page: numbers for client, till and organisation, a list
    written as text for the scopes.
    """
    claims = {
        "iss": "Capillary",
        "jti": base64.urlsafe_b64encode(UUID(state.new_id()).bytes).rstrip(b"=").decode(),
        "sub": client["name"],
        "client_id": client["id"],
        "org_id": ORG_ID,
        "token_use": TOKEN_USE,
        "client_key": client["key"],
        "default_till": till_id(state, client["till"]),
        "scopes": "[]",
    }
    return state.sign_token(claims, TOKEN_LIFETIME, {"kid": "k1"})


def digest_of(password: str) -> str:
    """Return the hash that a till sends in place of its password."""
    return hashlib.md5(password.encode()).hexdigest()  # noqa: S324 - the vendor's wire format, not our choice

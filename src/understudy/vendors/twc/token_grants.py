"""Tokens of a realm, as the vendor's Keycloak gives them."""

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState

TOKEN_LIFETIME = 300
"""Seconds; Keycloak's own default."""
SCOPE = "email profile"
ISSUER = "https://auth.au-aws.thewishlist.io/auth/realms"


def grant_token(state: VendorState, tenant: str, client_id: str) -> Json:
    """Return a new token for a client of a tenant's realm, with what is told along with it."""
    claims = {
        "jti": state.new_id(),
        "iss": f"{ISSUER}/{tenant}",
        "aud": "account",
        "typ": "Bearer",
        "azp": client_id,
        "realm": tenant,
        "scope": SCOPE,
    }
    return {
        "access_token": state.sign_token(claims, TOKEN_LIFETIME),
        "expires_in": TOKEN_LIFETIME,
        "refresh_expires_in": 0,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "scope": SCOPE,
    }

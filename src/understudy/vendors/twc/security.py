"""Who is asking: the bearer of a token of a tenant's realm."""

from understudy.core.caller import BasicCredentials, Caller
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.tables import CLIENTS, REALMS
from understudy.vendors.twc.tenant_collection import TenantCollection
from understudy.vendors.twc.token_grants import grant_token


def tenant_token(state: VendorState, credential: str) -> Caller | None:
    """Return the client that a token was given to; its claims name the realm."""
    claims = state.token_claims(credential)
    if claims is None:
        return None
    return Caller(claims["azp"], frozenset(claims["scope"].split()), claims)


def client_basic(state: VendorState, credential: BasicCredentials) -> Caller:  # noqa: ARG001 - the interface hands in the world
    """Return the client that names itself to the token endpoint; whether the realm knows it is looked up there."""
    claims = {"client_id": credential.username, "client_secret": credential.password}
    return Caller(credential.username, claims=claims)


def anyone(state: VendorState) -> Caller:  # noqa: ARG001 - the interface hands in the world
    """Return a caller that may ask for any tenant."""
    return Caller("anyone", is_anyone=True)


def sign_in(state: VendorState, role: str = "") -> dict[str, str]:
    """Return the request headers of a tenant's first client; ``role`` is the tenant, the first unless given."""
    tenant = role or state.collection(REALMS).keys()[0]
    client = TenantCollection(state, CLIENTS, tenant).values()[0]
    return {"Authorization": f"Bearer {grant_token(state, tenant, client['id'])['access_token']}"}

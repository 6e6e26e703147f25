"""Handler of token requests; each tenant has a realm."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.errors import UNKNOWN_REALM
from understudy.vendors.twc.security import issue_token
from understudy.vendors.twc.tables import CLIENTS, REALMS
from understudy.vendors.twc.tenant_collection import TenantCollection


def request_token(state: VendorState, body: Json, tenant: str, caller: Caller) -> Reply:
    """Return a token for a client of the realm. Keycloak checks realm, grant type and client, in this order."""
    if tenant not in state.collection(REALMS):
        raise Refused(404, "Realm does not exist", code=UNKNOWN_REALM)
    if body["grant_type"] != "client_credentials":
        raise Refused(400, "Unsupported grant_type", code="unsupported_grant_type")
    named = {"client_id": body.get("client_id"), "client_secret": body.get("client_secret"), **caller.claims}
    if named["client_id"] is None:
        raise Refused(401, "Missing client_id parameter", code="invalid_client")
    client = TenantCollection(state, CLIENTS, tenant).get(named["client_id"])
    if client is None:
        raise Refused(401, "Invalid client credentials", code="invalid_client")
    if named["client_secret"] is None:
        raise Refused(401, "Client secret not provided in request", code="unauthorized_client")
    if client["secret"] != named["client_secret"]:
        raise Refused(401, "Invalid client secret", code="unauthorized_client")
    return Reply(issue_token(state, tenant, client["id"]))

"""Handlers of realms: tokens, the keys that sign them, and the description of both. Each tenant has a realm."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.vendor import UrlFor
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.errors import UNKNOWN_REALM
from understudy.vendors.twc.realm_keys import ALGORITHM, public_keys
from understudy.vendors.twc.security import SCOPE, issue_token
from understudy.vendors.twc.tables import CLIENTS, REALMS
from understudy.vendors.twc.tenant_collection import TenantCollection

AFTER_ISSUER = "/protocol/openid-connect/token"


def request_token(state: VendorState, body: Json, tenant: str, caller: Caller, url_for: UrlFor | None = None) -> Reply:
    """Return a token for a client of the realm. Keycloak checks realm, grant type and client, in this order."""
    _check_realm(state, tenant)
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
    return Reply(issue_token(state, tenant, client["id"], "" if url_for is None else _issuer(tenant, url_for)))


def list_realm_keys(state: VendorState, tenant: str) -> Reply:
    """Return the public keys that the realm's tokens are signed with."""
    _check_realm(state, tenant)
    return Reply(public_keys())


def get_realm_configuration(state: VendorState, tenant: str, url_for: UrlFor) -> Reply:
    """Return where the realm issues tokens and shows its keys, at the address by which the request came."""
    _check_realm(state, tenant)
    return Reply(
        {
            "issuer": _issuer(tenant, url_for),
            "token_endpoint": url_for("request_token", tenant=tenant),
            "jwks_uri": url_for("list_realm_keys", tenant=tenant),
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "scopes_supported": SCOPE.split(),
        }
    )


def _issuer(tenant: str, url_for: UrlFor) -> str:
    return url_for("request_token", tenant=tenant).removesuffix(AFTER_ISSUER)


def _check_realm(state: VendorState, tenant: str) -> None:
    if tenant not in state.collection(REALMS):
        raise Refused(404, "Realm does not exist", code=UNKNOWN_REALM)

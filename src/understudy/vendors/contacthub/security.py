"""Credential checks: tokens of sources and of users, and the addresses and nodes for which they are valid."""

from ipaddress import ip_address, ip_network
from typing import Any

from understudy.core.caller import Caller
from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.refused import Cause, Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.errors import NO_PERMISSION
from understudy.vendors.contacthub.tables import TOKENS, USERS

OPERATOR = "CLAB_OPERATOR"
ROLES = (OPERATOR, "ADMIN", "USER", "GUEST", "TRUSTED_APPLICATION", "UNTRUSTED_APPLICATION", "PLATFORM_UPDATES", "DPO")
ALL_NODES_ROLES = frozenset({OPERATOR, "ADMIN", "PLATFORM_UPDATES", "DPO"})
"""Roles that use every node of their workspaces, even if the user has only some nodes; inferred."""


def oauth(state: VendorState, credential: str) -> Caller | None:
    """Return the caller that a token identifies; ``None`` if the token is unknown or its source is disabled.

    Claims of the caller: ``workspaceId`` (``None`` for all), ``nodes`` (``None`` for all), ``sourceId`` and ``userId``;
    ``writableNodes`` of a user who has permissions by node, ``allowedIPs`` of a source that is limited to addresses.
    """
    row = state.collection(TOKENS).view(credential)
    if row is None or not row["enabled"]:
        return None
    scopes = frozenset(row["scopes"])
    if row["userId"] is None or scopes & ALL_NODES_ROLES:
        return Caller(row["name"], scopes, row)
    return Caller(row["name"], scopes, {**row, **_permissions(state, row["userId"])})


def admit(caller: Caller, address: str) -> None:
    """Refuse with 403 a source's caller at an address that is none of the source's ``allowedIPs``."""
    allowed = caller.claims.get("allowedIPs")
    if allowed and not _is_in(address, allowed):
        raise Refused(403, NO_PERMISSION, cause=Cause.CREDENTIALS)


def _is_in(address: str, networks: list[str]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:  # no address of the internet: a socket's path
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in ip_network(each) for each in networks)


def read_addresses(allowed: Any) -> list[str]:
    """Return the addresses and networks of ``allowedIPs``: a list, or a text with commas or spaces between them.

    Raises ``ValueError`` for one that is neither.
    """
    texts = allowed.replace(",", " ").split() if isinstance(allowed, str) else allowed or ()
    return [str(ip_network(text)) for text in texts]


def _permissions(state: VendorState, user_id: int) -> Json:
    """Return the nodes that a user may read, and those that the user may write to."""
    user: ReadOnlyJson | None = state.collection(USERS).view(str(user_id))
    given = {node["id"]: node["permission"] for node in (user["data"]["nodes"] if user else ())}
    return {
        "nodes": list(given),
        "writableNodes": [node_id for node_id, permission in given.items() if "W" in permission],
    }


def anyone(state: VendorState) -> Caller:  # noqa: ARG001 - every credential check is given the state
    """Return a caller with every role, in every workspace and node."""
    return Caller("anyone", frozenset(ROLES), is_anyone=True)


def sign_in(state: VendorState, role: str = "") -> dict[str, str]:
    """Return the request headers of the development client, or of the one that has only the given role."""
    row = state.collection(TOKENS).first("role", role or "DEVELOPMENT")
    if row is None:
        raise LookupError(f"no development token has the role {role!r}")
    return {"Authorization": f"Bearer {row['token']}"}


def token_row(token: str, name: str, scopes: tuple[str, ...], **claims: object) -> Json:
    """Return a row of ``TOKENS``.

    ``claims`` are those that ``oauth`` lists, and ``role`` for the development clients.
    """
    row: Json = {"token": token, "name": name, "scopes": list(scopes), "enabled": True, "role": None}
    return row | {"workspaceId": None, "nodes": None, "sourceId": None, "userId": None} | claims


def new_token(state: VendorState) -> str:
    """Return a new token: 64 lower-case hex digits, as documented."""
    return f"{state.rng.getrandbits(256):064x}"

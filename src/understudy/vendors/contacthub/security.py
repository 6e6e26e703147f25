"""Credential checks: tokens of sources and of users."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.tables import TOKENS

OPERATOR = "CLAB_OPERATOR"
ROLES = (OPERATOR, "ADMIN", "USER", "GUEST", "TRUSTED_APPLICATION", "UNTRUSTED_APPLICATION", "PLATFORM_UPDATES", "DPO")


def oauth(state: VendorState, credential: str) -> Caller | None:
    """Return the caller that a token identifies; ``None`` if the token is unknown or its source is disabled.

    Claims of the caller: ``workspaceId`` (``None`` for all), ``nodes`` (``None`` for all), ``sourceId`` and ``userId``.
    """
    row = state.collection(TOKENS).view(credential)
    if row is None or not row["enabled"]:
        return None
    return Caller(row["name"], frozenset(row["scopes"]), row)


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

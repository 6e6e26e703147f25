"""Who is asking: a source with its own token, or a user."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.tables import TOKENS

OPERATOR = "CLAB_OPERATOR"
ROLES = (OPERATOR, "ADMIN", "USER", "GUEST", "TRUSTED_APPLICATION", "UNTRUSTED_APPLICATION", "PLATFORM_UPDATES", "DPO")


def oauth(state: VendorState, credential: str) -> Caller | None:
    """Return whoever a token belongs to; nobody for an unknown one, or one of a disabled source.

    Claims: ``workspaceId`` (``None`` for all), ``nodes`` (``None`` for all), ``sourceId`` and ``userId``.
    """
    row = state.collection(TOKENS).view(credential)
    if row is None or not row["enabled"]:
        return None
    return Caller(row["name"], frozenset(row["scopes"]), row)


def anyone(state: VendorState) -> Caller:  # noqa: ARG001 - the interface hands in the world
    """Return a caller that may do everything everywhere."""
    return Caller("anyone", frozenset(ROLES), is_anyone=True)


def sign_in(state: VendorState, role: str = "") -> dict[str, str]:
    """Return the request headers of the development client, or of one that has only the role named."""
    row = state.collection(TOKENS).first("role", role or "DEVELOPMENT")
    if row is None:
        raise LookupError(f"no development token has the role {role!r}")
    return {"Authorization": f"Bearer {row['token']}"}


def token_row(token: str, name: str, scopes: tuple[str, ...], **claims: object) -> Json:
    """Return the record of a token; claims are those of ``oauth``, and ``role`` for the development clients."""
    row: Json = {"token": token, "name": name, "scopes": list(scopes), "enabled": True, "role": None}
    return row | {"workspaceId": None, "nodes": None, "sourceId": None, "userId": None} | claims


def new_token(state: VendorState) -> str:
    """Return a fresh token: 64 lower-case hex digits (notes, section 1)."""
    return f"{state.rng.getrandbits(256):064x}"

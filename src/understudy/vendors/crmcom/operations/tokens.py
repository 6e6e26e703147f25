"""Handlers of access tokens: JSON Web Tokens, in the envelope of the vendor's older API."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.envelope import envelope
from understudy.vendors.crmcom.errors import Key
from understudy.vendors.crmcom.security import TOKEN_LIFETIME, require_session

OWN_UNIT = "1"
"""Unit of a user who names none: the one of a published token."""


def create_web_api_key_token(state: VendorState, caller: Caller, body: Json | None) -> Reply:
    """Return a token for an API key, sent as the user name of HTTP Basic."""
    return _issue(state, caller.name, body or {})


def create_token(state: VendorState, body: Json) -> Reply:
    """Return a token for a user of an organisation."""
    user = state.collection("users").get(body["username"])
    if user is None or any(user[field] != body[field] for field in ("password", "organisation")):
        message = "User name, password and organisation do not belong together."
        raise Refused(400, message, code=Key.INVALID_LOGIN)
    return _issue(state, user["username"], body)


def release_token(state: VendorState, body: Json) -> Reply:
    """Release a token; refuse a token that is unknown, expired or already released."""
    session = require_session(state, body["token"])
    state.collection("sessions").delete(session["token"])
    return envelope({})


def _issue(state: VendorState, user: str, body: Json) -> Reply:
    """Return a new token; its claims have the names and types of a published one, times as texts."""
    known = state.collection("users").get(user) or {}
    issued = int(state.now().timestamp())
    claims = {
        "usr": user,
        "org": known.get("organisation", ""),
        "oun": body.get("unit") or OWN_UNIT,
        "iat": str(issued),
        "exp": str(issued + TOKEN_LIFETIME),
        "jti": state.new_id().replace("-", "").upper(),
    }
    token = state.sign_token(claims, TOKEN_LIFETIME)
    state.collection("sessions").put({"token": token, "user": user, "expires_at": issued + TOKEN_LIFETIME})
    return envelope({"token": token})

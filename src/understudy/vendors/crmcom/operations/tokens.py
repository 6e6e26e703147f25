"""Handlers of access tokens: JSON Web Tokens, in the envelope of the vendor's older API."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.errors import Key
from understudy.vendors.crmcom.security import TOKEN_LIFETIME


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
    sessions = state.collection("sessions")
    session = sessions.get(body["token"])
    if session is None or _is_expired(state, session):
        raise Refused(401, "The token is not valid.", code=Key.INVALID_LOGIN)
    sessions.delete(session["token"])
    return _envelope({})


def _issue(state: VendorState, user: str, body: Json) -> Reply:
    claims = {"sub": user, "jti": state.new_id(), **({"unit": body["unit"]} if "unit" in body else {})}
    token = state.sign_token(claims, TOKEN_LIFETIME)
    expires_at = int(state.now().timestamp()) + TOKEN_LIFETIME
    state.collection("sessions").put({"token": token, "user": user, "expires_at": expires_at})
    return _envelope({"token": token})


def _is_expired(state: VendorState, session: Json) -> bool:
    """Return whether a session has expired; the start data's session, with a token of the old form, never does."""
    expires_at: int | None = session["expires_at"]
    return expires_at is not None and expires_at <= state.now().timestamp()


def _envelope(data: Json) -> Reply:
    return Reply({"status": {"code": "OK", "message": "", "description": ""}, "data": data})

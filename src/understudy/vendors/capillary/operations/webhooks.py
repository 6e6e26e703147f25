"""Handlers of webhook accounts, and of pushes to them."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Cause, Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.attribution_headers import requires_header_pair
from understudy.vendors.capillary.envelope import list_reply, write_reply
from understudy.vendors.capillary.errors import UNAUTHENTICATED
from understudy.vendors.capillary.occurrences import take_occurrence
from understudy.vendors.capillary.security import has_access

SHOWN = ("transformerType", "webHookId", "uniquenessCheckEnabled", "tillCode", "webHookUri", "authEnabled")


@requires_header_pair
def add_webhook(state: VendorState, body: Json) -> Reply:
    """Store a new webhook account; each transformer has at most one."""
    _refuse_second(state, body["transformerType"], but="")
    webhook_id = state.new_id().replace("-", "")
    webhook = {
        "webHookId": webhook_id,
        "transformerType": body["transformerType"],
        "tillCode": body["tillCode"],
        "uniquenessCheckEnabled": body.get("uniquenessCheckEnabled", False),
        "authEnabled": body.get("authEnabled", False),
        "webHookUri": f"/v2/events/webhook/{webhook_id}/push",
        "isDisabled": False,
    }
    state.collection("webhooks").put(webhook)
    return _answer(webhook)


@requires_header_pair
def update_webhook(state: VendorState, body: Json) -> Reply:
    """Change a webhook account, found by its id, or by its transformer if no id is given."""
    webhook = _find_webhook(state, body.get("webHookId"), body["transformerType"])
    _refuse_second(state, body["transformerType"], but=webhook["webHookId"])
    if webhook["uniquenessCheckEnabled"] and body.get("uniquenessCheckEnabled") is False:
        raise Refused(400, "The uniqueness check cannot be turned off again")
    known = ("transformerType", "tillCode", "uniquenessCheckEnabled", "authEnabled")
    webhook |= {name: body[name] for name in known if name in body}
    state.collection("webhooks").put(webhook)
    return _answer(webhook)


@requires_header_pair
def disable_webhook(state: VendorState, body: Json) -> Reply:
    """Disable a webhook account; pushes to it are refused from then on."""
    webhook = _find_webhook(state, body["webHookId"], "")
    state.collection("webhooks").put({**webhook, "isDisabled": True})
    return write_reply()


def list_webhooks(state: VendorState) -> Reply:
    """Return the webhook accounts that are not disabled."""
    return list_reply([{name: webhook[name] for name in SHOWN} for webhook in _open_webhooks(state)])


def push_occurrence(state: VendorState, body: Json, webhook_id: str, caller: Caller) -> Reply:
    """Process an occurrence of an event. The response confirms only the arrival, not that the occurrence is valid."""
    webhook = state.collection("webhooks").get(webhook_id)
    if webhook is None or webhook["isDisabled"]:
        raise Refused(404, "There is no webhook at this address")
    if webhook["authEnabled"] and not has_access(caller):
        raise Refused(401, UNAUTHENTICATED, cause=Cause.CREDENTIALS)
    request_id = state.new_id()
    take_occurrence(state, webhook, body, request_id)
    return Reply(
        {"status": {"code": 1100, "message": "Event is pushed to transformation state"}, "requestId": request_id}
    )


def _open_webhooks(state: VendorState) -> list[Json]:
    return [webhook for webhook in state.collection("webhooks") if not webhook["isDisabled"]]


def _find_webhook(state: VendorState, webhook_id: str | None, transformer: str) -> Json:
    for webhook in _open_webhooks(state):
        if webhook["webHookId"] == webhook_id:
            return webhook
        if webhook_id is None and webhook["transformerType"].lower() == transformer.lower():
            return webhook
    raise Refused(400, "There is no such webhook")


def _refuse_second(state: VendorState, transformer: str, *, but: str) -> None:
    for webhook in _open_webhooks(state):
        if webhook["transformerType"].lower() == transformer.lower() and webhook["webHookId"] != but:
            raise Refused(400, f"The organisation has a webhook for {transformer} already")


def _answer(webhook: Json) -> Reply:
    return Reply({**{name: webhook[name] for name in SHOWN if name != "webHookId"}, "warnings": []})

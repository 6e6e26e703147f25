"""Handlers of webhook accounts, and of pushes to them."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Cause, Refused
from understudy.core.reply import Reply
from understudy.core.vendor import UrlFor
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.attribution_headers import requires_header_pair
from understudy.vendors.capillary.envelope import list_reply, write_reply
from understudy.vendors.capillary.errors import UNAUTHENTICATED
from understudy.vendors.capillary.occurrences import take_occurrence
from understudy.vendors.capillary.security import has_access

SHOWN = ("transformerType", "webHookId", "uniquenessCheckEnabled", "tillCode", "authEnabled")
STORED = (
    "transformerType", "tillCode", "uniquenessCheckEnabled", "authEnabled", "authMechanism", "listenToChildEvents"
)  # fmt: skip


@requires_header_pair
def add_webhook(state: VendorState, body: Json, url_for: UrlFor) -> Reply:
    """Store a new webhook account; each transformer has at most one."""
    _refuse_second(state, body["transformerType"], but="")
    webhook = {
        "webHookId": state.new_id().replace("-", ""),
        "uniquenessCheckEnabled": False,
        "authEnabled": False,
        "isDisabled": False,
        **_given(body),
    }
    state.collection("webhooks").put(webhook)
    return _answer(webhook, url_for)


@requires_header_pair
def update_webhook(state: VendorState, body: Json, url_for: UrlFor) -> Reply:
    """Change a webhook account, found by its id, or by its transformer if no id is given."""
    webhook = _find_webhook(state, body.get("webHookId"), body["transformerType"])
    _refuse_second(state, body["transformerType"], but=webhook["webHookId"])
    if webhook["uniquenessCheckEnabled"] and body.get("uniquenessCheckEnabled") is False:
        raise Refused(400, "The uniqueness check cannot be turned off again")
    webhook |= _given(body)
    state.collection("webhooks").put(webhook)
    return _answer(webhook, url_for)


@requires_header_pair
def disable_webhook(state: VendorState, body: Json) -> Reply:
    """Disable a webhook account; pushes to it are refused from then on."""
    webhook = _find_webhook(state, body["webHookId"], "")
    state.collection("webhooks").put({**webhook, "isDisabled": True})
    return write_reply()


def list_webhooks(state: VendorState, url_for: UrlFor) -> Reply:
    """Return the webhook accounts that are not disabled."""
    return list_reply([_shown(webhook, url_for) for webhook in _open_webhooks(state)])


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
        {"status": {"code": 1100, "message": "Event is pushed to transformation state"}, "requestId": request_id},
        headers={"x-cap-hydra-request-id": request_id},
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


def _given(body: Json) -> Json:
    return {name: body[name] for name in STORED if body.get(name) is not None}


def _shown(webhook: Json, url_for: UrlFor) -> Json:
    shown = {name: webhook[name] for name in SHOWN}
    return shown | {"webHookUri": url_for("push_occurrence", webhookId=webhook["webHookId"])}


def _answer(webhook: Json, url_for: UrlFor) -> Reply:
    """Return the answer to a write: without the id, and with the mechanism only where it is in use."""
    shown = _shown(webhook, url_for)
    del shown["webHookId"]
    if webhook["authEnabled"] and "authMechanism" in webhook:
        shown["authMechanism"] = webhook["authMechanism"]
    return Reply({**shown, "warnings": []})

"""Messages made of the outbox's records, in the form in which they are sent."""

from typing import Any

import orjson

from understudy.deliveries.message import Message
from understudy.deliveries.queue_library import QUEUE_HEADERS
from understudy.deliveries.targets import POST, QUEUES, service_of
from understudy.deliveries.templates import fill_template
from understudy.deliveries.waiting_messages import DueMessage
from understudy.state.vendor_state import VendorState

JSON, TEXT = "application/json", "text/plain; charset=utf-8"
CONTENT_TYPE = "Content-Type"


def make_message(due: DueMessage, *, has_wrong_signature: bool = False) -> Message:
    """Return the message of a record for the target of its rule, signed at the world's time as the rule asks."""
    record, rule = due.record, due.rule
    state: VendorState = due.world.vendors[due.vendor]
    message_id = f"{due.world.name}.{due.id}"
    body, content_type = body_bytes(record["body"] if rule.template is None else fill_template(rule.template, record))
    headers = dict(record["headers"])
    if record["kind"] in QUEUES and service_of(rule.target or "") == POST:
        headers = {name: value for name, value in headers.items() if name.lower() not in QUEUE_HEADERS}
    if CONTENT_TYPE.lower() not in {name.lower() for name in headers}:
        headers = {CONTENT_TYPE: content_type, **headers}
    at = state.now()
    if rule.signing is not None:
        signed = dict(rule.signing.sign(message_id, int(at.timestamp()), body, is_wrong=has_wrong_signature))
        replaced = {name.lower() for name in signed}
        headers = {name: value for name, value in headers.items() if name.lower() not in replaced} | signed
    return Message(
        id=message_id,
        kind=record["kind"],
        destination=record["destination"],
        target=rule.target or "",
        body=body,
        at=at,
        method=record["method"],
        headers=headers,
        attributes=record["attributes"],
        group=record["group"],
        key=f"{due.token}-{record['id']}-{len(record['attempts']) - record['tries']}",
        timeout=rule.timeout,
    )


def body_bytes(body: Any) -> tuple[bytes, str]:
    """Return the bytes of a record's body, and their media type: a text is sent as it is, else JSON."""
    return (body.encode(), TEXT) if isinstance(body, str) else (orjson.dumps(body), JSON)

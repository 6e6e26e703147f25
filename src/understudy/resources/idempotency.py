"""Idempotency keys: a repeated request is answered as the first one was, where the document declares such a key."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson

from understudy.contract.compiled_operations import Operation
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.core.upload import Upload
from understudy.resources.record_forms import RecordForms
from understudy.resources.resource import KEY, plain
from understudy.resources.wrapped_calls import Answer, Call, declared_status, then
from understudy.state.vendor_state import VendorState

FIRST_REPLIES = "@first_replies"
"""Collection with the first reply to each idempotency key, by operation."""

NAME = "idempotencykey"
OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS
SAFE = frozenset({"get", "head", "options", "trace"})


def idempotent(operation: Operation, call: Call, forms: RecordForms) -> Call:
    """Return a call that repeats its first reply to an idempotency key; the same call if none is declared.

    The key is in a header such as ``Idempotency-Key``, or in the body. Another request with a used key is refused.
    """
    headers = [each for each in operation.parameters if each.where == "header"]
    argument = next((each.argument for each in headers if plain(each.name).endswith(NAME)), "")
    member = "" if argument else _member(operation, forms)
    if operation.method in SAFE or not (argument or member):
        return call
    other_headers = {each.argument for each in headers}

    def repeat(state: VendorState, request: RequestFacts, body: Any, arguments: Mapping[str, Any]) -> Answer:
        key = arguments.get(argument) if argument else body.get(member) if isinstance(body, Mapping) else None
        if key is None or key == "":
            return call(state, request, body, arguments)
        sent = {name: value for name, value in arguments.items() if name not in other_headers}
        replies = state.collection(FIRST_REPLIES)
        place, digest = f"{operation.id}/{key}", _digest(sent, body)
        first = replies.get(place)
        if first is None:

            def store(reply: Reply) -> Reply:
                replies.put({KEY: place, "request": digest, **_stored(reply)})
                return reply

            return then(call(state, request, body, arguments), store)
        if first["request"] != digest:
            raise Refused(
                declared_status(operation, 422, 409, 400), f"idempotency key {str(key)!r} was used for another request"
            )
        return _restored(first)

    return repeat


def _member(operation: Operation, forms: RecordForms) -> str:
    """Return the member of an operation's body that holds an idempotency key; empty without such."""
    parts = operation.body.node["content"].values() if operation.body else ()
    names = (name for part in parts for name in forms.properties(part.get("schema", {})))
    return next((name for name in names if plain(name) == NAME), "")


def _digest(arguments: Mapping[str, Any], body: Any) -> str:
    text = orjson.dumps([arguments, body], default=_plain_form, option=OPTIONS)
    return blake2b(text, digest_size=16).hexdigest()


def _plain_form(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if not isinstance(value, Upload):
        return repr(value)
    content = value.content.read()
    value.content.seek(0)
    return [value.filename, b64encode(content).decode()]


def _stored(reply: Reply) -> Json:
    """Return a reply as a record; a body that is no JSON in base 64."""
    kept: Json = {"status": reply.status, "headers": dict(reply.headers)}
    if isinstance(reply.body, bytes):
        return {**kept, "bytes": b64encode(reply.body).decode()}
    if reply.text is not None:
        kept["text"] = reply.text.decode()
    return {**kept, "body": reply.body}


def _restored(kept: Json) -> Reply:
    body = b64decode(kept["bytes"]) if "bytes" in kept else kept["body"]
    text = kept["text"].encode() if "text" in kept else None
    return Reply(body, kept["status"], kept["headers"], text=text, is_repeat=True)

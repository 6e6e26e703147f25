"""Entity tags: declared ``ETag`` headers are those of the stored record, and requests with conditions are checked."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson

from understudy.contract.compiled_operations import Operation
from understudy.contract.parameters import InvalidParameter, Parameter
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.resources.record_forms import at
from understudy.resources.resource import Resource, Use
from understudy.resources.sampled_replies import sampled_headers
from understudy.resources.stored_lookup import stored_record
from understudy.resources.wrapped_calls import Answer, Call, is_declared, then
from understudy.samples.sample_maker import SampleMaker
from understudy.state.vendor_state import VendorState

TAG = "etag"
CONDITIONS = frozenset({"if-match", "if-none-match"})
ON_ITEMS = frozenset({"read", "change", "replace", "delete", "action"})
SAFE = frozenset({"get", "head"})


def has_tags(operation: Operation) -> bool:
    """Return whether an operation declares entity tags: a header of its responses, or a condition."""
    declared = (header for response in operation.responses.values() for header in response.headers)
    return any(header.name.lower() == TAG for header in declared) or any(
        each.where == "header" and each.name.lower() in CONDITIONS for each in operation.parameters
    )


def tagged(operation: Operation, call: Call, maker: SampleMaker, owner: tuple[Resource, Use] | None = None) -> Call:
    """Return a call that sends the tags which an operation declares, and keeps to the conditions of requests.

    ``owner`` is the resource whose record the operation shows or changes, and how.
    """
    resource, use = owner or (None, None)
    is_safe = operation.method in SAFE
    creates = use is not None and use.role == "replace"

    def check(state: VendorState, request: RequestFacts, body: Any, arguments: Mapping[str, Any]) -> Answer:
        match, none_match = request.header("if-match"), request.header("if-none-match")
        stored = _stored_tag(state, resource, use, arguments)
        if not is_safe and (stored or (match and creates)):  # If-Match: * of what is not there fails, too
            _refuse_unless(operation, stored, match, none_match)

        def tag_of(reply: Reply) -> Reply:
            tag = (
                _stored_tag(state, resource, use, arguments)
                or _created_tag(state, resource, use, arguments, reply)
                or _tag(reply.body)
            )
            if is_safe and reply.status // 100 == 2:
                _refuse_unless(operation, tag, match, "")
                if none_match and is_declared(operation, 304) and _matches(none_match, tag):
                    return _not_modified(operation, tag, maker)
            return _with_tag(operation, reply, tag)

        return then(call(state, request, body, arguments), tag_of)

    return check


def _refuse_unless(operation: Operation, tag: str, match: str, none_match: str) -> None:
    """Refuse a request whose condition does not hold, where the document declares a status for that."""
    fails = (match and not _matches(match, tag, is_strong=True)) or (none_match and _matches(none_match, tag))
    if fails and (is_declared(operation, 412) or "default" in operation.responses):
        shown = f"If-Match {match}" if match else f"If-None-Match {none_match}"
        reason = f'the record has the tag "{tag}"' if tag else "there is no such record"
        raise Refused(412, f"{shown} does not hold: {reason}")


def _stored_tag(state: VendorState, resource: Resource | None, use: Use | None, arguments: Mapping[str, Any]) -> str:
    """Return the tag of the stored record that a path names; empty if there is none."""
    if resource is None or use is None or use.role not in ON_ITEMS:
        return ""
    record = stored_record(state.collection(resource.name), resource, arguments)
    return "" if record is None else _tag(record)


def _created_tag(
    state: VendorState, resource: Resource | None, use: Use | None, arguments: Mapping[str, Any], reply: Reply
) -> str:
    if resource is None or use is None or use.role != "create" or use.place is None:
        return ""
    shown = at(reply.body, use.place)
    key = shown.get(resource.id_property) if isinstance(shown, Mapping) else None
    named = {**arguments, resource.id_parameter: key}
    record = None if key is None else stored_record(state.collection(resource.name), resource, named)
    return "" if record is None else _tag(record)


def _tag(value: Any) -> str:
    text = value if isinstance(value, bytes) else orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return blake2b(text, digest_size=12).hexdigest()


def _matches(condition: str, tag: str, *, is_strong: bool = False) -> bool:
    """Return whether a tag is among those of a condition; a weak one, ``W/"…"``, is none of a strong comparison."""
    for each in condition.split(","):
        given = each.strip()
        if (given == "*" and tag) or (
            given.removeprefix("W/").strip('"') == tag and not (is_strong and given[:2] == "W/")
        ):
            return True
    return False


def _with_tag(operation: Operation, reply: Reply, tag: str) -> Reply:
    response = operation.response(reply.status)
    for header in response.headers if response else ():
        if header.name.lower() == TAG:
            reply.headers = {**reply.headers, header.name: _text(header, tag)}
    return reply


def _text(header: Parameter, tag: str) -> str:
    """Return a tag in quotes; as a document's schema has it, if that allows no quotes."""
    for text in (f'"{tag}"', tag):
        try:
            header.value([text])
        except InvalidParameter:
            continue
        return text
    return f'"{tag}"'


def _not_modified(operation: Operation, tag: str, maker: SampleMaker) -> Reply:
    response = operation.response(304)
    made = {} if response is None else sampled_headers(operation, response, maker)
    others = {name: value for name, value in made.items() if name.lower() != TAG}
    return Reply(None, 304, {**others, "ETag": f'"{tag}"'})

"""Records that a user writes directly, checked by the answers in which a vendor shows them."""

import inspect
from collections.abc import Generator
from typing import Any

import orjson

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.shown_record import ShownBy
from understudy.core.steps import Steps
from understudy.state.put_record import check_like_others, put_record
from understudy.state.snapshot_format import INDEX_ERRORS, why_unfit
from understudy.state.vendor_state import VendorState
from understudy.vendors.served_vendor import ServedVendor

MESSAGE = ("at", "kind", "what")
"""Members that each notification of a vendor has."""


def put_checked_record(served: ServedVendor, state: VendorState, collection: str, record: Json) -> Steps[Json]:
    """Store a record as ``put_record`` does; raise ``Refused`` for one that the vendor could not show.

    A record that no operation shows has to have the properties that all others of its collection have.
    """

    def check(trial: VendorState, after: Json) -> Steps[None]:
        if collection in served.vendor.shown:
            yield from _check_shown(served, trial, collection, after)
            return
        yield from check_like_others(state, collection, after, takes_others=True)
        yield from _check_sent(served, trial, collection, after)

    return (yield from put_record(served.vendor, state, collection, record, check))


def _check_shown(served: ServedVendor, trial: VendorState, collection: str, record: Json) -> Steps[None]:
    """Call the operations that show a record, each on a copy of a state that has it, and check their replies."""
    for shown in served.vendor.shown[collection](trial, record):
        try:
            reply = yield from _call(served, trial.fork(trial.name, trial.clock), shown)
        except Refused:  # then it does not show the record
            continue
        except INDEX_ERRORS as error:
            why = why_unfit(error, record)
            raise Refused(422, f"{served.vendor.name} cannot show such a record in {shown.operation}: {why}") from None
        _check_reply(served, shown.operation, reply)


def _call(served: ServedVendor, state: VendorState, shown: ShownBy) -> Steps[Reply]:
    """Call the handler of an operation with the arguments given, the defaults of the others, and any caller."""
    handler = served.vendor.operations[shown.operation]
    _, *names = inspect.signature(handler).parameters
    arguments: dict[str, Any] = dict.fromkeys(names)
    if "caller" in arguments:
        arguments["caller"] = served.vendor.anyone(state) if served.vendor.anyone else Caller("records", is_anyone=True)
    parameters = served.by_id[shown.operation].parameters
    arguments |= {each.argument: each.default for each in parameters if each.argument in arguments}
    result = handler(state, **{**arguments, **shown.arguments})
    if not isinstance(result, Generator):
        return result
    while True:
        try:
            reply = next(result)
        except StopIteration as end:
            return end.value if isinstance(end.value, Reply) else Reply(status=204)
        if isinstance(reply, Reply):
            return reply
        yield


def _check_reply(served: ServedVendor, operation: str, reply: Reply) -> None:
    response = served.by_id[operation].response(reply.status)
    if response is None or not response.media_type.endswith("json"):
        return
    body = orjson.loads(reply.text) if reply.body is None and reply.text is not None else reply.body
    validator = response.media[response.media_type]
    violations = [] if validator.is_valid(body) else validator.violations(body, operation)
    if violations:
        found = violations[0]
        place = f" at {found.path}" if found.path else ""
        raise Refused(
            422,
            f"{served.vendor.name}'s {operation} may not answer with such a record{place}: {found.message}",
            violations=[found],
        )


def _check_sent(served: ServedVendor, trial: VendorState, collection: str, record: Json) -> Steps[None]:
    """Make the notifications of a state that has a record, and check what the control API will show of them."""
    if served.vendor.sent is None:
        return
    try:
        for message in (yield from served.vendor.sent(trial)):
            for name in MESSAGE:
                if name not in message:
                    raise Refused(422, f"{name} is missing{nearest(name, message)}")
            yield
    except INDEX_ERRORS as error:
        raise Refused(
            422, f"{served.vendor.name} cannot send by such a record in {collection}: {why_unfit(error, record)}"
        ) from None

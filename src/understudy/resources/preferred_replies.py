"""Replies that a client chooses with the header ``Prefer``: ``code=404``, ``example=cat``, ``dynamic=true``."""

from collections.abc import Mapping
from dataclasses import dataclass

from understudy.contract.compiled_operations import Operation
from understudy.core.misconfigured import nearest
from understudy.core.refused import Cause, Refused, Violation
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.resources.sampled_replies import any_sampled_reply, sampled_reply, success_statuses
from understudy.samples.sample_maker import NoValue, SampleMaker
from understudy.state.vendor_state import VendorState

CODE, EXAMPLE, DYNAMIC = "code", "example", "dynamic"
TRUTHS = {"": True, "true": True, "false": False}
APPLIED = "Preference-Applied"


@dataclass(frozen=True, slots=True)
class _Choice:
    """Choice of a client: a status (0 for none), an example's name, and whether the body is generated."""

    status: int
    example: str
    is_dynamic: bool


def preferred_reply(
    operation: Operation, maker: SampleMaker, state: VendorState, request: RequestFacts
) -> Reply | None:
    """Return the reply that a request chooses, or ``None`` if it chooses none.

    Raise a refusal (400) that names what there is for a status, example or value that is not there.
    """
    if b"prefer" not in request.headers:
        return None
    preferences = request.preferences
    if not preferences.keys() & {CODE, EXAMPLE, DYNAMIC}:
        return None
    choice = _chosen(operation, maker, preferences)
    if not (choice.status or choice.example or choice.is_dynamic):
        return None
    key = f"{operation.id} {state.rng.getrandbits(64):x}" if choice.is_dynamic else ""
    try:
        if choice.status:
            reply = sampled_reply(operation, choice.status, maker, choice.example, key)
        else:
            reply = any_sampled_reply(operation, maker, choice.example, key=key)
    except NoValue:
        raise Refused(406, _unmade(choice), cause=Cause.CONTRACT) from None
    given = {name: preferences[name] for name in (CODE, EXAMPLE, DYNAMIC) if name in preferences}
    applied = ", ".join(f"{name}={value}" if value else name for name, value in given.items())
    reply.headers = {**reply.headers, APPLIED: applied}
    return reply


def _unmade(choice: _Choice) -> str:
    if choice.example:
        return f"the example {choice.example!r} breaks the schema of its answer"
    return "no value was found that the schema of this answer allows"


def _chosen(operation: Operation, maker: SampleMaker, preferences: Mapping[str, str]) -> _Choice:
    """Return what a client chooses; raise a refusal if there is no such thing."""
    dynamic = preferences.get(DYNAMIC, "false").lower()
    if dynamic not in TRUTHS:
        raise _refused(f"dynamic is true or false, not {dynamic!r}", dynamic)
    example = preferences.get(EXAMPLE, "")
    if EXAMPLE in preferences and not example:
        raise _refused("example needs a name, such as example=cat", example)
    if example and TRUTHS[dynamic]:
        raise _refused("a dynamic answer shows no example: choose one or the other", example)
    status = _status(operation, preferences[CODE]) if CODE in preferences else 0
    if example:
        status = _status_with(operation, maker, status, example)
    return _Choice(status, example, TRUTHS[dynamic])


def _status(operation: Operation, text: str) -> int:
    is_status = text.isascii() and text.isdigit() and 100 <= int(text) <= 599
    if is_status and operation.response(int(text)) is not None:
        return int(text)
    declared = ", ".join(operation.responses)
    raise _refused(f"{operation.id} declares no status {text!r}; there are {declared}", text)


def _status_with(operation: Operation, maker: SampleMaker, status: int, example: str) -> int:
    """Return the status whose answer has an example of this name: the chosen one, or else the first that has it."""
    statuses = [status] if status else [*success_statuses(operation)]
    names: list[str] = []
    for each in statuses:
        found = maker.example_names(_media_node(operation, each))
        if example in found:
            return each
        names += found
    listed = ", ".join(dict.fromkeys(names)) or "none"
    where = f"the answer {status} of {operation.id}" if status else operation.id
    raise _refused(f"{where} has no example {example!r}{nearest(example, names)} (there are: {listed})", example)


def _media_node(operation: Operation, status: int) -> Mapping[str, object]:
    response = operation.response(status)
    if response is None or not response.media_type:
        return {}
    node: Mapping[str, object] = response.node["content"][response.media_type]
    return node


def _refused(message: str, value: str) -> Refused:
    text = f"Prefer: {message}"
    violation = Violation("header", "Prefer", "enum", text, value)
    return Refused(400, text, violations=[violation], cause=Cause.CONTRACT)

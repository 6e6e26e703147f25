"""Calls of handlers from within others that do something before and after: with the arguments that each one takes."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.core.vendor import Handler
from understudy.state.vendor_state import VendorState

Call = Callable[[VendorState, RequestFacts, Any, Mapping[str, Any]], Reply]
"""Function that answers a request: (state, facts of the request, body, values of the parameters) → reply."""


def call_of(handler: Handler) -> Call:
    """Return a function that calls a handler with those of the arguments that it takes."""
    wanted = inspect.signature(handler).parameters
    takes_all = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in wanted.values())

    def call(state: VendorState, request: RequestFacts, body: Any, arguments: Mapping[str, Any]) -> Reply:
        given = {name: value for name, value in arguments.items() if takes_all or name in wanted}
        if "request" in wanted:
            given["request"] = request
        if "body" in wanted:
            given["body"] = body
        reply: Any = handler(state, **given)
        return reply  # type: ignore[no-any-return] # no handler of a resource or a sample runs in steps

    return call


def handler_of(call: Call) -> Handler:
    """Return a function that answers a request as a handler."""

    def handle(state: VendorState, request: RequestFacts, body: Any = None, **arguments: Any) -> Reply:
        return call(state, request, body, arguments)

    return handle


def declared_status(operation: Operation, *statuses: int) -> int:
    """Return the first of some statuses that an operation declares; the first of all if it declares none by itself."""
    return next((each for each in statuses if str(each) in operation.responses), statuses[0])


def is_declared(operation: Operation, status: int) -> bool:
    """Return whether an operation declares a status, or its hundred."""
    return bool(operation.responses.keys() & {str(status), f"{status // 100}XX"})

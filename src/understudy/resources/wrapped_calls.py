"""Calls of handlers from within others that do something before and after: with the arguments that each one takes."""

import inspect
from collections.abc import Callable, Generator, Mapping
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.core.steps import Steps
from understudy.core.vendor import Handler
from understudy.state.vendor_state import VendorState

Answer = Reply | Generator[Any, None, Reply]
"""Reply, or the steps that lead to it."""

Call = Callable[[VendorState, RequestFacts, Any, Mapping[str, Any]], Answer]
"""Function that answers a request: (state, facts of the request, body, values of the parameters) → reply, or steps."""


def then(answer: Answer, follow: Callable[[Reply], Reply]) -> Answer:
    """Return what follows from a reply, at once or after its steps."""
    if isinstance(answer, Generator):
        return _then_in_steps(answer, follow)
    return follow(answer)


def _then_in_steps(steps: Generator[Any, None, Reply], follow: Callable[[Reply], Reply]) -> Generator[Any, None, Reply]:
    reply = yield from steps
    return follow(reply)


def after(steps: Steps[None], call: Callable[[], Any]) -> Generator[Any, None, Reply]:
    """Run steps, and return the reply of what is called after them."""
    yield from steps
    answer: Answer = call()
    return (yield from answer) if isinstance(answer, Generator) else answer


def call_of(handler: Handler) -> Call:
    """Return a function that calls a handler with those of the arguments that it takes."""
    wanted = inspect.signature(handler).parameters
    takes_all = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in wanted.values())

    def call(state: VendorState, request: RequestFacts, body: Any, arguments: Mapping[str, Any]) -> Answer:
        given = {name: value for name, value in arguments.items() if takes_all or name in wanted}
        if "request" in wanted:
            given["request"] = request
        if "body" in wanted:
            given["body"] = body
        answer: Any = handler(state, **given)
        return answer  # type: ignore[no-any-return] # no handler of a resource yields its reply before further steps

    return call


def handler_of(call: Call) -> Handler:
    """Return a function that answers a request as a handler."""

    def handle(state: VendorState, request: RequestFacts, body: Any = None, **arguments: Any) -> Any:
        return call(state, request, body, arguments)

    return handle


def declared_status(operation: Operation, *statuses: int) -> int:
    """Return the first of some statuses that an operation declares; the first of all if it declares none by itself."""
    return next((each for each in statuses if str(each) in operation.responses), statuses[0])


def is_declared(operation: Operation, status: int) -> bool:
    """Return whether an operation declares a status, or its hundred."""
    return bool(operation.responses.keys() & {str(status), f"{status // 100}XX"})

"""Handlers whose success is followed by what a document says is sent then: callbacks, and webhooks by a hint."""

import inspect
from collections.abc import Generator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import orjson

from understudy.contract.compiled_operations import Operation
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.core.runtime_expressions import CallFacts
from understudy.core.vendor import FollowFunction, Handler, Vendor
from understudy.state.vendor_state import VendorState

SUCCESSES = range(200, 400)
NOT_MODIFIED = 304
ADDED = ("request", "body")
"""Arguments that a call is described by, besides the values of its parameters."""


def with_followed_calls(vendor: Vendor, operations: tuple[Operation, ...]) -> Vendor:
    """Return a vendor of which each operation that sends something of its own does so, whatever its handler is."""
    if vendor.follow is None or not vendor.followed:
        return vendor
    made = {
        each.id: _followed(each, vendor.operations[each.id], vendor.follow)
        for each in operations
        if each.id in vendor.followed and each.id in vendor.operations
    }
    return replace(vendor, operations={**vendor.operations, **made})


def _followed(operation: Operation, handler: Handler, follow: FollowFunction) -> Handler:
    signature = inspect.signature(handler)
    takes_all = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in signature.parameters.values())
    wanted = signature.parameters.keys()
    in_path = {each.name: each.argument for each in operation.parameters if each.where == "path"}

    def handle(state: VendorState, request: RequestFacts, body: Any = None, **arguments: Any) -> Any:
        given = {**arguments, "request": request, "body": body}
        path = {name: arguments.get(argument) for name, argument in in_path.items()}

        def mark(reply: Reply) -> Reply:
            if reply.status in SUCCESSES and reply.status != NOT_MODIFIED and not reply.is_repeat:
                reply.after = partial(_follow, reply, lambda: _facts(operation, request, path, body, reply))
            return reply

        def _follow(reply: Reply, facts: Any) -> None:
            follow(state, operation.id, facts(), reply)

        found: Any = handler(
            state, **{name: each for name, each in given.items() if name in wanted or (takes_all and name not in ADDED)}
        )
        return _marked(found, mark) if isinstance(found, Generator) else mark(found)

    handle.__signature__ = _with_all(signature)  # type: ignore[attr-defined] # by it the arguments are chosen
    return handle


def _marked(steps: Generator[Any, Any, Any], mark: Any) -> Generator[Any, Any, Any]:
    """Run steps, and mark the reply that they yield or return."""
    sent: Any = None
    while True:
        try:
            item = steps.send(sent)
        except StopIteration as done:
            return mark(done.value) if isinstance(done.value, Reply) else done.value
        sent = yield mark(item) if isinstance(item, Reply) else item


def _with_all(signature: inspect.Signature) -> inspect.Signature:
    """Return a signature that takes the facts of a request, its body and the values of all parameters, too."""
    kinds = inspect.Parameter
    named = [each for each in signature.parameters.values() if each.kind is not kinds.VAR_KEYWORD]
    known = {each.name for each in named}
    added = [kinds(name, kinds.KEYWORD_ONLY, default=None) for name in ADDED if name not in known]
    return signature.replace(parameters=[*named, *added, kinds("values", kinds.VAR_KEYWORD)])


def _facts(operation: Operation, request: RequestFacts, path: Mapping[str, Any], body: Any, reply: Reply) -> CallFacts:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in request.headers.items()}
    query = "&".join(f"{name}={value}" for name, values in request.query.items() for value in values)
    url = request.url_for(operation.id, **{name: str(value) for name, value in path.items()})
    return CallFacts(
        url=f"{url}?{query}" if query else url,
        method=operation.method.upper(),
        status=reply.status,
        path=path,
        query=request.query,
        headers=headers,
        body=body,
        response_headers={name.lower(): value for name, value in reply.headers.items()},
        response_body=_parsed(reply),
    )


def _parsed(reply: Reply) -> Any:
    """Return the body of a reply; of one that has only its text, what that says as JSON."""
    if reply.body is not None or reply.text is None:
        return reply.body
    try:
        return orjson.loads(reply.text)
    except orjson.JSONDecodeError:
        return None

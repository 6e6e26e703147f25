"""Vendor that answers with recordings where nothing better does, after behaviour and recognised resources."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from inspect import Parameter, signature
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.core.table import Table
from understudy.core.vendor import Handler, Vendor
from understudy.http.example_replies import sample_handler
from understudy.state.vendor_state import VendorState
from understudy.traffic.recordings import Recordings, query_pairs

REPLAYED = "@replayed"
"""Collection of the requests that recordings have answered in a world: how often, and what was deleted."""

KEY, TURN = "key", "turn"
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
CHOICES = ("code", "example", "dynamic")
"""Preferences by which a client chooses a sample."""

FindReply = Callable[[VendorState, RequestFacts, Any, Mapping[str, Any]], Reply | None]


def with_recordings(
    vendor: Vendor, document: Document, operations: tuple[Operation, ...], recordings: Recordings
) -> Vendor:
    """Return a vendor in which recordings answer before samples, and where a recognised resource has no record."""
    handlers: dict[str, Handler] = {}
    fidelities = dict(vendor.fidelities)
    for operation in operations:
        own = vendor.operations.get(operation.id)
        fidelity = fidelities.get(operation.id) or ("sample" if own is None else "behaviour")
        if operation.id not in recordings or fidelity == "behaviour":
            continue
        base = own or sample_handler(document, operation)
        find = partial(_find, operation, recordings)
        handlers[operation.id] = _before(base, find) if fidelity == "sample" else _behind(operation, base, find)
        fidelities[operation.id] = fidelity
    tables = (*vendor.tables, Table(REPLAYED, KEY))
    return replace(vendor, operations={**vendor.operations, **handlers}, fidelities=fidelities, tables=tables)


def _before(base: Handler, find: FindReply) -> Handler:
    """Return a handler that answers with a recording, and else with a sample."""
    call = _caller(base)

    def handle(state: VendorState, request: RequestFacts, body: Any = None, **arguments: Any) -> Any:
        is_chosen = any(name in request.preferences for name in CHOICES)
        found = None if is_chosen else find(state, request, body, arguments)
        return found if found is not None else call(state, request, body, arguments)

    return handle


def _behind(operation: Operation, base: Handler, find: FindReply) -> Handler:
    """Return a handler that answers with a recording where a resource has no such record, unless it was deleted."""
    call = _caller(base)

    def handle(state: VendorState, request: RequestFacts, body: Any = None, **arguments: Any) -> Any:
        key = f"gone {_path(operation, arguments)}"
        try:
            reply = call(state, request, body, arguments)
        except Refused as refused:
            if refused.status not in GONE or key in state.collection(REPLAYED):
                raise
            found = find(state, request, body, arguments)
            if found is None:
                raise
            reply = found
        else:
            is_gone = isinstance(reply, Reply) and reply.status in GONE and key not in state.collection(REPLAYED)
            reply = (find(state, request, body, arguments) if is_gone else None) or reply
        if operation.method == "delete" and isinstance(reply, Reply) and reply.status < HTTPStatus.BAD_REQUEST:
            state.collection(REPLAYED).put({KEY: key, TURN: 0})
        return reply

    return handle


def _find(
    operation: Operation,
    recordings: Recordings,
    state: VendorState,
    request: RequestFacts,
    body: Any,
    arguments: Mapping[str, Any],
) -> Reply | None:
    """Return the recorded answer to a request, or ``None``; of several to one request the next, and the last again."""
    path_values = {
        each.name: str(arguments.get(each.argument)) for each in operation.parameters if each.where == "path"
    }
    query = query_pairs([(name, text) for name, texts in request.query.items() for text in texts])
    found = recordings.find(operation.id, path_values, query, body)
    if len(found) < 2:
        return found[0].reply if found else None
    key = f"{operation.id} {path_values} {query} {sorted(found[0].body)}"
    collection = state.collection(REPLAYED)
    before = collection.get(key)
    turn = before[TURN] if before is not None else 0
    collection.put({KEY: key, TURN: turn + 1})
    return found[min(turn, len(found) - 1)].reply


def _path(operation: Operation, arguments: Mapping[str, Any]) -> str:
    path = operation.path
    for each in operation.parameters:
        if each.where == "path":
            path = path.replace(f"{{{each.name}}}", str(arguments.get(each.argument)))
    return path


def _caller(handler: Handler) -> Callable[[VendorState, RequestFacts, Any, Mapping[str, Any]], Any]:
    """Return a function that calls a handler with those of the arguments that it takes."""
    wanted = signature(handler).parameters
    takes_all = any(each.kind is Parameter.VAR_KEYWORD for each in wanted.values())

    def call(state: VendorState, request: RequestFacts, body: Any, arguments: Mapping[str, Any]) -> Any:
        given = {name: value for name, value in arguments.items() if takes_all or name in wanted}
        if "request" in wanted:
            given["request"] = request
        if "body" in wanted or (takes_all and body is not None and "request" not in wanted):
            given["body"] = body
        return handler(state, **given)

    return call

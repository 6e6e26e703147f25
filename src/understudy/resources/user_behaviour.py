"""Behaviour of a user's own vendor, put over what is recognised in its document."""

import inspect
from collections.abc import Generator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from understudy.core.option import VendorOptions
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.core.steps import Steps
from understudy.core.vendor import Handler, SendWebhook, Vendor
from understudy.state.vendor_state import VendorState

BASE = "recognised"
"""Argument of a function that wants to call the behaviour which it replaces."""

WEBHOOKS = "webhooks"
"""Argument of a function that wants to send webhooks of the document: ``webhooks.send("order.created", order)``."""


def with_behaviour(recognised: Vendor, own: Vendor) -> Vendor:
    """Return a recognised vendor with a user's functions in place of its own, one operation at a time."""
    handlers = {name: _handler(function, recognised, name) for name, function in own.operations.items()}
    tables = {table.name: table for table in (*recognised.tables, *own.tables)}
    return replace(
        recognised,
        operations={**recognised.operations, **handlers},
        fidelities={**recognised.fidelities, **dict.fromkeys(handlers, "behaviour")},
        security={**recognised.security, **own.security},
        anyone=own.anyone,
        sign_in=own.sign_in,
        render=own.render,
        refuse=None if own.render else recognised.refuse,
        tables=tuple(tables.values()),
        options=VendorOptions(own.options.credentials, {**own.options.settings, **recognised.options.settings}),
        known_records={**recognised.known_records, **own.known_records},
        start=partial(_start, recognised, own) if own.start else recognised.start,
        sent=own.sent,
        set_back=own.set_back,
        due=own.due,
        complete=own.complete or recognised.complete,
        derive=own.derive,
        places=own.places,
        references=own.references or recognised.references,
    )


def _start(recognised: Vendor, own: Vendor, state: VendorState, cast: Any, options: Mapping[str, Any]) -> Steps[Any]:
    """Add the recognised start records, then the user's; return the credentials of both, in steps."""
    credentials: dict[str, Any] = {}
    for vendor in (recognised, own):
        if vendor.start is not None:
            found = vendor.start(state, cast, options)
            credentials |= ((yield from found) if isinstance(found, Generator) else found) or {}
        yield
    return credentials


def _handler(function: Handler, recognised: Vendor, operation: str) -> Handler:
    """Return a user's function as a handler: by the argument ``recognised`` it may call what it replaces."""
    wanted = inspect.signature(function).parameters
    if not wanted.keys() & {BASE, WEBHOOKS}:
        return function
    takes_all = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in wanted.values())

    def handle(state: VendorState, request: RequestFacts, body: Any = None, **arguments: Any) -> Any:
        given = {"request": request, "body": body, **arguments}
        helpers = {
            BASE: _Recognised(recognised.operations[operation], state, given),
            WEBHOOKS: _Webhooks(recognised.send_webhook, state, operation),
        }
        taken = {name: value for name, value in given.items() if takes_all or name in wanted}
        return function(state, **taken, **{name: each for name, each in helpers.items() if name in wanted})

    return handle


class _Webhooks:
    """Webhooks of the document, as a user's function sends them."""

    def __init__(self, send: SendWebhook | None, state: VendorState, operation: str) -> None:
        self._send = send
        self._state = state
        self._operation = operation

    def send(self, name: str, record: Mapping[str, Any]) -> list[str]:
        """Send a webhook about a record, in the form that the document declares; return the ids of its messages."""
        return [] if self._send is None else self._send(self._state, name, record, self._operation)


class _Recognised:
    """Behaviour that a user's function replaces, with the arguments of the request."""

    def __init__(self, handler: Handler, state: VendorState, given: Mapping[str, Any]) -> None:
        self._handler = handler
        self._state = state
        self._given = given
        self._wanted = inspect.signature(handler).parameters
        self._takes_all = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in self._wanted.values())

    def __call__(self, **changes: Any) -> Reply:
        """Return the reply of the recognised behaviour to the same request, with some arguments changed."""
        given = {**self._given, **changes}
        if not self._takes_all:
            given = {name: value for name, value in given.items() if name in self._wanted}
        elif "request" not in self._wanted:
            given.pop("request", None)
        if "body" not in self._wanted and not changes.get("body"):
            given.pop("body", None)
        found: Any = self._handler(self._state, **given)
        if inspect.isgenerator(found):
            found = _run(found)
        return found  # type: ignore[no-any-return] # a handler that is no generator returns its reply


def _run(steps: Any) -> Reply:
    """Return the reply of a handler that runs in steps, at once."""
    while True:
        try:
            reply = next(steps)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return] # the reply
        if isinstance(reply, Reply):
            return reply

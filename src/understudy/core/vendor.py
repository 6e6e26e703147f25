"""Behaviour of one vendor, as its folder under ``vendors/`` defines it."""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from understudy.core.caller import Caller
from understudy.core.known_record import ReadKnownRecord
from understudy.core.option import VendorOptions
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.runtime_expressions import CallFacts
from understudy.core.shown_record import FindShown
from understudy.core.steps import Steps
from understudy.core.table import Table

Handler = Callable[..., Reply | Generator[Reply | None, None, Reply | None]]
"""Function of an operation: (state, values of the request) → reply, or a generator for a long operation.

The generator yields ``None`` between two steps. It returns its reply, or yields it if more steps follow.
"""

UrlFor = Callable[..., str]
"""Function that a handler is given: (operationId, values of its path) → URL, as the client calls it."""

CredentialCheck = Callable[[Any, Any], Caller | None]
"""Function of a security scheme: (state, credentials) → caller, or ``None`` for unknown credentials."""

StartFunction = Callable[[Any, Any, Mapping[str, Any]], dict[str, Any] | Steps[dict[str, Any]]]
"""Function that adds a vendor's start data: (state, cast, options) → credentials; in steps, if it adds many records."""

FillFunction = Callable[[Any, str], None]
"""Function that adds start records to a collection when it is first used: (state, collection)."""

RewriteFunction = Callable[[Any, Reply], Reply]
"""Function that returns a handler's reply in the form that the world's settings ask for: (state, reply) → reply."""

SentFunction = Callable[[Any], Steps[list[dict[str, Any]]]]
"""Function that returns a vendor's own notifications: state → list of objects, in steps."""

SetBackFunction = Callable[[Any, datetime], None]
"""Function that is called after the clock was set back: (state, time that the clock left)."""

DueFunction = Callable[[Any, datetime, datetime, int], Steps[list[dict[str, Any]]]]
"""Function that returns what falls due in a span of time: (state, since, until, limit) → objects, in steps."""

CompleteFunction = Callable[[Any, str, dict[str, Any]], dict[str, Any]]
"""Function that returns the full form of a record stored directly: (state, collection, record) → record."""

RefuseFunction = Callable[[Any, Refused], Reply]
"""Function that turns the refusal of a request into a reply: (compiled operation, refusal) → reply."""

ReferencesFunction = Callable[[str, Mapping[str, Any]], Iterator[tuple[str, str, str]]]
"""Function that yields the references of a record: (collection, record) → JSON pointer, collection, key of each."""

DeriveFunction = Callable[[Any, str, dict[str, Any] | None, dict[str, Any] | None], Steps[None]]
"""Function that updates what follows from a record written directly, in steps: (state, collection, before, after)."""

FollowFunction = Callable[[Any, str, CallFacts, Reply], None]
"""Function that sends what follows from a successful call: (state, operationId, facts of the call, reply)."""

SendWebhook = Callable[[Any, str, Mapping[str, Any], str], list[str]]
"""Function that sends a webhook of the document: (state, its name, record, operationId) → ids of the messages."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """Behaviour of a vendor. All of it is optional: without it, the examples of the spec are served.

    ``operations`` has handlers by operationId, ``security`` credential checks by security scheme. ``anyone`` returns
    the caller of requests whose credentials are not checked, ``sign_in`` the headers of the development client.
    ``admit`` refuses a known caller at an address, which is the second argument, from which it may not call.
    ``options`` are texts that a scenario may set, ``known_records`` readers of records that it may state. ``render``
    turns a refusal into the vendor's reply, ``refuse`` into that of one operation, and ``rewrite`` turns a handler's
    reply into the form of a setting. ``fidelities`` names, by operationId, how much of an operation is modelled; one
    with a handler is otherwise ``behaviour``. ``start`` adds start data to a new vendor state and returns the
    credentials for a client's first call. ``fill`` adds those of one collection when it is first used. ``sent``
    returns the notifications that the vendor would have sent up to the world's time: objects with ``at`` (a time as
    text), ``kind`` and ``what``. ``set_back`` is called after the clock was set back, so that what was due before is
    not lost. ``due`` returns what falls due after one time up to another, with the same members; of
    many, at least the earliest ``limit``.

    ``complete`` and ``derive`` are for records that a user writes directly, past the operations. ``complete`` returns
    the record in the form in which the vendor stores it, and raises ``ValueError`` for one that no look-up could find.
    ``derive`` updates the companion collections after the write, in steps; ``before`` is ``None`` for a new record,
    ``after`` for a deleted one. ``shown`` has, by collection, functions that return the operations in whose replies a
    record stands: one is called before such a record is stored, and its reply checked. ``places`` has, by operationId,
    the file and the name of a function that a user has written. ``references`` yields those of a record, if the vendor
    knows more of them than the names of properties and collections show.

    ``follow`` sends what the document says follows from a successful call of an operation of ``followed``;
    ``send_webhook`` sends one of the document's webhooks.
    """

    name: str
    operations: Mapping[str, Handler] = field(default_factory=dict)
    security: Mapping[str, CredentialCheck] = field(default_factory=dict)
    anyone: Callable[[Any], Caller] | None = None
    admit: Callable[[Caller, str], None] | None = None
    sign_in: Callable[..., dict[str, str]] | None = None
    render: Callable[[Refused], Reply] | None = None
    refuse: RefuseFunction | None = None
    fidelities: Mapping[str, str] = field(default_factory=dict)
    rewrite: RewriteFunction | None = None
    tables: tuple[Table, ...] = ()
    options: VendorOptions = field(default_factory=VendorOptions)
    known_records: Mapping[str, ReadKnownRecord] = field(default_factory=dict)
    start: StartFunction | None = None
    fill: FillFunction | None = None
    sent: SentFunction | None = None
    set_back: SetBackFunction | None = None
    due: DueFunction | None = None
    complete: CompleteFunction | None = None
    derive: DeriveFunction | None = None
    shown: Mapping[str, FindShown] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    references: ReferencesFunction | None = None
    follow: FollowFunction | None = None
    followed: frozenset[str] = frozenset()
    send_webhook: SendWebhook | None = None

"""Lifecycles of resources: what is created can be read, what is changed is read changed, what is deleted is gone."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import orjson

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.example_requests import ExampleRequest
from understudy.http.router import WHOLE
from understudy.state.journal import Exchange
from understudy.verify.changed_bodies import BodyChange, changed_bodies, long_texts, new_texts
from understudy.verify.findings import FindingKind
from understudy.verify.http_sender import NoAnswer
from understudy.verify.late_writes import PATIENCE
from understudy.verify.listed_items import has_item, items_of, list_of
from understudy.verify.observer import json_of
from understudy.verify.prober import Prober, headers_of, usual_request

ACCEPTED = 202
GONE = ("404", "410")
MAX_CHANGES = 3
ITEMS = 3
"""Number of items of a resource that are created."""

ID_NAME = re.compile(r"(?:^|_|-)id$|I[dD]$")
"""Names of members that identify or refer: they are often not to be changed."""


@dataclass(frozen=True, slots=True)
class LifecycleResource:
    """Collection whose items are created by POST, with the operations of an item."""

    create: Operation
    read: Operation
    update: Operation | None
    delete: Operation | None

    @property
    def parameter(self) -> str:
        """Name of the parameter at the end of an item's path."""
        return self.read.path.rpartition("/")[2].strip("{}")


def find_resources(operations: Iterable[Operation]) -> Iterator[LifecycleResource]:
    """Yield the resources of a document: a POST on a path, and a GET on that path with a parameter after it."""
    by_place = {(each.path, each.method.upper()): each for each in operations}
    for (path, method), create in by_place.items():
        if method != "POST" or create.body is None:
            continue
        for (item, verb), read in by_place.items():
            head, _, last = item.rpartition("/")
            if verb == "GET" and head == path.rstrip("/") and WHOLE.fullmatch(last):
                update = by_place.get((item, "PUT")) or by_place.get((item, "PATCH"))
                yield LifecycleResource(create, read, update, by_place.get((item, "DELETE")))


def run_lifecycles(prober: Prober, operations: Iterable[Operation]) -> None:
    """Live through each resource of the document; add the writes that are lost and the deletions that are not done."""
    if prober.gate.is_read_only:
        return
    for resource in find_resources(operations):
        for number in range(ITEMS):
            try:
                if not Lifecycle(prober, resource, number).run():
                    break
            except NoAnswer:
                break


class Lifecycle:
    """Life of one item: created, read, listed, changed, read, deleted, read and deleted again.

    The first item, of ``number`` 0, has usual values, the second one long texts.
    """

    def __init__(self, prober: Prober, resource: LifecycleResource, number: int = 0) -> None:
        self._prober = prober
        self._resource = resource
        self._number = number
        self._document: Document = prober.subject.document
        self._steps: list[Exchange] = []

    def run(self) -> bool:
        """Live through it, as far as the server goes along; return whether nothing was found and all of it was done."""
        created = self._create()
        item = None if created is None else item_path(created, self._resource, self._prober)
        if created is None or item is None:
            return False
        first = self._read_soon(item)
        if str(first.status) in GONE:
            message = f"created with {created.status}, but {self._resource.read.path} answers {first.status}"
            self._add(FindingKind.LOST_WRITE, self._resource.create, "", message)
            return False
        if first.status != 200 or not self._is_found(created) or not self._is_kept(created, first):
            return False
        if not self._is_listed(item, json_of(first.response_body)):
            return False
        if self._number == 0:
            self._change(item, first)
        return self._delete(item)

    def _read_soon(self, item: str) -> Exchange:
        """Return the first answer that has the item, or the last one: a write may take a moment to arrive."""
        exchange = self._read(item)
        for seconds in PATIENCE:
            if str(exchange.status) not in GONE:
                break
            self._prober.gate.stop.wait(seconds)
            self._steps.pop()
            exchange = self._read(item)
        return exchange

    def _is_found(self, created: Exchange) -> bool:
        """Return whether the ``Location`` of a new item leads to it, if it is of the server; else add a finding."""
        location = location_of(created)
        base = f"{created.scheme}://{created.server}"
        if not location.startswith(f"{base}/") or is_below(location, created, self._prober):
            return True
        target = location.removeprefix(base).partition("#")[0]
        exchange = self._prober.send("GET", target, {}, url=base, is_well_formed=False)
        if str(exchange.status) not in GONE:
            return True
        message = f"created with {created.status}, but its Location leads to {exchange.status}: {target}"
        self._prober.add(FindingKind.LOST_WRITE, self._resource.create, "Location", message, created)
        return False

    def _is_listed(self, item: str, members: Mapping[str, Any]) -> bool:
        """Return whether the list of the collection has the item, unless it may leave it out; else add a finding."""
        operation = list_of(self._prober.observer.subject.operations, self._resource.create, members)
        collection, names = item.rpartition("/")[0], _id_names(self._resource)
        items = None if operation is None else items_of(self._read(collection).response_body)
        if operation is None or items is None or has_item(items, item, names):
            return True
        if items and not self._has_room(collection, len(items)):
            return True
        for seconds in PATIENCE:
            self._prober.gate.stop.wait(seconds)
            self._steps.pop()
            items = items_of(self._read(collection).response_body)
            if items is None or has_item(items, item, names):
                return True
        message = f"created and read, but not in the list of {operation.path}"
        self._add(FindingKind.LOST_WRITE, operation, "", message)
        return False

    def _has_room(self, collection: str, length: int) -> bool:
        """Return whether a list shows one item more than before, and is thus no full page, once another is created."""
        other = self._create()
        items = items_of(self._read(collection).response_body) if other is not None else None
        path = None if other is None else item_path(other, self._resource, self._prober)
        if path is not None and self._resource.delete is not None:
            self._prober.send("DELETE", path, {})
        return items is not None and len(items) > length

    def _create(self) -> Exchange | None:
        """Create an item; return ``None`` if the server refuses, or only promises it."""
        kept = list(self._steps)
        for request in self._requests():
            exchange = self._send(request.operation.method.upper(), request.target, request.headers, request.body)
            if exchange.status in (200, 201):
                self._steps = [*kept, exchange]
                return exchange
        return None

    def _requests(self) -> Iterator[ExampleRequest]:
        """Yield requests that may create an item: the usual one, one that was accepted before, and changed ones."""
        operation = self._resource.create
        usual = usual_request(self._document, operation)
        if self._number == 1:
            usual = replace(usual, body=long_texts(operation, usual.body, usual.headers))
        accepted = self._prober.observer.accepted.get(operation.id)
        found = [usual, *([_request_of(accepted, operation, self._prober)] if accepted else [])]
        for request in found:
            yield request
            for number in islice(self._prober.numbers, MAX_CHANGES):
                body = new_texts(operation, request.body, request.headers, number)
                yield ExampleRequest(operation, "", 0, None, request.target, request.headers, body)
            for change in changed_bodies(operation, request.body, request.headers):
                yield ExampleRequest(operation, "", 0, None, request.target, request.headers, change.body)

    def _is_kept(self, created: Exchange, read: Exchange) -> bool:
        """Return whether a member that the reply to the write shows as sent is also read so; else add a finding."""
        sent, shown, found = (
            json_of(each) for each in (created.request_body, created.response_body, read.response_body)
        )
        for name, value in sent.items():
            other = found.get(name, value)
            if shown.get(name) == value and other != value and type(other) is type(value) and is_scalar(value):
                message = f"{name} was created as {value!r} and is read as {found.get(name)!r}"
                self._add(FindingKind.LOST_WRITE, self._resource.create, f"/{name}", message)
                return False
        return True

    def _change(self, item: str, before: Exchange) -> None:
        """BodyChange members of the item, one at a time, and read it.

        A write is lost if its reply shows the change and the next read does not, or if no change at all can be read:
        a single member that stays as it was may be one that cannot be changed.
        """
        update, old = self._resource.update, json_of(before.response_body)
        if update is None or update.body is None:
            return
        sent = {**json_of(self._steps[0].request_body)}
        headers = {"Content-Type": next(iter(update.body.media))}
        created, lost = self._steps[:1], list[tuple[BodyChange, list[Exchange]]]()
        for change in islice(self._changes(update, sent, old, headers), MAX_CHANGES):
            self._steps = list(created)
            exchange = self._send(update.method.upper(), item, headers, change.body)
            if exchange.status >= 300 or exchange.status == ACCEPTED:
                continue
            now = json_of(self._read(item).response_body)
            if not now or now.get(change.name) != old.get(change.name):
                return
            lost.append((change, list(self._steps)))
            if json_of(exchange.response_body).get(change.name) == change.new:
                lost = lost[-1:]
                break
        if lost:
            change, self._steps = lost[0]
            message = f"{change.name} was changed from {change.old!r} to {change.new!r}, and is still read as before"
            self._add(FindingKind.LOST_WRITE, update, f"/{change.name}", message)
        self._steps = list(created)

    def _changes(
        self, update: Operation, sent: dict[str, Any], old: Mapping[str, Any], headers: Mapping[str, str]
    ) -> Iterator[BodyChange]:
        usual = json_of(usual_request(self._document, update).body)
        ids = set(_id_names(self._resource))
        for whole in ({**usual, **sent}, usual):
            for change in changed_bodies(update, orjson.dumps(whole), headers):
                is_shown = change.name in old and is_scalar(old[change.name]) and old[change.name] != change.new
                if is_shown and change.name not in ids and not ID_NAME.search(change.name):
                    yield change

    def _delete(self, item: str) -> bool:
        """Delete the item, read it, and delete it again; return whether it is gone."""
        delete = self._resource.delete
        if delete is None or not any(status in self._resource.read.responses for status in GONE):
            return True
        before = self._read(item)
        exchange = self._send("DELETE", item, {}, b"")
        if exchange.status >= 300 or exchange.status == ACCEPTED or before.status >= 300:
            return False
        after = self._read(item)
        if after.status < 300 and after.response_body == before.response_body:
            message = f"deleted with {exchange.status}, and still read with {after.status}"
            self._add(FindingKind.NOT_DELETED, delete, "", message)
            return False
        self._send("DELETE", item, {}, b"")
        return True

    def _read(self, item: str) -> Exchange:
        return self._send("GET", item, {}, b"")

    def _send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Exchange:
        exchange = self._prober.send(method, target, headers, body)
        self._steps.append(exchange)
        return exchange

    def _add(self, kind: FindingKind, operation: Operation, place: str, message: str) -> None:
        self._prober.add(kind, operation, place, message, *self._steps)


def item_path(created: Exchange, resource: LifecycleResource, prober: Prober) -> str | None:
    """Return the path of a created item, below the base URL, by ``Location`` or by an id in the reply or the body."""
    collection = prober.subject.path_below(created.path).rstrip("/")
    location = location_of(created)
    if location and is_below(location, created, prober):
        path = prober.subject.path_below(urlsplit(location).path.encode("latin-1", "replace"))
        found = prober.observer.checker.find("GET", path)
        return path if found is not None and found.operation.id == resource.read.id else None
    shown, sent = json_of(created.response_body), json_of(created.request_body)
    for name in _id_names(resource):
        for members in (shown, sent):
            value = members.get(name)
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value):
                return f"{collection}/{quote(str(value), safe='')}"
    return None


def location_of(created: Exchange) -> str:
    """Return the ``Location`` of a response as a whole URL; empty if there is none."""
    location = dict(created.response_headers).get(b"location", b"").decode("latin-1")
    return urljoin(f"{created.scheme}://{created.server}{created.path.decode('latin-1')}", location) if location else ""


def is_below(location: str, created: Exchange, prober: Prober) -> bool:
    """Return whether a URL is below the base URL, or of another server, whose paths are as ours."""
    parts = urlsplit(location)
    return parts.netloc != created.server or parts.path.startswith(f"{prober.subject.base_path}/")


def _id_names(resource: LifecycleResource) -> list[str]:
    """Return the names of members that may hold an item's id."""
    name = resource.parameter
    ends = [name[len(word) :] for word in _words(name)]
    return list(dict.fromkeys([name, *(end[:1].lower() + end[1:] for end in ends if end), "id"]))


def _words(name: str) -> Iterator[str]:
    """Yield the starts of a name up to a word's end: ``book`` of ``bookId`` and ``book_`` of ``book_id``."""
    for position in range(1, len(name)):
        if name[position].isupper() or name[position - 1] in "_-":
            yield name[:position]


def is_scalar(value: Any) -> bool:
    """Return whether a value is a text, a number or a boolean."""
    return isinstance(value, str | int | float)


def _request_of(exchange: Exchange, operation: Operation, prober: Prober) -> ExampleRequest:
    """Return an accepted request as one that may be sent again."""
    headers = headers_of(exchange, prober.subject.credentials.sent_headers)
    query = exchange.query.decode("latin-1")
    target = prober.subject.path_below(exchange.path) + (f"?{query}" if query else "")
    return ExampleRequest(operation, "", 0, None, target, headers, exchange.request_body)

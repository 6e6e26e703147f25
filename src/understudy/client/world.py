"""Client of one world of a running server: its records, calls, faults and clock."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Unpack

from understudy.client.call_list import CallList
from understudy.client.control import Control
from understudy.client.environment_variables import environment
from understudy.client.keywords import (
    BrowsedCalls,
    Calls,
    Comparison,
    Deliveries,
    DeliveryPattern,
    DueWork,
    FaultProperties,
    SentMessages,
    Span,
    check_keywords,
)
from understudy.client.refusals import Refusals
from understudy.client.sent import RemoteDelivery, check_matching, fits, wait_for
from understudy.client.verdict import Verdict
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.world_names import MAIN, world_prefix

if TYPE_CHECKING:
    from understudy.client.vendor import RemoteVendor

MAX_CALLS = 100_000
"""Limit of the calls that are read at once, the highest that the control API takes."""


class RemoteClock:
    """Clock of a world."""

    def __init__(self, control: Control, world: str) -> None:
        self._control = control
        self._path = ("worlds", world, "clock")

    def show(self) -> Json:
        """Return the time (``now``), its ``rate``, and whether it follows the machine's clock (``is_real``)."""
        return self._control.get(*self._path)

    def now(self) -> datetime:
        """Return the time, aware and in UTC."""
        return datetime.fromisoformat(self.show()["now"])

    def set(self, now: datetime | str | None = None, rate: float | None = None) -> Json:
        """Set the time, the rate or both; rates are seconds that pass a second: 0 is frozen, 3600 an hour a second."""
        change = {"now": _time_text(now), "rate": rate}
        return self._control.call("PUT", *self._path, body=given(change))

    def freeze(self, at: datetime | str | None = None) -> Json:
        """Freeze the clock, by default at its present time."""
        return self.set(at, rate=0)

    def move(self, by: timedelta | None = None, **span: Unpack[Span]) -> Json:
        """Move the clock by a timedelta, or by ``days``, ``hours``, ``minutes`` and ``seconds``; negative is back."""
        check_keywords("clock.move", span, Span)
        if by is not None and not isinstance(by, timedelta):
            raise Misconfigured(f"{by!r} is no timedelta: give one, or days, hours, minutes and seconds by name")
        if by is not None and span:
            raise Misconfigured(f"clock.move takes a timedelta or {', '.join(span)}, not both")
        body: Json = {**span} if by is None else {"seconds": by.total_seconds(), **span}
        return self._control.call("POST", *self._path, "move", body=body)

    def follow(self) -> Json:
        """Follow the machine's clock again."""
        return self._control.call("DELETE", *self._path)


class RemoteFaults:
    """Faults of a world, or of one vendor in it."""

    def __init__(self, control: Control, world: str, vendor: str | None = None) -> None:
        """Give access to the faults of a world; to those of one vendor, if it is named."""
        self._control = control
        self._path = ("worlds", world, "faults")
        self._vendor = vendor

    def add(self, kind: str, **what: Unpack[FaultProperties]) -> Json:
        """Add a fault and return it: ``add("status", operation="create_purchase", status=503, times=1)``."""
        check_keywords("faults.add", what, FaultProperties)
        if self._vendor is not None and what.get("vendor", self._vendor) != self._vendor:
            raise Misconfigured(f"these are faults of {self._vendor}, not of {what['vendor']!r}: add it to the world's")
        body = given({"kind": kind, "vendor": self._vendor}) | what
        return self._control.call("POST", *self._path, body=body)

    def all(self) -> list[Json]:
        """Return the faults that are not used up, oldest first."""
        found = self._control.rows(*self._path)
        return [fault for fault in found if self._vendor is None or fault.get("vendor") == self._vendor]

    def remove(self, fault: str) -> None:
        """Remove one fault, by its id."""
        self._control.call("DELETE", *self._path, fault)

    def clear(self) -> None:
        """Remove all faults."""
        if self._vendor is None:
            self._control.call("DELETE", *self._path)
            return
        for fault in self.all():
            self.remove(fault["id"])


class RemoteCollection:
    """Collection of records of a vendor in a world."""

    def __init__(self, control: Control, world: str, vendor: str, name: str) -> None:
        self._control = control
        self._world = world
        self._path = ("worlds", world, "collections", vendor, name)

    def get(self, key: str) -> Json:
        """Return a record; raise ``Declined`` if there is none."""
        return self._control.get(*self._path, key)

    def put(self, key: str, record: Mapping[str, Any]) -> Json:
        """Store a record unchanged: the vendor's rules are not applied."""
        _check_object("put", record)
        return self._control.call("PUT", *self._path, key, body=record)

    def delete(self, key: str) -> None:
        """Delete a record."""
        self._control.call("DELETE", *self._path, key)

    def read(self, offset: int = 0, limit: int = 100, text: str | None = None) -> list[Json]:
        """Return the records from ``offset`` on, at most ``limit``, oldest first; with ``text``, those that have it."""
        found: list[Json] = self._control.get(*self._path, offset=offset, limit=limit, text=text)["records"]
        return found

    def csv(self, text: str | None = None) -> str:
        """Return all records as CSV; with ``text``, those that have it."""
        return self._control.text("worlds", self._world, "records", *self._path[-2:], "csv", text=text)

    def links(self, key: str, limit: int = 20) -> Json:
        """Return the records that a record refers to (``links``), and those that refer to it (``linked_from``)."""
        return self._control.get("worlds", self._world, "links", *self._path[-2:], key, limit=limit)

    def __len__(self) -> int:
        return int(self._control.get(*self._path, limit=1)["total"])


class RemoteWorld:
    """World of a running server, by name."""

    def __init__(self, control: Control, name: str = MAIN) -> None:
        self.control = control
        self.name = name
        self.clock = RemoteClock(control, name)
        self.faults = RemoteFaults(control, name)
        self.refusals = Refusals(control, name)
        self.forks: list[RemoteWorld] = []
        self._connections: list[Json] | None = None

    @property
    def url(self) -> str:
        """URL before a vendor's path in this world."""
        return self.control.root + world_prefix(self.name)

    def show(self) -> Json:
        """Return the world's summary: numbers of records, exchanges and faults, its origin and its clock."""
        return self.control.get("worlds", self.name)

    def introductions(self) -> list[Json]:
        """Return the connection info of each vendor: its path in this world, credentials and environment names."""
        if self._connections is None:
            self._connections = self.control.rows("worlds", self.name, "credentials")
        return self._connections

    def introduce(self, vendor: str) -> Json:
        """Return the connection info of one vendor; raise ``Misconfigured`` if it is not served."""
        by_vendor = {each["vendor"]: each for each in self.introductions()}
        if vendor not in by_vendor:
            raise Misconfigured(f"{self.control.root} serves no vendor {vendor!r}{nearest(str(vendor), by_vendor)}")
        return by_vendor[vendor]

    def vendor(self, name: str) -> "RemoteVendor":
        """Return a vendor in this world; raise ``Misconfigured`` if it is not served."""
        module = import_module("understudy.client.vendor")  # it imports this one
        made: RemoteVendor = module.RemoteVendor(self, name)
        return made

    def environment(self, *vendors: str) -> dict[str, str]:
        """Return the environment variables that point a program at these vendors (default: all) in this world."""
        chosen = [self.introduce(vendor) for vendor in vendors] if vendors else self.introductions()
        return environment(self.control.root, self.name, chosen)

    def create(
        self,
        origin: Mapping[str, str] | None = None,
        *,
        seed: int | None = None,
        clock: Mapping[str, Any] | None = None,
    ) -> Json:
        """Create the world: from the start scenario, or from one ``scenario``, ``world`` or ``snapshot``."""
        body = given({"name": self.name, "from": origin, "seed": seed, "clock": clock})
        return self.control.call("POST", "worlds", body=body)

    def delete(self) -> None:
        """Delete the world."""
        self.control.call("DELETE", "worlds", self.name)

    def reset(self, *, clear_journal: bool = False) -> Json:
        """Reset the world to its base snapshot."""
        query = {"clear_journal": clear_journal}
        return self.control.call("POST", "worlds", self.name, "reset", query=query)

    def fork(self, name: str) -> "RemoteWorld":
        """Create an independent copy of the world, and return it."""
        self.control.call("POST", "worlds", self.name, "fork", body={"name": name})
        forked = RemoteWorld(self.control, name)
        forked.refusals.excuse_all()  # its journal may begin with our calls
        self.forks.append(forked)
        return forked

    def find_forks(self) -> None:
        """Add to ``forks`` the copies of the world, and theirs, that a program has made by the control API."""
        origins = {row["name"]: row["origin"].get("world") for row in self.control.rows("worlds")}
        places, known = [self], {self.name}
        for place in places:  # which grows
            known |= {each.name for each in place.forks}
            made = [name for name, origin in origins.items() if origin == place.name and name not in known]
            place.forks += [RemoteWorld(self.control, name) for name in made]
            places += place.forks

    def snapshot(self) -> Json:
        """Return a snapshot of the world as one JSON document."""
        return self.control.get("worlds", self.name, "snapshot")

    def restore(self, snapshot: Mapping[str, Any] | str) -> Json:
        """Restore the world from a snapshot's JSON document, or from one that is kept on the server by name."""
        if isinstance(snapshot, str):
            return self.control.call("POST", "worlds", self.name, "restore", snapshot)
        _check_object("restore", snapshot)
        return self.control.call("POST", "worlds", self.name, "restore", body=snapshot)

    def keep(self, name: str) -> Json:
        """Keep a snapshot of the world on the server, by name."""
        return self.control.call("PUT", "snapshots", name, body={"world": self.name})

    def compare(self, other: "RemoteWorld | str", **narrowing: Unpack[Comparison]) -> Json:
        """Return the records in which this world and another differ: ``compare("checkout-42", vendor="crmcom")``."""
        check_keywords("compare", narrowing, Comparison)
        name = other.name if isinstance(other, RemoteWorld) else other
        return self.control.get("worlds", self.name, "compare", name, **given(narrowing))

    def due(self, **narrowing: Unpack[DueWork]) -> list[Json]:
        """Return what falls due as the world's clock moves on, in order: ``due(until="2027-01-01T00:00:00Z")``."""
        check_keywords("due", narrowing, DueWork)
        return self.control.rows("worlds", self.name, "due", **given(narrowing))

    def collections(self) -> list[Json]:
        """Return every vendor's collections, with their numbers of records."""
        return self.control.rows("worlds", self.name, "collections")

    def collection(self, vendor: str, name: str) -> RemoteCollection:
        """Return a collection of a vendor's."""
        return RemoteCollection(self.control, self.name, vendor, name)

    def calls(self, **narrowing: Unpack[Calls]) -> CallList:
        """Return the last exchanges, oldest first: ``calls(vendor="ecdp", status="4xx", request={"id": 1})``.

        A ``MissingCalls`` warning is given if calls that fit, or could, are no longer in the journal.
        """
        found = self.read_journal(**narrowing)
        found.warn(narrowing.get("limit"))
        return found

    def read_journal(self, **narrowing: Unpack[Calls]) -> CallList:
        """Return the same as ``calls``, without a warning; ``dropped`` is the number of calls that are missing."""
        check_keywords("calls", narrowing, Calls)
        query = {"limit": MAX_CALLS, **given(narrowing)}
        return CallList.read(*self.control.answer("worlds", self.name, "journal", **query))

    def browse(self, **narrowing: Unpack[BrowsedCalls]) -> Json:
        """Return exchanges in a line each, the newest first: ``browse(text="ada@", before=120)["exchanges"]``.

        ``next`` is the number before which to go on; it is absent at the end.
        """
        check_keywords("browse", narrowing, BrowsedCalls)
        return self.control.get("worlds", self.name, "exchanges", **given(narrowing))

    def exchange(self, number: int, *, reveal: bool = False) -> Json:
        """Return one exchange, with the ``checks`` that it went through and the ``records`` that it is about."""
        return self.control.get("worlds", self.name, "exchanges", str(number), reveal=reveal)

    def exchange_code(
        self, number: int, form: Literal["curl", "pytest", "fixture", "scenario"] = "pytest", *, reveal: bool = False
    ) -> str:
        """Return one exchange as code: a curl command, a test, a fixture, or the records of a scenario."""
        path = ("worlds", self.name, "exchanges", str(number), "code")
        return self.control.text(*path, form=form, reveal=reveal)

    def expect_refusals(self, vendor: str | None = None) -> AbstractContextManager[None]:
        """Expect that the contract refuses calls within a ``with`` statement, which ``understudy_strict`` then allows.

        Raises ``AssertionError`` if it refuses none. With ``vendor``, only its calls are meant.
        """
        return self.refusals.expect(vendor)

    def forget_calls(self) -> None:
        """Clear the journal."""
        self.control.call("DELETE", "worlds", self.name, "journal")

    def verify(self, expect: Sequence[Mapping[str, Any]], *, in_order: bool = False) -> Verdict:
        """Verify the journal against expectations, each such as ``{"calls": {"operation": …}, "exactly": 1}``.

        The verdict is true if all of them hold; as text it is its findings.
        """
        if isinstance(expect, str | bytes | Mapping) or not isinstance(expect, Iterable):
            raise Misconfigured(f"verify takes a list of expectations, not {expect!r}")
        return self.verify_document({"expect": list(expect), "in_order": in_order})

    def verify_document(self, document: Mapping[str, Any]) -> Verdict:
        """Verify the journal against a document with expectations, as the control API takes it."""
        _check_object("verify_document", document)
        found = self.control.call("POST", "worlds", self.name, "verify", body=document)
        self.control.last_verdict = Verdict(found, self.name, document.get("expect", []))
        return self.control.last_verdict

    def sent(self, **narrowing: Unpack[SentMessages]) -> list[Json]:
        """Return the messages that the vendors have sent by themselves, oldest first.

        ``matching`` is an object that a message has in it, such as ``{"kind": "REMINDER"}``, or a function of one.
        ``wait`` is the number of seconds in which ``at_least`` so many (default: one) are waited for.
        """
        check_keywords("sent", narrowing, SentMessages)
        matching = narrowing.get("matching")
        check_matching(matching)
        limit = narrowing.get("limit")
        query = {"vendor": narrowing.get("vendor"), "limit": limit if matching is None else MAX_CALLS}

        def read() -> list[Json]:
            rows = self.control.rows("worlds", self.name, "sent", **query)
            found = [row for row in rows if fits(matching, row)]
            return found if limit is None else found[-limit:]

        return wait_for(read, narrowing.get("wait"), narrowing.get("at_least"))

    def deliveries(self, **narrowing: Unpack[Deliveries]) -> list[RemoteDelivery]:
        """Return what the vendors send, with the attempts at its delivery, oldest first.

        ``deliveries(state="delivered", wait=5, at_least=3)`` waits up to 5 seconds for so many that fit.
        """
        check_keywords("deliveries", narrowing, Deliveries)
        query = {name: value for name, value in narrowing.items() if name not in ("wait", "at_least")}

        def read() -> list[RemoteDelivery]:
            rows = self.control.get("worlds", self.name, "deliveries", **query)["deliveries"]
            return [RemoteDelivery(self.control, self.name, row) for row in rows]

        return wait_for(read, narrowing.get("wait"), narrowing.get("at_least"))

    def replay(self, **pattern: Unpack[DeliveryPattern]) -> int:
        """Send the deliveries that fit again, ``replay(state="given up")``, oldest first; return their number."""
        check_keywords("replay", pattern, DeliveryPattern)
        body = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in pattern.items()}
        return int(self.control.call("POST", "worlds", self.name, "deliveries", "replay", body=given(body))["resent"])

    def delivery_rules(self) -> list[Json]:
        """Return the world's rules of deliveries; credentials are not shown."""
        found: list[Json] = self.control.get("worlds", self.name, "deliveries", "settings")["deliveries"]
        return found

    def set_delivery_rules(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """Set the world's rules of deliveries, each such as ``{"destination": "*", "target": url}``."""
        if isinstance(rules, str | bytes | Mapping) or not isinstance(rules, Iterable):
            raise Misconfigured(f"set_delivery_rules takes a list of rules, not {rules!r}")
        body = {"deliveries": list(rules)}
        self.control.call("PUT", "worlds", self.name, "deliveries", "settings", body=body)


def _check_object(what: str, value: object) -> None:
    """Raise ``Misconfigured`` for a value that is no JSON object."""
    if not isinstance(value, Mapping):
        raise Misconfigured(f"{what} takes a JSON object, not {str(value)[:100]!r}")


def _time_text(value: datetime | str | None) -> str | None:
    return value.isoformat() if isinstance(value, datetime) else value


def given(values: Mapping[str, Any]) -> Json:
    """Return the values that are not None."""
    return {name: value for name, value in values.items() if value is not None}

"""One world of a running server: its records, calls, faults and clock."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from understudy.client.control import Control, Json
from understudy.client.environment import environment
from understudy.core.misconfigured import Misconfigured, nearest

MAIN = "main"


class RemoteClock:
    """A world's time."""

    def __init__(self, control: Control, world: str) -> None:
        self._control = control
        self._place = ("worlds", world, "clock")

    def show(self) -> Json:
        """Return the time (``now``), how fast it runs (``rate``) and whether it is the machine's (``is_real``)."""
        return self._control.get(*self._place)

    def now(self) -> datetime:
        """Return the time, aware and in UTC."""
        return datetime.fromisoformat(self.show()["now"])

    def set(self, now: datetime | str | None = None, rate: float | None = None) -> Json:
        """Go on from a time, at a rate: 0 is frozen, 1 runs, 3600 passes an hour a second."""
        change = {"now": _moment(now), "rate": rate}
        return self._control.call("PUT", *self._place, body=given(change))

    def freeze(self, at: datetime | str | None = None) -> Json:
        """Stop, at a time or where it is."""
        return self.set(at, rate=0)

    def move(self, by: timedelta | None = None, **span: float) -> Json:
        """Jump by a timedelta, or by ``days``, ``hours``, ``minutes`` and ``seconds``; less than 0 is back."""
        body = span if by is None else {"seconds": by.total_seconds(), **span}
        return self._control.call("POST", *self._place, "move", body=body)

    def follow(self) -> Json:
        """Show the machine's time again."""
        return self._control.call("DELETE", *self._place)


class RemoteFaults:
    """What goes wrong in a world on purpose."""

    def __init__(self, control: Control, world: str, vendor: str | None = None) -> None:
        """Steer the faults of a world; those of one vendor, if one is given."""
        self._control = control
        self._place = ("worlds", world, "faults")
        self._vendor = vendor

    def add(self, kind: str, **what: Any) -> Json:
        """Have something go wrong: ``add("status", operation="create_purchase", status=503, times=1)``."""
        body = given({"kind": kind, "vendor": self._vendor}) | what
        return self._control.call("POST", *self._place, body=body)

    def all(self) -> list[Json]:
        """Return the faults that are not used up, oldest first."""
        found = self._control.rows(*self._place)
        return [fault for fault in found if self._vendor is None or fault.get("vendor") == self._vendor]

    def remove(self, fault: str) -> None:
        """Remove one, by its id."""
        self._control.call("DELETE", *self._place, fault)

    def clear(self) -> None:
        """Remove all of them."""
        if self._vendor is None:
            self._control.call("DELETE", *self._place)
            return
        for fault in self.all():
            self.remove(fault["id"])


class RemoteCollection:
    """The records of one collection of a vendor."""

    def __init__(self, control: Control, world: str, vendor: str, name: str) -> None:
        self._control = control
        self._place = ("worlds", world, "collections", vendor, name)

    def get(self, key: str) -> Json:
        """Return a record; raise ``Declined`` if there is none."""
        return self._control.get(*self._place, key)

    def put(self, key: str, record: Mapping[str, Any]) -> Json:
        """Write a record as it stands; the vendor's rules are not asked."""
        return self._control.call("PUT", *self._place, key, body=record)

    def delete(self, key: str) -> None:
        """Forget a record."""
        self._control.call("DELETE", *self._place, key)

    def read(self, offset: int = 0, limit: int = 100) -> list[Json]:
        """Return a stretch of the records, oldest first."""
        found: list[Json] = self._control.get(*self._place, offset=offset, limit=limit)["records"]
        return found

    def __len__(self) -> int:
        return int(self._control.get(*self._place, limit=1)["total"])


class RemoteWorld:
    """A world of a running server."""

    def __init__(self, control: Control, name: str = MAIN) -> None:
        self.control = control
        self.name = name
        self.clock = RemoteClock(control, name)
        self.faults = RemoteFaults(control, name)
        self._connections: list[Json] | None = None

    @property
    def url(self) -> str:
        """What stands before a vendor's path in this world."""
        return self.control.root + ("" if self.name == MAIN else f"/@{self.name}")

    def show(self) -> Json:
        """Return how much the world holds, what it was made from, and its time."""
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
            raise Misconfigured(f"{self.control.root} serves no vendor {vendor!r}{nearest(vendor, by_vendor)}")
        return by_vendor[vendor]

    def environment(self, *vendors: str) -> dict[str, str]:
        """Return the variables that point a program at these vendors in this world; at all unless some are named."""
        chosen = [self.introduce(vendor) for vendor in vendors] if vendors else self.introductions()
        return environment(self.control.root, self.name, chosen)

    def create(
        self,
        origin: Mapping[str, str] | None = None,
        *,
        seed: int | None = None,
        clock: Mapping[str, Any] | None = None,
    ) -> Json:
        """Make it: from the start, or from one ``scenario``, ``world`` or ``snapshot``."""
        body = given({"name": self.name, "from": origin, "seed": seed, "clock": clock})
        return self.control.call("POST", "worlds", body=body)

    def delete(self) -> None:
        """Forget it."""
        self.control.call("DELETE", "worlds", self.name)

    def reset(self, *, clear_journal: bool = False) -> Json:
        """Put it back to how it began."""
        query = {"clear_journal": clear_journal}
        return self.control.call("POST", "worlds", self.name, "reset", query=query)

    def fork(self, name: str) -> "RemoteWorld":
        """Make an equal world that goes its own way."""
        self.control.call("POST", "worlds", self.name, "fork", body={"name": name})
        return RemoteWorld(self.control, name)

    def snapshot(self) -> Json:
        """Return it as one document."""
        return self.control.get("worlds", self.name, "snapshot")

    def restore(self, snapshot: Mapping[str, Any] | str) -> Json:
        """Make it what a document says, or a snapshot that is kept on the server under a name."""
        if isinstance(snapshot, str):
            return self.control.call("POST", "worlds", self.name, "restore", snapshot)
        return self.control.call("POST", "worlds", self.name, "restore", body=snapshot)

    def keep(self, name: str) -> Json:
        """Keep it as it is now on the server, under a name."""
        return self.control.call("PUT", "snapshots", name, body={"world": self.name})

    def collections(self) -> list[Json]:
        """Return every vendor's collections, with how many records each has."""
        return self.control.rows("worlds", self.name, "collections")

    def collection(self, vendor: str, name: str) -> RemoteCollection:
        """Return a collection of a vendor's."""
        return RemoteCollection(self.control, self.name, vendor, name)

    def calls(self, **narrowing: Any) -> list[Json]:
        """Return the last exchanges, oldest first: ``calls(vendor="ecdp", status="4xx", request={"id": 1})``."""
        return self.control.rows("worlds", self.name, "journal", **narrowing)

    def forget_calls(self) -> None:
        """Begin the journal anew."""
        self.control.call("DELETE", "worlds", self.name, "journal")

    def verify(self, expect: Sequence[Mapping[str, Any]], *, in_order: bool = False) -> Json:
        """Hold the journal against expectations, ``{"calls": {"operation": …}, "exactly": 1}`` each."""
        body = {"expect": list(expect), "in_order": in_order}
        return self.control.call("POST", "worlds", self.name, "verify", body=body)

    def sent(self, **narrowing: Any) -> list[Json]:
        """Return what the vendors would have sent by themselves, oldest first."""
        return self.control.rows("worlds", self.name, "sent", **narrowing)


def _moment(value: datetime | str | None) -> str | None:
    return value.isoformat() if isinstance(value, datetime) else value


def given(values: Mapping[str, Any]) -> Json:
    """Return the values that are not None."""
    return {name: value for name, value in values.items() if value is not None}

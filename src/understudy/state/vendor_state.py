"""State of one vendor in one world, as handlers use it: collections, time, new ids, random numbers, signed tokens."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from random import Random
from typing import Any

import orjson

from understudy.core.clock import Clock
from understudy.core.misconfigured import nearest
from understudy.core.steps import Steps
from understudy.core.table import Table
from understudy.state.change_signal import ChangeSignal
from understudy.state.collection import Collection
from understudy.state.jwt_tokens import decode_token, encode_token
from understudy.state.outbox import OUTBOX, Outbox


class VendorState:
    """State of one vendor in one world; the first argument of every handler.

    The clock is shared with the world's other vendors. Nothing is shared between worlds. ``name`` is the world's.
    """

    __slots__ = (
        "_collections",
        "_fill",
        "_key",
        "_seed",
        "clock",
        "has_large_copies",
        "locale",
        "name",
        "rng",
        "signal",
        "vendor",
    )

    def __init__(
        self,
        name: str,
        vendor: str,
        clock: Clock,
        seed: int,
        tables: Iterable[Table],
        fill: Callable[["VendorState", str], None] | None = None,
        locale: str = "",
    ) -> None:
        """Make a state with empty collections; ``fill`` is called with the name of each before it is used.

        ``locale`` is the one that the world's scenario chooses, empty if it chooses none.
        """
        self.name = name
        self.vendor = vendor
        self.clock = clock
        self.locale = locale
        self.rng = Random(f"{seed}/{vendor}")  # noqa: S311 - repeatable on purpose, protects no secret
        self._seed = seed
        self._fill = fill
        self._collections = {table.name: Collection(table) for table in (*tables, OUTBOX)}
        self._key = f"{seed}/{vendor}/{name}".encode().ljust(32, b".")
        self.has_large_copies = False
        """Mark of a state that shares so many records with another that a write should wait for ``separate``."""

        self.signal: ChangeSignal | None = None
        """Signal to the task that delivers what the outbox has; a fork has the same one."""

    def collection(self, name: str) -> Collection:
        """Return a collection that the vendor's ``tables.py`` declares; raise ``KeyError`` for any other name."""
        try:
            if self._fill is not None and name in self._collections:
                self._fill(self, name)
            return self._collections[name]
        except KeyError:
            hint = nearest(name, self._collections)
            raise KeyError(f"{self.vendor} has no collection {name!r}{hint}") from None

    @property
    def collections(self) -> Mapping[str, Collection]:
        """Collections by name."""
        return self._collections

    @property
    def outbox(self) -> Outbox:
        """Messages that the vendor sends by itself."""
        return Outbox(self._collections[OUTBOX.name], self.name, self.vendor, self.clock, self.signal)

    @property
    def fill(self) -> Callable[["VendorState", str], None] | None:
        """Function that adds the start records of a collection; ``None`` if all are there from the start."""
        return self._fill

    @property
    def seed(self) -> int:
        """Seed of the world's start scenario."""
        return self._seed

    def now(self) -> datetime:
        """Return the world's time, aware and in UTC."""
        return self.clock.now()

    def new_id(self) -> str:
        """Return a new id, a version 4 UUID as text. Equal worlds return the same ids in the same order."""
        bits = self.rng.getrandbits(128)
        text = f"{bits & ~(0xF000 << 64) & ~(0xC000 << 48) | (0x4000 << 64) | (0x8000 << 48):032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def sign_token(self, claims: dict[str, Any], ttl: int, headers: dict[str, str] | None = None) -> str:
        """Return a signed JWT with these claims, issued now and valid for ``ttl`` seconds of the world's clock."""
        issued = int(self.clock.timestamp())
        return encode_token({"iat": issued, "exp": issued + ttl, **claims}, self._key, headers)

    def token_claims(self, token: str) -> dict[str, Any] | None:
        """Return the claims of a token that this state signed and that has not expired, or ``None``."""
        found = decode_token(token, self._key)
        if found is None:
            return None
        claims: dict[str, Any] = orjson.loads(found)
        return claims if claims["exp"] > self.clock.timestamp() else None

    def fork(self, name: str, clock: Clock) -> "VendorState":
        """Return an equal, independent state for a world of another name and clock."""
        clone = VendorState(name, self.vendor, clock, self._seed, (), self._fill, self.locale)
        clone.signal = self.signal
        clone.rng.setstate(self.rng.getstate())
        clone._collections = {name: collection.copy() for name, collection in self._collections.items()}
        self.has_large_copies = clone.has_large_copies = any(each.is_large_copy for each in self._collections.values())
        return clone

    def separate(self) -> Steps[None]:
        """Copy in steps the large collections that are shared with another world's state."""
        for collection in self._collections.values():
            if collection.is_large_copy:
                yield from collection.separate()
        self.has_large_copies = any(each.is_large_copy for each in self._collections.values())

    def migrated_to(self, start: "VendorState", clock: Clock) -> "VendorState":
        """Return a copy of this state with the tables of ``start``, a new state of the vendor.

        A table that both have keeps its records; a table that is new has those of ``start``.
        """
        clone = VendorState(self.name, self.vendor, clock, self._seed, (), start.fill, self.locale)
        clone.signal = start.signal
        clone.rng.setstate(self.rng.getstate())
        for name, new in start.collections.items():
            old = self._collections.get(name)
            clone._collections[name] = new.copy() if old is None else old.migrated_to(new.table)
        return clone

"""All that an operation may touch: its vendor's collections, the time, new ids, chance and signed tokens."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from random import Random
from typing import Any

import orjson

from understudy.core.clock import Clock
from understudy.core.misconfigured import nearest
from understudy.core.table import Table
from understudy.state.collection import Collection
from understudy.state.jwt_tokens import decode_token, encode_token


class VendorState:
    """One vendor's part of one world. Two worlds share nothing; the vendors of one world share its clock."""

    __slots__ = ("_collections", "_key", "_seed", "clock", "name", "rng", "vendor")

    def __init__(self, name: str, vendor: str, clock: Clock, seed: int, tables: Iterable[Table]) -> None:
        self.name = name
        self.vendor = vendor
        self.clock = clock
        self.rng = Random(f"{seed}/{vendor}")  # noqa: S311 - repeatable on purpose, no secret hangs on it
        self._seed = seed
        self._collections = {table.name: Collection(table) for table in tables}
        self._key = f"{seed}/{vendor}/{name}".encode().ljust(32, b".")

    def collection(self, name: str) -> Collection:
        """Return a collection that the vendor's ``tables.py`` declares."""
        try:
            return self._collections[name]
        except KeyError:
            hint = nearest(name, self._collections)
            raise KeyError(f"{self.vendor} has no collection {name!r}{hint}") from None

    @property
    def collections(self) -> Mapping[str, Collection]:
        """All that the vendor remembers, by name."""
        return self._collections

    def now(self) -> datetime:
        """Return the world's time, aware and in UTC."""
        return self.clock.now()

    def new_id(self) -> str:
        """Return an id no one has used, as UUID text; the same world gives the same ones again."""
        bits = self.rng.getrandbits(128)
        text = f"{bits & ~(0xF000 << 64) & ~(0xC000 << 48) | (0x4000 << 64) | (0x8000 << 48):032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def sign_token(self, claims: dict[str, Any], ttl: int, headers: dict[str, str] | None = None) -> str:
        """Return a signed JWT with these claims, issued now and valid for ``ttl`` seconds of the world's clock."""
        issued = int(self.clock.timestamp())
        return encode_token({"iat": issued, "exp": issued + ttl, **claims}, self._key, headers)

    def token_claims(self, token: str) -> dict[str, Any] | None:
        """Return the claims of a token that this world signed and that has not expired; otherwise nothing."""
        found = decode_token(token, self._key)
        if found is None:
            return None
        claims: dict[str, Any] = orjson.loads(found)
        return claims if claims["exp"] > self.clock.timestamp() else None

    def fork(self, name: str, clock: Clock) -> "VendorState":
        """Return an equal world that goes its own way under another name and clock."""
        twin = VendorState(name, self.vendor, clock, self._seed, ())
        twin.rng.setstate(self.rng.getstate())
        twin._collections = {name: collection.copy() for name, collection in self._collections.items()}
        return twin

    def migrated_to(self, start: "VendorState", clock: Clock) -> "VendorState":
        """Return this world as it is, with the tables of another start of the vendor.

        What a table of both holds is taken; one that is new holds what it holds at the start.
        """
        twin = VendorState(self.name, self.vendor, clock, self._seed, ())
        twin.rng.setstate(self.rng.getstate())
        for name, begun in start.collections.items():
            kept = self._collections.get(name)
            twin._collections[name] = begun.copy() if kept is None else kept.migrated_to(begun.table)
        return twin

"""Scenario: size of the cast, credentials and settings, and the records before the start of a world."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from numbers import Integral
from typing import Any, cast

from understudy.casting.locale_files import shipped_locales
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured, nearest

ANCHOR = datetime(2026, 1, 1, tzinfo=UTC)
"""Time from which ages and registrations are counted back in a scenario without a clock."""

MAX_PEOPLE = 10_000_000
MAX_OTHERS = 1_000_000
"""Maximum number of merchants, of shops and of products."""

MAX_DAYS = 36_500
MAX_DUPLICATES = 90
"""Highest percentage of near-duplicates: they need originals."""

LARGEST_SEED = 2**63 - 1
SHARES = {
    "lacking": "percent of records without an optional field",
    "consenting": "percent of people who give a consent that they are asked for",
    "objecting": "percent of people who object to a consent that they are asked for",
}
"""Shares that a scenario may set, with their meanings; each kind of record has defaults of its own."""


NUMBERS = ("seed", "people", "merchants", "shops", "products", "days")


class Contradiction(Misconfigured, ValueError):  # noqa: N818 - a fact about a scenario
    """Value of a scenario's key that is not possible, alone or beside another key's; ``key`` is the one to report."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(f"{key} {what}")
        self.key = key


@dataclass(frozen=True, slots=True)
class StatedRecord:
    """Record that a scenario states for a vendor's collection; ``place`` is its file and line."""

    vendor: str
    collection: str
    record: Json
    place: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """Scenario from which a world is built.

    ``people``, ``merchants``, ``shops`` and ``products`` are the numbers of each in the cast. The first of ``locales``
    sets the currency and tax rates of the products. ``clock`` is the start time of a world, by default the real time.
    ``credentials`` are the development credentials and ``settings`` the options of behaviour, both by vendor.
    ``vendors`` are the vendors that have the cast's people, all if it is empty. ``records`` are the numbers of records
    of each kind to preload, in this order; they happened in the last ``days``. ``shares`` are percentages (``SHARES``).
    ``duplicates`` is the share of people who are near-duplicates of others, in hundredths of a percent; it is only for
    generated records, because the people of a world have identifiers of their own.
    ``stated_records`` are records with their ids, which are in the world before those of ``records``.
    ``record_places`` are file and line of each kind of ``records``, if it was read from a file. ``deliveries`` are the
    rules by which what vendors send is delivered, ``delivery_places`` file and line of each.
    """

    seed: int = 1
    people: int = 0
    merchants: int = 0
    shops: int = 0
    products: int = 0
    locales: tuple[str, ...] = field(default_factory=shipped_locales)
    clock: datetime | None = None
    credentials: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    vendors: tuple[str, ...] = ()
    records: Mapping[str, int] = field(default_factory=dict)
    stated_records: tuple[StatedRecord, ...] = ()
    shares: Mapping[str, int] = field(default_factory=dict)
    days: int = MAX_DAYS
    duplicates: int = 0
    record_places: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    deliveries: tuple[Json, ...] = ()
    delivery_places: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        self._check_types()
        duplicates = cast("Any", self.duplicates)
        if not isinstance(duplicates, int) or not 0 <= duplicates <= 100 * MAX_DUPLICATES:
            raise Contradiction("duplicates", f"must be from 0 to {MAX_DUPLICATES} percent")
        if self.shops and not self.merchants:
            raise Contradiction("shops", "need an owner; set merchants to 1 or more")
        unserved = [kind for kind in self.records if not self.names(kind.partition(".")[0])]
        if unserved:
            raise Contradiction("records", f"have {unserved[0]}, whose vendor is not among the vendors; add it there")

    def _check_types(self) -> None:
        for key in NUMBERS:
            value: Any = getattr(self, key)
            if isinstance(value, bool) or not isinstance(value, Integral) or not 0 <= int(value) <= LARGEST_SEED:
                raise Contradiction(key, f"must be a whole number, 0 or more, not {value!r}")
        locales, clock = cast("Any", self.locales), cast("Any", self.clock)
        if not isinstance(locales, tuple) or not locales:
            raise Contradiction("locales", f"must be one or more in a list, such as ['it_IT'], not {locales!r}")
        for name in locales:
            if name not in shipped_locales():
                raise Contradiction("locales", f"has an unknown locale {name!r}{nearest(str(name), shipped_locales())}")
        if clock is not None and not (isinstance(clock, datetime) and clock.tzinfo):
            raise Contradiction("clock", f"must be a datetime with its zone, not {clock!r}")
        for key in ("credentials", "settings", "records", "shares"):
            if not isinstance(getattr(self, key), Mapping):
                raise Contradiction(key, f"must be names and values, not {getattr(self, key)!r}")

    @property
    def chosen_locale(self) -> str:
        """First of the locales; empty if these are all that are shipped, which is no choice."""
        return "" if set(self.locales) == set(shipped_locales()) else self.locales[0]

    @property
    def instant(self) -> datetime:
        """Fixed time from which ages and registrations are counted back: the clock, or else ``ANCHOR``."""
        return self.clock or ANCHOR

    def since(self, registered_at: datetime) -> datetime:
        """Return the earliest time of a person's records: the registration, or if later the start of ``days``."""
        return max(registered_at, self.instant - timedelta(days=self.days))

    def share(self, name: str, default: int) -> int:
        """Return a share of ``SHARES`` in percent, or the default if the scenario does not set it."""
        return self.shares.get(name, default)

    def names(self, vendor: str) -> bool:
        """Return whether a vendor has the cast's people."""
        return not self.vendors or vendor in self.vendors

    def deserted(self) -> "Scenario":
        """Return the same scenario with an empty cast and without records."""
        return replace(
            self, people=0, merchants=0, shops=0, products=0, records={}, stated_records=(), record_places={}
        )

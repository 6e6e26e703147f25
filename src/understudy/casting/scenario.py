"""Scenarios: who exists when a world begins, and what they have done. ``scenario_file`` reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from understudy.casting.locale_files import shipped_locales

ANCHOR = datetime(2026, 1, 1, tzinfo=UTC)
MOST_PEOPLE = 10_000_000
MOST_OTHERS = 1_000_000
MOST_DAYS = 36_500
LARGEST_SEED = 2**63 - 1
SHARES = {
    "lacking": "records that go without an optional field, of 100",
    "consenting": "people who say yes, of 100 who are asked for a consent",
    "objecting": "people who object, of 100 who are asked for a consent",
}
"""The shares that a scenario may set. What it leaves out, each kind of record has its own share of."""


class Contradiction(ValueError):  # noqa: N818 - a fact about a scenario
    """Two keys of a scenario that cannot both be so; ``key`` is the one to look at."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(f"{key} {what}")
        self.key = key


@dataclass(frozen=True, slots=True)
class Scenario:
    """Who exists. ``clock`` is where a world's time starts (unless given, at the real time).

    ``credentials`` are the development credentials by vendor, ``settings`` how each behaves where that can be chosen.
    The first of ``locales`` sets the catalogue's currency. ``vendors`` are those who know the people: all, unless
    any is named. ``records`` are what they have done before the world begins, so many of each kind, in this order;
    ``shares`` say how common some things are (``SHARES``). What is done is done in the last ``days``.
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
    shares: Mapping[str, int] = field(default_factory=dict)
    days: int = MOST_DAYS

    def __post_init__(self) -> None:
        if self.shops and not self.merchants:
            raise Contradiction("shops", "need an owner; set merchants to 1 or more")
        strangers = [kind for kind in self.records if not self.names(kind.partition(".")[0])]
        if strangers:
            raise Contradiction("records", f"have {strangers[0]}, whose vendor is not among the vendors; add it there")

    @property
    def instant(self) -> datetime:
        """The fixed time that ages and registrations are counted back from; the same in every run."""
        return self.clock or ANCHOR

    def since(self, registered_at: datetime) -> datetime:
        """Return when somebody began to do things: on registration, or when the scenario's last days began."""
        return max(registered_at, self.instant - timedelta(days=self.days))

    def share(self, name: str, usual: int) -> int:
        """Return a share of ``SHARES``, or the usual one."""
        return self.shares.get(name, usual)

    def names(self, vendor: str) -> bool:
        """Tell whether a vendor knows the people."""
        return not self.vendors or vendor in self.vendors

    def deserted(self) -> "Scenario":
        """Return the same scenario with nobody and nothing in it."""
        return replace(self, people=0, merchants=0, shops=0, products=0, records={})

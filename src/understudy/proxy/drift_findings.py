"""Findings of a proxy: who has moved away from whom, where, and how often."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from understudy.core.json_types import Json
from understudy.state.journal import Exchange
from understudy.traffic.exchange_check import Difference, ExchangeFinding

MAX_FINDINGS = 5000
"""Number of findings of a session: more are those of a map with keys of its own, or of a scan of paths."""

INDEX = re.compile(r"/\d+(?=/|$)")
NO_SUCH_ROUTE = (404, 405, 501)
"""Statuses by which a service answers where it has no operation."""


class Party(StrEnum):
    """Side that differs from the document."""

    VENDOR = "vendor"
    CLIENT = "client"
    STAND_IN = "stand-in"


FORMAT = "undocumented-format"
BROKEN = "broken-message"
STATUS_DIFFERS = "status-differs"
SHAPE_DIFFERS = "shape-differs"
TAKEN_ANYWAY = "taken-anyway"


@dataclass(slots=True)
class DriftFinding:
    """Difference between vendor, document and stand-in, the same in all its calls.

    ``kind`` is a ``Difference`` or one of this module's, ``rule`` the keyword of JSON Schema that fails. ``vendor``,
    ``document`` and ``stand_in`` are the three sides in words. ``first`` is the number of the first of ``count`` calls,
    ``curl`` the command that makes it again.
    """

    kind: str
    who: Party
    operation: str
    where: str
    place: str
    vendor: str
    document: str
    stand_in: str = ""
    rule: str = ""
    count: int = 0
    first: int = 0
    curl: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """Properties by which findings of several calls are the same one."""
        return (self.kind, self.who, self.operation, self.where, self.place, self.rule)

    @property
    def message(self) -> str:
        """Sentence about it."""
        third = f"; the stand-in {self.stand_in}" if self.stand_in else ""
        return f"the {'client' if self.who is Party.CLIENT else 'vendor'} {self.vendor}; {self.document}{third}"

    def to_json(self) -> Json:
        """Return the finding as the report has it."""
        return {
            "kind": self.kind,
            "who": self.who.value,
            "operation": self.operation,
            "where": self.where,
            "place": self.place,
            "vendor": self.vendor,
            "document": self.document,
            "stand_in": self.stand_in,
            "calls": self.count,
            "first_call": self.first,
            "curl": self.curl,
        }


@dataclass(slots=True)
class FoundDrift:
    """Findings of a session, in the order of their first calls."""

    findings: dict[tuple[str, ...], DriftFinding] = field(default_factory=dict)
    dropped: int = 0

    def add(self, finding: DriftFinding, number: int) -> bool:
        """Count a finding of a call; return whether it is new. Beyond ``MAX_FINDINGS`` new ones are only counted."""
        if len(self.findings) >= MAX_FINDINGS and finding.key not in self.findings:
            self.dropped += 1
            return False
        known = self.findings.setdefault(finding.key, finding)
        known.count += 1
        known.first = known.first or number
        known.stand_in = known.stand_in or finding.stand_in
        return known is finding

    def __iter__(self) -> Iterator[DriftFinding]:
        return iter(self.findings.values())

    def __len__(self) -> int:
        return len(self.findings)


def drift_of(finding: ExchangeFinding, exchange: Exchange) -> DriftFinding:
    """Return what a difference between an exchange and the document says of the two."""
    who = _party(finding, exchange.status)
    place = INDEX.sub("/*", finding.place) if finding.where == "body" else finding.place
    kind = FORMAT if finding.rule == "format" else finding.kind.value
    if finding.kind is Difference.UNDOCUMENTED_PATH:
        place = f"{exchange.method} {without_ids(exchange.path.decode('latin-1'))}"
    sides = _sides(finding, exchange, who)
    return DriftFinding(kind, who, finding.operation, finding.where, place, *sides, rule=finding.rule)


def without_ids(path: str) -> str:
    """Return a path with ``{}`` for each segment that looks like an id, so that those of many records are one."""
    return "/".join("{}" if looks_like_id(each) else each for each in path.split("/"))


def looks_like_id(segment: str) -> bool:
    """Return whether a segment of a path has a digit, and is no version such as ``v2``."""
    return any(each.isdigit() for each in segment) and not (segment[:1] == "v" and segment[1:].isdecimal())


def _party(finding: ExchangeFinding, status: int) -> Party:
    """Return who has moved: the vendor too, if it takes a request that the document forbids."""
    if not finding.is_of_request:
        return Party.VENDOR
    if not finding.is_breach:
        return Party.CLIENT
    if finding.kind in (Difference.UNDOCUMENTED_PATH, Difference.UNDOCUMENTED_METHOD):
        return Party.CLIENT if status in NO_SUCH_ROUTE else Party.VENDOR
    return Party.VENDOR if 0 < status < 400 else Party.CLIENT


def _sides(finding: ExchangeFinding, exchange: Exchange, who: Party) -> tuple[str, str]:
    """Return the vendor's side, or the client's, and the document's."""
    call = f"{exchange.method} {exchange.path.decode('latin-1')}"
    if finding.kind is Difference.UNDOCUMENTED_STATUS:
        return f"answers {exchange.status}", finding.message
    if finding.is_of_request:
        side = f"sends {call}" if who is Party.CLIENT else f"answers {exchange.status} to {call}"
        return side, finding.message
    return f"answers {exchange.status} to {exchange.method}", finding.message

"""Telling a running server, ours or the real vendor's, a scenario's records by the vendors' own operations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from understudy.casting.kind import Kind, Record
from understudy.casting.kind_registry import find_kinds, find_seeding_auth
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.scenario import Scenario
from understudy.casting.seeding_auth import SeedingAuth
from understudy.client.http_client import HttpClient
from understudy.contract.compiled_operations import Operation
from understudy.contract.example_requests import build_request
from understudy.core.media_types import FORM, JSON
from understudy.core.misconfigured import Misconfigured

AT_ONCE = 256
PEOPLE = "customers"
"""What a vendor calls the kind of record that makes the people themselves known; they come first."""


@dataclass(slots=True)
class SeedResult:
    """How the records of a kind fared; ``why`` is the first refusal."""

    kind: str
    accepted: int = 0
    refused: int = 0
    why: str = ""


def seeding_plan(scenario: Scenario, vendors: list[str]) -> list[tuple[Kind, int]]:
    """Return what to tell these vendors, and how many of each: who the people are, then what they have done."""
    known = find_kinds()
    people = [(kind, scenario.people) for kind in known.values() if kind.operation and kind.name.endswith(f".{PEOPLE}")]
    told = [(known[name], count) for name, count in scenario.records.items() if not name.endswith(f".{PEOPLE}")]
    wanted = [vendor for vendor in vendors if scenario.names(vendor)]
    return [(kind, count) for kind, count in [*people, *told] if count and kind.vendor in wanted]


class VendorSeeder:
    """One vendor that is told records, at a base URL and with a client's credentials."""

    def __init__(self, vendor: str, wire: HttpClient, known: Mapping[str, Any], operations: list[Operation]) -> None:
        entry: SeedingAuth = find_seeding_auth(vendor)
        self._wire = wire
        self._operations = {operation.id: operation for operation in operations}
        self._ids = {standing: str(known[name]) for name, standing in entry.ids.items() if name in known}
        self._customers: dict[str, str] = {}
        try:
            self._headers = entry.headers(known, self._ask)
        except KeyError as missing:
            raise Misconfigured(f"{vendor}: the scenario's credentials lack {missing}; add it there") from None

    def send_records(self, cast: LazyCast, kind: Kind, count: int) -> Iterator[SeedResult]:
        """Send the first records of a kind, and yield how they fare so far, now and then."""
        tally, make = SeedResult(kind.name), kind.open(cast)
        operation = self._operations[kind.operation]
        for start in range(0, count, AT_ONCE):
            for record in make(range(start, min(start + AT_ONCE, count))):
                self._send(kind, operation, record, tally)
            yield tally

    def _send(self, kind: Kind, operation: Operation, record: Record, tally: SeedResult) -> None:
        arguments = {name: self._customers.get(value, value) for name, value in kind.arguments(record).items()}
        body = (orjson.dumps(self._renamed(record)), JSON) if operation.body else (b"", "")
        call = build_request(operation, _put(arguments, self._ids), *body)
        status, said = self._wire.send(
            operation.method.upper(), call.target, {**self._headers, **call.headers}, call.body
        )
        if status >= 300:
            tally.refused += 1
            tally.why = tally.why or f"{status}: {_shorten(said)}"
            return
        tally.accepted += 1
        if kind.name.endswith(f".{PEOPLE}") and "externalId" in record:
            self._customers[record["externalId"]] = orjson.loads(said)["id"]

    def _renamed(self, record: Record) -> Any:
        """Return a record that goes by the ids that the server has given."""
        if record.get("customerId") in self._customers:
            record = {**record, "customerId": self._customers[record["customerId"]]}
        return _put(record, self._ids) if self._ids else record

    def _ask(self, target: str, form: Mapping[str, str]) -> dict[str, Any]:
        status, said = self._wire.send_form(target, form, FORM)
        if status >= 300:
            raise Misconfigured(f"{self._wire.base}{target} answers {status}: {_shorten(said)}")
        answer: dict[str, Any] = orjson.loads(said)
        return answer


def _put(value: Any, ids: Mapping[str, str]) -> Any:
    """Return a value with other ids in the place of some, however deep."""
    if isinstance(value, dict):
        return {name: _put(part, ids) for name, part in value.items()}
    if isinstance(value, list):
        return [_put(part, ids) for part in value]
    return ids.get(value, value) if isinstance(value, str) else value


def _shorten(said: bytes, most: int = 160) -> str:
    text = " ".join(said.decode(errors="replace").split())
    return text if len(text) <= most else f"{text[:most]}…"

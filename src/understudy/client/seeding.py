"""Sender of a scenario's records to a running server, ours or the real vendor's, by the vendors' operations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from understudy.casting.kind import Kind, Record
from understudy.casting.kind_registry import find_kinds, find_seeding_auth
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.scenario import Scenario
from understudy.casting.seeding_auth import SeedingAuth, replace_ids
from understudy.client.http_client import HttpClient
from understudy.contract.compiled_operations import Operation
from understudy.contract.example_requests import build_request
from understudy.core.media_types import FORM, JSON
from understudy.core.misconfigured import Misconfigured

BLOCK = 256
PEOPLE = "customers"
"""Last part of the names of the kinds that create people; their records are sent before all others."""

LACKING = ("400", "404", "409", "422")
"""Statuses with which vendors refuse a record that names another which they do not have."""


@dataclass(slots=True)
class SeedResult:
    """Numbers of accepted, refused and left out records of a kind; ``why`` is the first refusal."""

    kind: str
    accepted: int = 0
    refused: int = 0
    why: str = ""
    left_out: int = 0


def seeding_plan(scenario: Scenario, vendors: list[str]) -> list[tuple[Kind, int]]:
    """Return the kinds of records to send to these vendors, and how many of each: people first."""
    kinds = find_kinds()
    people = [(kind, scenario.people) for kind in kinds.values() if kind.operation and kind.name.endswith(f".{PEOPLE}")]
    others = [(kinds[name], count) for name, count in scenario.records.items() if not name.endswith(f".{PEOPLE}")]
    wanted = [vendor for vendor in vendors if scenario.names(vendor)]
    return [(kind, count) for kind, count in [*people, *others] if count and kind.vendor in wanted]


class VendorSeeder:
    """Sender of records to one vendor, at a base URL and with a client's credentials."""

    def __init__(
        self, vendor: str, client: HttpClient, credentials: Mapping[str, Any], operations: list[Operation]
    ) -> None:
        auth: SeedingAuth = find_seeding_auth(vendor)
        self._client = client
        self._operations = {operation.id: operation for operation in operations}
        self._ids = auth.replaced_ids(credentials)
        self._customers: dict[str, str] = {}
        try:
            self._headers = auth.headers(credentials, self._post_form)
        except KeyError as missing:
            raise Misconfigured(f"{vendor}: the scenario's credentials lack {missing}; add it there") from None

    def send_records(self, cast: LazyCast, kind: Kind, count: int, *, leaves_out: bool = False) -> Iterator[SeedResult]:
        """Send the first ``count`` records of a kind; yield the result so far after every block.

        With ``leaves_out``, records of a kind that has ``needs`` are left out if the first of them is refused.
        """
        result, make = SeedResult(kind.name), kind.open_stated(cast)
        operation = self._operations[kind.operation]
        for start in range(0, count, BLOCK):
            for record in make(range(start, min(start + BLOCK, count))):
                self._send(kind, operation, record, result)
                if leaves_out and kind.needs and result.why.startswith(LACKING) and not result.accepted:
                    yield SeedResult(kind.name, why=result.why, left_out=count)
                    return
            yield result

    def _send(self, kind: Kind, operation: Operation, record: Record, result: SeedResult) -> None:
        arguments = {name: self._customers.get(value, value) for name, value in kind.arguments(record).items()}
        body = (orjson.dumps(self._with_server_ids(record)), JSON) if operation.body else (b"", "")
        call = build_request(operation, replace_ids(arguments, self._ids), *body)
        status, answer = self._client.send(
            operation.method.upper(), call.target, {**self._headers, **call.headers}, call.body
        )
        if status >= 300:
            result.refused += 1
            result.why = result.why or f"{status}: {_shorten(answer)}"
            return
        result.accepted += 1
        if kind.name.endswith(f".{PEOPLE}") and "externalId" in record:
            self._customers[record["externalId"]] = orjson.loads(answer)["id"]

    def _with_server_ids(self, record: Record) -> Any:
        """Return a record with the ids that the server has assigned in place of the cast's."""
        if record.get("customerId") in self._customers:
            record = {**record, "customerId": self._customers[record["customerId"]]}
        return replace_ids(record, self._ids) if self._ids else record

    def _post_form(self, target: str, form: Mapping[str, str]) -> dict[str, Any]:
        status, answer = self._client.send_form(target, form, FORM)
        if status >= 300:
            raise Misconfigured(f"{self._client.base}{target} answers {status}: {_shorten(answer)}")
        found: dict[str, Any] = orjson.loads(answer)
        return found


def _shorten(answer: bytes, limit: int = 160) -> str:
    text = " ".join(answer.decode(errors="replace").split())
    return text if len(text) <= limit else f"{text[:limit]}…"

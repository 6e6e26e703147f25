"""Comparison of the service's answer with the stand-in's, both held against the document: status, then shape."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.control.exchanges import media_type
from understudy.core.media_types import is_json
from understudy.proxy.drift_findings import SHAPE_DIFFERS, STATUS_DIFFERS, DriftFinding, Party
from understudy.proxy.stand_in import StandInAnswer, json_value
from understudy.state.journal import Exchange
from understudy.traffic.undocumented_fields import documented_places

CREDENTIALS = (401, 403, 407)
RECORDS = (304, 404, 409, 410, 412, 423, 424, 428)
"""Statuses that depend on what is stored, which is not the same on both sides."""

BUSY = (408, 425, 429)
MIN_COMPARED = 3
"""Number of answers from which a field that one side sends and the other does not is taken for a difference."""


class NotCompared(Exception):  # noqa: N818 - a fact about two answers
    """Two answers that cannot be compared, with the reason."""


def compare_statuses(
    operation: Operation, exchange: Exchange, answer: StandInAnswer, *, is_request_valid: bool
) -> DriftFinding | None:
    """Return the difference of two statuses that the document allows both, or ``None``.

    Raise ``NotCompared`` where the statuses depend on the credentials, on what is stored, or on rules of its own.
    """
    real, own = exchange.status, answer.status
    if answer.breach:
        document = "the document forbids the stand-in's answer"
        vendor = f"answers {real} to {exchange.method}"
        stand_in = f"breaks it: {answer.breach}"
        return DriftFinding("stand-in-breach", Party.STAND_IN, operation.id, "status", "", vendor, document, stand_in)
    if real == own or operation.response(real) is None:
        return None
    _check_comparable(real, answer, is_request_valid=is_request_valid)
    is_put = exchange.method == "PUT" and max(real, own) < HTTPStatus.MULTIPLE_CHOICES
    if is_put:
        raise NotCompared("the records of the two differ")
    declared = ", ".join(operation.responses)
    document = f"the document allows both ({declared})"
    vendor, stand_in = f"answers {real} to {exchange.method}", f"answers {own}"
    return DriftFinding(
        STATUS_DIFFERS, Party.STAND_IN, operation.id, "status", f"{real}/{own}", vendor, document, stand_in
    )


def _check_comparable(real: int, answer: StandInAnswer, *, is_request_valid: bool) -> None:
    """Raise ``NotCompared`` for statuses that say nothing of the two services' contracts."""
    own = answer.status
    if real in CREDENTIALS or own in CREDENTIALS:
        raise NotCompared("one of the two refuses the credentials")
    if real in BUSY or real >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise NotCompared(f"the vendor answers {real}")
    if real in RECORDS or own in RECORDS:
        raise NotCompared("the records of the two differ")
    is_real_refusal, is_own_refusal = real >= HTTPStatus.BAD_REQUEST, own >= HTTPStatus.BAD_REQUEST
    if is_own_refusal and answer.refused_by == "rule":
        raise NotCompared("a rule of the stand-in refuses it")
    if is_real_refusal and is_request_valid:
        raise NotCompared("the vendor refuses a request that the document allows")
    if is_own_refusal and not is_real_refusal and not is_request_valid:
        raise NotCompared("the vendor takes a request that the document forbids")


@dataclass(slots=True)
class _Places:
    """Places of one side's answers: those of all answers, and those of any, with their types."""

    always: set[str] = field(default_factory=set)
    ever: dict[str, set[str]] = field(default_factory=dict)
    count: int = 0

    def add(self, places: dict[str, set[str]]) -> None:
        self.always = set(places) if not self.count else self.always & places.keys()
        self.count += 1
        for place, types in places.items():
            self.ever.setdefault(place, set()).update(types)


@dataclass(slots=True)
class ShapeComparison:
    """Shapes of the answers of both sides, by operation and status, as far as the document names their fields."""

    document: Document
    _sides: dict[tuple[str, int], tuple[_Places, _Places, int]] = field(default_factory=dict)

    def add(self, operation: Operation, exchange: Exchange, answer: StandInAnswer, number: int) -> None:
        """Add two answers to one call, if both are JSON and have one status."""
        schema = _schema_of(operation, exchange)
        real, own = json_value(exchange.response_body), answer.value()
        if schema is None or exchange.status != answer.status or real is None or own is None:
            return
        key = (operation.id, exchange.status)
        first, second, _ = self._sides.setdefault(key, (_Places(), _Places(), number))
        first.add(documented_places(self.document, schema, real))
        second.add(documented_places(self.document, schema, own))

    def findings(self) -> Iterator[tuple[DriftFinding, int]]:
        """Yield the differences, each with the number of the first call to its operation."""
        for (operation, status), (real, own, number) in self._sides.items():
            for place, vendor, stand_in in _differences(real, own):
                document = f"the document allows both at {place or 'the whole body'} of {status}"
                finding = DriftFinding(
                    SHAPE_DIFFERS, Party.STAND_IN, operation, "body", place, vendor, document, stand_in
                )
                yield finding, number


def _differences(real: _Places, own: _Places) -> Iterator[tuple[str, str, str]]:
    """Yield place, the vendor's side and the stand-in's of each difference; of one in another only the outer."""
    found: list[str] = []
    for place in sorted({*real.ever, *own.ever}):
        parent = place.rpartition("/")[0]
        if any(place.startswith(f"{each}/") for each in found):
            continue
        if place not in real.ever or place not in own.ever:
            is_both = place == "" or (parent in real.ever and parent in own.ever)
            lacking, having = (real, own) if place not in real.ever else (own, real)
            if is_both and not place.endswith("/*") and place in having.always and lacking.count >= MIN_COMPARED:
                found.append(place)
                yield (
                    place,
                    *(("never sends it", "always does") if lacking is real else ("always sends it", "never does")),
                )
            continue
        types, own_types = real.ever[place] - {"null"}, own.ever[place] - {"null"}
        if types and own_types and not types & own_types:
            found.append(place)
            yield place, f"sends {_join(types)}", f"sends {_join(own_types)}"


def _join(types: Sequence[str] | set[str]) -> str:
    return " or ".join(sorted(types))


def _schema_of(operation: Operation, exchange: Exchange) -> Any:
    """Return the schema of an answer's JSON body; ``None`` if the document has none."""
    response = operation.response(exchange.status)
    media = media_type(exchange.response_headers)
    if response is None or not is_json(media):
        return None
    content = response.node.get("content", {})
    named = next((node for name, node in content.items() if name.partition(";")[0].strip().lower() == media), None)
    found = named or next((node for name, node in content.items() if is_json(name)), None)
    return None if found is None else found.get("schema")

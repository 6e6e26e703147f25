"""Verifications as plain data: what all reports are made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from understudy import __version__
from understudy.core.json_types import Json
from understudy.verify.findings import DESCRIPTIONS, FindingKind, VerifyFinding
from understudy.verify.verification import Verification

MAX_BODY = 2000
"""Characters of a body that reports show."""


@dataclass(frozen=True, slots=True)
class Report:
    """Outcome of a run: verifications with their seed, stale lines of the baseline, and why it ended early."""

    verifications: Sequence[Verification]
    seed: int
    stale: Sequence[str] = ()
    ended: str = ""

    @property
    def new(self) -> list[VerifyFinding]:
        """Findings that are in no baseline."""
        return [finding for each in self.verifications for finding in each.findings.new]

    @property
    def requests(self) -> int:
        """Number of requests that were sent, also those of no operation and those that tried commands."""
        return sum({id(each.gate): each.gate.sent for each in self.verifications}.values())

    def to_json(self) -> Json:
        """Return the report as JSON."""
        return {
            "tool": {"name": "understudy verify", "version": __version__},
            "seed": self.seed,
            "requests": self.requests,
            "new_findings": len(self.new),
            "ended_early": self.ended or None,
            "stale_baseline": list(self.stale),
            "subjects": [self._subject(each) for each in self.verifications],
        }

    def _subject(self, each: Verification) -> Json:
        return {
            "name": each.subject.name,
            "url": each.subject.printed_url,
            "is_interrupted": each.is_interrupted,
            "not_run": each.errors,
            "operations": list(operations_of(each)),
            "findings": [finding_of(finding, self.seed) for finding in each.findings],
        }


def operations_of(verification: Verification) -> Iterator[Json]:
    """Yield each operation with its counts."""
    for operation in verification.operations:
        reached = verification.counts.by_id[operation.id]
        found = [each for each in verification.findings if each.operation == operation.id]
        yield {
            "operation": operation.id,
            "method": operation.method.upper(),
            "path": operation.path,
            "requests": reached.requests,
            "statuses": {str(status): number for status, number in sorted(reached.statuses.items())},
            "declared": reached.reached(),
            "positive": reached.modes["positive"],
            "negative": reached.modes["negative"],
            "stateful": reached.modes["stateful"],
            "own": reached.modes["own"],
            "undocumented": reached.undocumented,
            "refused_by_rules": reached.refusals,
            "findings": len(found),
        }


def finding_of(finding: VerifyFinding, seed: int) -> Json:
    """Return a finding as JSON."""
    return {
        "key": finding.key,
        "kind": finding.kind.value,
        "description": DESCRIPTIONS[finding.kind],
        "operation": finding.operation,
        "place": finding.place,
        "message": finding.message,
        "phase": finding.phase,
        "seed": seed,
        "is_accepted": finding.is_accepted,
        "curl": list(finding.curl),
        "repeats": finding.repeats,
        "exchanges": [_exchange(each) for each in finding.exchanges],
    }


def _exchange(exchange: Any) -> Json:
    return {
        "method": exchange.method,
        "target": exchange.target,
        "body": _text(exchange.request_body),
        "status": exchange.status,
        "response": _text(exchange.response_body),
    }


def _text(body: bytes) -> str:
    text = body.decode(errors="replace")
    return text if len(text) <= MAX_BODY else f"{text[:MAX_BODY]}… ({len(body)} bytes)"


def all_kinds() -> list[FindingKind]:
    """Return the kinds of findings, in their order."""
    return list(FindingKind)

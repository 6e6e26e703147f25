"""Baseline: findings that are accepted, a line each in a file."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from understudy.core.misconfigured import Misconfigured, nearest
from understudy.verify.findings import FindingKind, VerifyFindings

COMMENT = "#"


@dataclass(frozen=True, slots=True)
class Baseline:
    """Keys of accepted findings. ``seen`` has those that were found."""

    keys: frozenset[str] = frozenset()
    seen: set[str] = field(default_factory=set)

    def apply(self, findings: VerifyFindings) -> None:
        """Mark the findings that are accepted."""
        for finding in findings:
            if finding.key in self.keys:
                self.seen.add(finding.key)
                findings.choose(replace(finding, is_accepted=True))

    def stale(self) -> list[str]:
        """Return the keys that no finding had."""
        return sorted(self.keys - self.seen)


def read_baseline(path: Path) -> Baseline:
    """Return the baseline of a file; raise ``Misconfigured`` for a line that no finding can have."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "is no text in UTF-8"
        raise Misconfigured(f"--baseline {path}: cannot be read: {why.lower()}") from None
    return Baseline(frozenset(_keys(path, lines)))


def _keys(path: Path, lines: Iterable[str]) -> Iterable[str]:
    for number, line in enumerate(lines, 1):
        key = " ".join(line.partition(f" {COMMENT}")[0].split()) if not line.startswith(COMMENT) else ""
        if not key:
            continue
        parts = key.split(" ")
        if len(parts) < 3:
            raise Misconfigured(f"{path}:{number}: write a finding's first line: VENDOR OPERATION KIND [PLACE]")
        if parts[2] not in [*FindingKind]:
            kinds = [each.value for each in FindingKind]
            raise Misconfigured(f"{path}:{number}: no kind {parts[2]!r}{nearest(parts[2], kinds)}")
        yield key

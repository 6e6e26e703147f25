"""Inferred paths held against a service's answers: right, wrong with the path at which it answers, or open."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import combinations

from understudy.contract.compiled_operations import Operation
from understudy.control.exchanges import media_type
from understudy.core.json_types import Json
from understudy.core.media_types import is_json
from understudy.http.router import TEMPLATE, WHOLE
from understudy.proxy.call_exchanges import CheckedCall
from understudy.proxy.drift_findings import NO_SUCH_ROUTE, looks_like_id
from understudy.proxy.stand_in import json_value
from understudy.traffic.exchange_check import Difference, ExchangeChecker, FoundOperation

RIGHT, WRONG, DOUBTFUL, OPEN = "right", "wrong", "doubtful", "open"
MAX_UNKNOWN = 300
"""Number of calls to undocumented paths that are paired with operations."""

MAX_SEGMENTS = 16
MIN_SCORE = 0.8
"""Score from which a path is taken for an operation's, out of 2: likeness of the words, and of the bodies."""

MARGIN = 0.2
"""Score by which the best pair must be ahead of any other of the two."""


@dataclass(frozen=True, slots=True)
class InferredPath:
    """Verdict on the inferred path of an operation; ``path`` is where the service has it if it is wrong."""

    operation: Operation
    verdict: str
    statuses: Mapping[int, int]
    path: str = ""

    def to_json(self) -> Json:
        """Return the verdict as the report has it."""
        return {
            "operation": self.operation.id,
            "method": self.operation.method.upper(),
            "path": self.operation.path,
            "verdict": self.verdict,
            "statuses": {str(status): count for status, count in self.statuses.items()},
            **({"moved_to": self.path} if self.path else {}),
        }


@dataclass(slots=True)
class InferredPaths:
    """Inferred paths of a document, and the calls that say something of them."""

    checker: ExchangeChecker
    _statuses: dict[str, Counter[int]] = field(default_factory=dict)
    _values: dict[str, set[str]] = field(default_factory=dict)
    """Values of path parameters in documented paths, by name."""

    _unknown: dict[tuple[str, str], CheckedCall] = field(default_factory=dict)

    def add(self, call: CheckedCall, found: FoundOperation | None) -> None:
        """Take a call with its operation, ``None`` for one that no operation takes."""
        status = call.exchange.status
        if found is not None:
            self._statuses.setdefault(found.operation.id, Counter())[status] += 1
            if status < 400:
                for name, value in found.path_values.items():
                    self._values.setdefault(name, set()).add(value)
        elif 200 <= status < 400 and len(self._unknown) < MAX_UNKNOWN:
            self._unknown.setdefault((call.exchange.method, call.path), call)

    def verdicts(self) -> list[InferredPath]:
        """Return the verdict on each inferred path."""
        inferred = [each for each in self.checker.operations if each.provenance.get("path") == "inferred"]
        statuses = {each.id: self._statuses.get(each.id, Counter()) for each in inferred}
        right = {each.id for each in inferred if any(200 <= status < 400 for status in statuses[each.id])}
        moved = self._moved([each for each in inferred if each.id not in right])
        found = []
        for each in inferred:
            seen = statuses[each.id]
            is_absent = bool(seen) and all(status in NO_SUCH_ROUTE for status in seen)
            verdict = RIGHT if each.id in right else WRONG if each.id in moved else DOUBTFUL if is_absent else OPEN
            found.append(InferredPath(each, verdict, seen, moved.get(each.id, "")))
        return found

    def _moved(self, operations: Sequence[Operation]) -> dict[str, str]:
        """Return the paths at which the service has operations, of pairs that are clearly the best for both."""
        scores: dict[tuple[str, str], float] = {}
        for operation in operations:
            for call in self._unknown.values():
                for path, score in self._paths(operation, call):
                    key = (operation.id, path)
                    scores[key] = max(score, scores.get(key, 0.0))
        return {name: path for (name, path) in scores if self._is_best(name, path, scores)}

    def _is_best(self, name: str, path: str, scores: Mapping[tuple[str, str], float]) -> bool:
        score = scores[name, path]
        shape = _shape(path)
        rivals = [
            other
            for (operation, place), other in scores.items()
            if (operation == name) != (_shape(place) == shape) or (operation == name and place != path)
        ]
        return score >= MIN_SCORE and all(score >= each + MARGIN for each in rivals)

    def _paths(self, operation: Operation, call: CheckedCall) -> Iterator[tuple[str, float]]:
        """Yield the path that an operation would have if it is the one that answered a call, and its score."""
        if operation.method.upper() != call.exchange.method:
            return
        aligned = self._align(operation.path, call)
        if aligned is None:
            return
        path, values, likeness = aligned
        evidence = self._evidence(FoundOperation(operation, values), call)
        if evidence is not None:
            yield path, likeness + evidence

    def _evidence(self, found: FoundOperation, call: CheckedCall) -> float | None:
        """Return the part of a call's bodies that an operation names, from 0 to 1; ``None`` if it forbids the call."""
        checker, exchange = self.checker, call.exchange
        unnamed = 0
        for each in (*checker.check_request(exchange, found), *checker.check_response(exchange, found.operation)):
            if each.is_breach and each.kind is not Difference.MISSING_CREDENTIALS:
                return None
            unnamed += each.where == "body"
        named = _members(exchange.request_headers, exchange.request_body)
        named += _members(exchange.response_headers, exchange.response_body)
        return max(named - unnamed, 0) / named if named else 0.0

    def _align(self, template: str, call: CheckedCall) -> tuple[str, dict[str, str], float] | None:
        """Return a call's path with an operation's parameters in it, their values, and the likeness of the words."""
        parts, segments = template.strip("/").split("/"), call.path.strip("/").split("/")
        if len(segments) > MAX_SEGMENTS or any(TEMPLATE.search(part) and not WHOLE.fullmatch(part) for part in parts):
            return None
        names = [part[1:-1] for part in parts if WHOLE.fullmatch(part)]
        words = "/".join(part for part in parts if not WHOLE.fullmatch(part))
        best: tuple[float, tuple[int, ...], float] | None = None
        for places in combinations(range(len(segments)), len(names)):
            fixed = [each for at, each in enumerate(segments) if at not in places]
            likeness = SequenceMatcher(None, words.lower(), "/".join(fixed).lower(), autojunk=False).ratio()
            score = likeness + sum(self._fit(name, segments[at]) for name, at in zip(names, places, strict=True))
            score -= sum(looks_like_id(each) for each in fixed)
            if best is None or score > best[0]:
                best = score, places, likeness
        if best is None:
            return None
        values = {name: segments[at] for name, at in zip(names, best[1], strict=True)}
        by_place = {at: f"{{{name}}}" for name, at in zip(names, best[1], strict=True)}
        path = "/" + "/".join(by_place.get(at, each) for at, each in enumerate(segments))
        return path, values, best[2]

    def _fit(self, name: str, segment: str) -> float:
        """Return how likely a segment is the value of a parameter."""
        if segment in self._values.get(name, ()):
            return 2.0
        if any(segment in values for values in self._values.values()):
            return -1.0
        return 1.0 if looks_like_id(segment) else -0.5


def _shape(path: str) -> str:
    return WHOLE.sub("{}", path)


def _members(headers: Sequence[tuple[bytes, bytes]], body: bytes) -> int:
    """Return the number of members in a JSON body, at any depth."""
    return _count(json_value(body)) if is_json(media_type(headers)) else 0


def _count(value: object) -> int:
    if isinstance(value, dict):
        return len(value) + sum(map(_count, value.values()))
    return sum(map(_count, value)) if isinstance(value, list) else 0


def write_remap(verdicts: Sequence[InferredPath], url: str) -> str:
    """Return a remap file with the operations whose path is wrong; only a comment if there is none."""
    lines = [f"# Paths at which {url} has operations whose path was inferred: understudy serve --remap FILE"]
    lines += [f"{each.operation.id}: {each.operation.method.upper()} {each.path}" for each in verdicts if each.path]
    return "\n".join(lines) + "\n"

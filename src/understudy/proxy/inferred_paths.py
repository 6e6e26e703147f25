"""Inferred paths held against a service's answers: right, wrong with the path at which it answers, or open."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
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
MAX_VALUES = 10_000
"""Number of values of a path parameter by which it is recognised in other paths."""

MIN_SCORE = 0.75
"""Score from which a path is taken for an operation's: likeness of the paths, and half that of the bodies."""

MARGIN = 0.05
"""Score by which a pair must be ahead of any other of the two."""

HOLE = "*"
"""Place of a parameter in a path, whatever its name."""


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
                    values = self._values.setdefault(name, set())
                    if len(values) < MAX_VALUES:
                        values.add(value)
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
                    key = (operation.id, f"{operation.method} {path}")
                    scores[key] = max(score, scores.get(key, 0.0))
        return {name: place.partition(" ")[2] for name, place in _clear_pairs(scores).items()}

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
            yield path, likeness + evidence / 2

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
        """Return a call's path with an operation's parameters in it, their values, and its likeness to the template."""
        parts, segments = template.strip("/").split("/"), call.path.strip("/").split("/")
        if len(segments) > MAX_SEGMENTS or any(TEMPLATE.search(part) and not WHOLE.fullmatch(part) for part in parts):
            return None
        names = [part[1:-1] for part in parts if WHOLE.fullmatch(part)]
        wanted = _shape(template)
        best: tuple[float, tuple[int, ...], float] | None = None
        for places in combinations(range(len(segments)), len(names)):
            shape = "/" + "/".join(HOLE if at in places else each for at, each in enumerate(segments))
            likeness = _likeness(wanted, shape)
            score = 2 * likeness + sum(self._fit(name, segments[at]) for name, at in zip(names, places, strict=True))
            score -= sum(looks_like_id(each) for at, each in enumerate(segments) if at not in places)
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
            return 0.0
        return 1.0 if looks_like_id(segment) else -0.5


def _clear_pairs(scores: Mapping[tuple[str, str], float]) -> dict[str, str]:
    """Return the place, method and path, of each operation in a pair that is ahead of all others of the two.

    The clearest is taken first; what is paired is no rival of the rest any more.
    """
    left = {pair: score for pair, score in scores.items() if score >= MIN_SCORE}
    found: dict[str, str] = {}
    while True:
        clear = [pair for pair in left if _lead(pair, left) >= MARGIN]
        if not clear:
            return found
        name, place = max(clear, key=lambda pair: _lead(pair, left))
        found[name] = place
        shape = _shape(place)
        left = {pair: score for pair, score in left.items() if pair[0] != name and _shape(pair[1]) != shape}


def _lead(pair: tuple[str, str], scores: Mapping[tuple[str, str], float]) -> float:
    """Return by how much a pair is ahead of the others of its operation and of its place."""
    name, place = pair
    shape = _shape(place)
    rivals = [
        score for other, score in scores.items() if other != pair and (other[0] == name or _shape(other[1]) == shape)
    ]
    return scores[pair] - max(rivals, default=0.0)


@lru_cache(maxsize=8192)
def _shape(path: str) -> str:
    return WHOLE.sub(HOLE, path).lower()


@lru_cache(maxsize=65536)
def _likeness(wanted: str, shape: str) -> float:
    """Return how like two paths are, their last words counted twice, from 0 to 1."""
    whole = SequenceMatcher(None, wanted, shape.lower(), autojunk=False).ratio()
    last, own = (each.replace(HOLE, "").rstrip("/").rpartition("/")[2] for each in (wanted, shape.lower()))
    return (2 * whole + SequenceMatcher(None, last, own, autojunk=False).ratio()) / 3


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

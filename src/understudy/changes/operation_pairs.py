"""Pairs of operations of two documents that are one, although their paths and names differ."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from understudy.changes.document_changes import Version
from understudy.changes.operation_features import TEMPLATE, features_of, likeness, weigh
from understudy.contract.compiled_operations import Operation

OTHER_METHOD = 0.6
"""Factor of the likeness of two operations with different methods."""

NEIGHBOUR = 0.25
"""Likeness that is added for each pair at the same path, half of it at the path above, and for known segments."""

ROUNDS = ((0.75, 0.15), (0.55, 0.12), (0.4, 0.1), (0.3, 0.08), (0.25, 0.05))
"""Likeness, and lead over the next best on either side, that a pair needs: in each round less, as neighbours help."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """Pairs of operations by the first document's operationId, with their likeness from 0 to 1.

    ``unsure`` has the likeliest candidates of the operations that are not paired, ``unknown`` those operations of the
    second document that no pair has.
    """

    pairs: dict[str, tuple[Operation, float]] = field(default_factory=dict)
    unsure: dict[str, list[Operation]] = field(default_factory=dict)
    unknown: list[Operation] = field(default_factory=list)


def pair_by_likeness(ours: Version, theirs: Version) -> Pairing:
    """Return the pairs of operations of two documents, by what they take and answer, and by their words."""
    return _Pairs(ours, theirs).found()


class _Pairs:
    def __init__(self, ours: Version, theirs: Version) -> None:
        self._ours, self._theirs = [*ours.operations], [*theirs.operations]
        counted = [features_of(ours.document, each) for each in self._ours]
        counted += [features_of(theirs.document, each) for each in self._theirs]
        weighed = weigh(counted)
        mine, others = weighed[: len(self._ours)], weighed[len(self._ours) :]
        self._likeness = [
            [
                likeness(mine[row], others[column]) * (1.0 if one.method == other.method else OTHER_METHOD)
                for column, other in enumerate(self._theirs)
            ]
            for row, one in enumerate(self._ours)
        ]
        self._pairs: dict[int, int] = {}

    def found(self) -> Pairing:
        """Return the pairs, found in rounds: the surest first, since they show where their neighbours are."""
        self._pair_equal()
        for least, lead in ROUNDS:
            while self._pair(least, lead):
                pass
        taken = set(self._pairs.values())
        result = Pairing(unknown=[each for number, each in enumerate(self._theirs) if number not in taken])
        for row, one in enumerate(self._ours):
            if row in self._pairs:
                column = self._pairs[row]
                result.pairs[one.id] = self._theirs[column], round(min(self._likeness[row][column], 1.0), 2)
            else:
                result.unsure[one.id] = [self._theirs[each] for each in self._candidates(row, taken)]
        return result

    def _pair_equal(self) -> None:
        """Pair the operations with the same method, path and words."""
        places = {(each.method, TEMPLATE.sub("{}", each.path)): number for number, each in enumerate(self._theirs)}
        for row, one in enumerate(self._ours):
            column = places.get((one.method, TEMPLATE.sub("{}", one.path)))
            if column is not None and self._likeness[row][column] == max(self._likeness[row]):
                self._pairs[row] = column

    def _pair(self, least: float, lead: float) -> bool:
        """Pair the operations that are each other's best by a lead; return whether there were any."""
        segments = self._segment_pairs()
        taken = set(self._pairs.values())
        rows = [row for row in range(len(self._ours)) if row not in self._pairs]
        columns = [column for column in range(len(self._theirs)) if column not in taken]
        scores = {row: {column: self._score(row, column, segments) for column in columns} for row in rows}
        found = False
        for row in rows:
            best, second = _two_best(scores[row])
            if best is None:
                continue
            mine = scores[row][best]
            rival = max((scores[other][best] for other in rows if other != row), default=0.0)
            if mine >= least and mine - second >= lead and mine - rival >= lead:
                self._pairs[row] = best
                found = True
        return found

    def _segment_pairs(self) -> Mapping[str, str]:
        """Return the segment of their paths for which most pairs have one of ours."""
        counts: dict[str, Counter[str]] = {}
        for row, column in self._pairs.items():
            one, other = (_segments(each.path) for each in (self._ours[row], self._theirs[column]))
            if len(one) == len(other):
                for first, second in zip(one, other, strict=True):
                    counts.setdefault(first, Counter())[second] += 1
        return {first: found.most_common(1)[0][0] for first, found in counts.items()}

    def _score(self, row: int, column: int, segments: Mapping[str, str]) -> float:
        one, other = self._ours[row], self._theirs[column]
        found = self._likeness[row][column]
        if found == 0:
            return 0.0
        for pair_row, pair_column in self._pairs.items():
            mate, other_mate = self._ours[pair_row], self._theirs[pair_column]
            if mate.path == one.path and other_mate.path == other.path:
                found += NEIGHBOUR
            elif _above(mate.path, one.path) and _above(other_mate.path, other.path):
                found += NEIGHBOUR / 2
        mine, others = _segments(one.path), _segments(other.path)
        known = [segments[each] for each in mine if each in segments]
        if known and len(mine) == len(others):
            found += NEIGHBOUR * sum(each in others for each in known) / len(known)
        return found

    def _candidates(self, row: int, taken: set[int]) -> Iterator[int]:
        likely = sorted(range(len(self._theirs)), key=lambda column: -self._likeness[row][column])
        free = [column for column in likely if column not in taken and self._likeness[row][column] > 0]
        yield from free[:3]


def _two_best(scores: dict[int, float]) -> tuple[int | None, float]:
    """Return the column with the best score, and the second best score."""
    ranked: Sequence[tuple[int, float]] = sorted(scores.items(), key=lambda pair: -pair[1])[:2]
    if not ranked:
        return None, 0.0
    return ranked[0][0], ranked[1][1] if len(ranked) > 1 else 0.0


def _segments(path: str) -> list[str]:
    """Return the segments of a path, each parameter as ``{}``."""
    return TEMPLATE.sub("{}", path).split("/")[1:]


def _above(path: str, other: str) -> bool:
    """Return whether a path is the collection of another one's item, or the item itself."""
    return other.startswith(f"{path}/") and other.count("/") - path.count("/") == 1

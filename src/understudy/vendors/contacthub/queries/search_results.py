"""Results of a search: their number and one page, with memory bounded by the end of the page."""

from collections.abc import Callable, Generator, Sequence

from understudy.core.json_types import Json
from understudy.state.collection import Collection
from understudy.vendors.contacthub.paging import SEARCH_CAP, page_info
from understudy.vendors.contacthub.queries.sorting import Found, SortOrder, sort_found

CHUNK = 200
"""Number of rows read in one step: a few milliseconds with the largest rows."""
LEAST_SLACK = 1000
"""Minimum surplus of collected results before they are sorted and cut to the end of the page."""


class SearchResults:
    """Collector of the ids of matching rows, in a sort order or else in the order in which they are added."""

    __slots__ = ("_found", "_number", "_order", "_size", "_start", "_stop", "total")

    def __init__(self, order: SortOrder, size: int, number: int) -> None:
        self.total = 0
        self._order, self._size, self._number = order, size, number
        self._start = min(number * size, SEARCH_CAP)
        self._stop = min(self._start + size, SEARCH_CAP)
        self._found: list[Found] = []

    @property
    def bounds(self) -> tuple[int, int]:
        """Start and stop of the page in the sorted results, counted from 0; stop is exclusive."""
        return self._start, self._stop

    def add(self, key: str, row: Json) -> None:
        """Add a matching row."""
        self.total += 1
        if self._order:
            self._found.append((key, tuple(each.rank(row) for each in self._order)))
            if len(self._found) > self._stop + max(self._stop, LEAST_SLACK):
                self._sort()
        elif self.total <= self._stop:
            self._found.append((key, ()))

    def keys(self) -> list[str]:
        """Return the ids on the page."""
        self._sort()
        return [key for key, _ in self._found[self._start :]]

    def page(self, elements: list[Json], unfiltered: int) -> Json:
        """Return the response body; ``unfiltered`` is the number of elements before the filters."""
        info = page_info(self.total, self._size, self._number, unfiltered, is_search=True)
        return {"elements": elements, "page": info}

    def _sort(self) -> None:
        sort_found(self._found, self._order)
        del self._found[self._stop :]


def scan(
    rows: Collection,
    keys: Sequence[str],
    texts: Sequence[str],
    matches: Callable[[Json], bool],
    results: SearchResults,
) -> Generator[None, None, None]:
    """Add the rows that match to the results, in the order of ``keys``, in steps of ``CHUNK`` rows.

    If there are ``texts``, rows without any of them are skipped unparsed.
    """
    for start in range(0, len(keys), CHUNK):
        if start:
            yield
        for row in rows.read(keys[start : start + CHUNK], texts):
            if matches(row):
                results.add(row["id"], row)

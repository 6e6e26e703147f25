"""What a search finds: how many, and the page that is asked for, with no more in memory than that page needs."""

from collections.abc import Callable, Generator, Sequence

from understudy.core.json_types import Json
from understudy.state.collection import Collection
from understudy.vendors.contacthub.paging import SEARCH_CAP, page_info
from understudy.vendors.contacthub.queries.sorting import Found, SortOrder, sort_found

CHUNK = 200
"""Rows read at a stretch: a few milliseconds with the largest."""
LEAST_SLACK = 1000
"""How many more than needed are gathered at least, before they are sorted and the last dropped."""


class SearchResults:
    """Gathers the ids of what matches; in the order of coming if there is no other."""

    __slots__ = ("_found", "_number", "_order", "_size", "_start", "_stop", "total")

    def __init__(self, order: SortOrder, size: int, number: int) -> None:
        self.total = 0
        self._order, self._size, self._number = order, size, number
        self._start = min(number * size, SEARCH_CAP)
        self._stop = min(self._start + size, SEARCH_CAP)
        self._found: list[Found] = []

    @property
    def stretch(self) -> tuple[int, int]:
        """Which elements, counted from 0 in the final order, are on the page: from the one to before the other."""
        return self._start, self._stop

    def take(self, key: str, row: Json) -> None:
        """Take what matches."""
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
        """Return the page, as searches are answered; ``unfiltered`` is how many there are before the filters."""
        info = page_info(self.total, self._size, self._number, is_search=True)
        return {"elements": elements, "page": info | {"totalUnfilteredElements": unfiltered}}

    def _sort(self) -> None:
        sort_found(self._found, self._order)
        del self._found[self._stop :]


def scan(
    rows: Collection,
    keys: Sequence[str],
    texts: Sequence[str],
    matches: Callable[[Json], bool],
    findings: SearchResults,
) -> Generator[None, None, None]:
    """Go through rows in the order of their keys and gather those that match; let others have their turn meanwhile.

    Only rows with one of ``texts`` are looked at, if there are any.
    """
    for start in range(0, len(keys), CHUNK):
        if start:
            yield
        for row in rows.read(keys[start : start + CHUNK], texts):
            if matches(row):
                findings.take(row["id"], row)

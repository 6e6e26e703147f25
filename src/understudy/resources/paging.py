"""Pages of a list: which part of the records a request asks for, and what the answer shows of the rest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from understudy.contract.compiled_operations import Operation
from understudy.core.request_facts import RequestFacts
from understudy.resources.resource import plain

LIMITS = (
    "limit",
    "perpage",
    "pagesize",
    "size",
    "count",
    "maxresults",
    "maxitems",
    "first",
    "top",
    "rows",
    "take",
    "max",
    "resultsperpage",
    "itemsperpage",
    "pagelimit",
    "pagelength",
    "pagesizelimit",
    "numresults",
)
OFFSETS = ("offset", "skip", "start", "startindex", "from", "startat", "pageoffset", "firstresult")
NUMBERS = ("page", "pagenumber", "pageno", "pageindex", "currentpage", "p")
CURSORS = (
    "cursor",
    "after",
    "startingafter",
    "pagetoken",
    "nexttoken",
    "nextpagetoken",
    "continuationtoken",
    "marker",
    "pagecursor",
    "nextcursor",
    "continuation",
    "bookmark",
    "startafter",
    "pageafter",
    "token",
)
BEFORE = ("endingbefore", "before")
USUAL_SIZE = 20
MAX_SIZE = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list: its records' start and end among all, and the size of a page."""

    start: int
    stop: int
    size: int
    total: int

    @property
    def has_more(self) -> bool:
        """Return whether records follow."""
        return self.stop < self.total


@dataclass(frozen=True, slots=True)
class DescribedPage:
    """Page with the cursor and the address of the page after it, both empty on the last one."""

    page: Page
    cursor: str
    url: str

    def headers(self, operation: Operation, status: int) -> dict[str, str]:
        """Return the header ``Link`` (RFC 8288), if it is declared and a page follows."""
        response = operation.response(status)
        is_declared = response is not None and any(each.name.lower() == "link" for each in response.headers)
        return {"Link": f'<{self.url}>; rel="next"'} if is_declared and self.url else {}


class Paging:
    """Paging of one list by its declared parameters."""

    def __init__(self, operation: Operation) -> None:
        named = {plain(each.name.split(".")[-1]): each for each in operation.parameters if each.where == "query"}
        self._limit = next((named[name] for name in LIMITS if name in named), None)
        self._offset = next((named[name] for name in OFFSETS if name in named), None)
        self._number = next((named[name] for name in NUMBERS if name in named), None)
        self._cursor = next((named[name] for name in CURSORS if name in named), None)
        self._before = next((named[name] for name in BEFORE if name in named), None)
        found = (self._limit, self._offset, self._number, self._cursor, self._before)
        self.names = frozenset(each.argument for each in found if each is not None)
        """Arguments that choose a page, and are no filters."""

    def page(self, keys: Sequence[str], arguments: Mapping[str, Any]) -> Page:
        """Return the page of a list of keys that a request asks for."""
        size = self._size(arguments)
        start = 0
        if self._cursor is not None and isinstance(cursor := arguments.get(self._cursor.argument), str) and cursor:
            start = self._after(keys, cursor)
        elif self._before is not None and arguments.get(self._before.argument) in keys:
            start = max(keys.index(arguments[self._before.argument]) - size, 0)
        elif self._offset is not None and isinstance(offset := arguments.get(self._offset.argument), int):
            start = max(offset, 0)
        elif self._number is not None and isinstance(number := arguments.get(self._number.argument), int):
            first = self._number.validator.is_valid(0) and self._number.default == 0
            start = max(number - (0 if first else 1), 0) * size
        return Page(start, min(start + size, len(keys)), size, len(keys))

    def _size(self, arguments: Mapping[str, Any]) -> int:
        value = None if self._limit is None else arguments.get(self._limit.argument)
        if isinstance(value, str) and value.isdigit():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return max(min(value, MAX_SIZE), 0)
        has_pages = self._number is not None or self._cursor is not None or self._offset is not None
        return USUAL_SIZE if has_pages else MAX_SIZE

    @staticmethod
    def _after(keys: Sequence[str], cursor: str) -> int:
        if cursor in keys:
            return keys.index(cursor) + 1
        return int(cursor) if cursor.isdigit() else 0

    def described_page(
        self, page: Page, last_key: str, request: RequestFacts, address: Callable[[], str]
    ) -> "DescribedPage":
        """Return what an answer shows of a page: the cursor and the address of the page after it."""
        cursor = last_key if self.takes_key and last_key else str(page.stop)
        changes: dict[str, str] = {}
        if self._cursor is not None:
            changes[self._cursor.name] = cursor
        elif self._offset is not None and (self._number is None or self._offset.name in request.query):
            changes[self._offset.name] = str(page.stop)
        elif self._number is not None and page.size:
            first = 0 if self._number.validator.is_valid(0) and self._number.default == 0 else 1
            cursor = str(page.stop // page.size + first)
            changes[self._number.name] = cursor
        query = {
            **{name: list(values) for name, values in request.query.items()},
            **{k: [v] for k, v in changes.items()},
        }
        has_next = page.has_more and bool(changes) and page.size > 0
        url = f"{address()}?{urlencode(query, doseq=True)}" if has_next else ""
        return DescribedPage(page, cursor if has_next else "", url)

    @property
    def takes_key(self) -> bool:
        """Return whether a page's cursor is the id of the last record before it."""
        return self._cursor is not None and plain(self._cursor.name) in (
            "startingafter",
            "after",
            "startafter",
            "marker",
        )


TOTALS = (
    "total",
    "totalcount",
    "totalitems",
    "totalresults",
    "totalelements",
    "totalrecords",
    "totalsize",
    "numfound",
    "totalhits",
)
COUNTS = ("count", "resultcount", "returned", "size")
MORE = ("hasmore", "more", "hasnext", "hasnextpage", "morerecords", "truncated", "istruncated", "hasmoreitems")
NEXT = (
    "nextcursor",
    "nextpagetoken",
    "nexttoken",
    "cursor",
    "next",
    "nextpage",
    "after",
    "continuationtoken",
    "nextmarker",
    "endcursor",
    "nextpageuri",
    "nexturl",
    "nextlink",
)
PREVIOUS = (
    "previous",
    "prev",
    "previouspage",
    "previouscursor",
    "prevcursor",
    "before",
    "previouspageuri",
    "prevpage",
    "previousurl",
)
SIZES = ("limit", "perpage", "pagesize", "itemsperpage", "resultsperpage")
PAGE_COUNTS = ("pages", "totalpages", "pagecount", "numpages", "lastpage")
MAX_DEPTH = 3
LEFT_OUT = object()
"""Mark of a member that an answer leaves out."""


def described_forms(body: Any, place: Sequence[str], page: DescribedPage) -> Iterator[Any]:
    """Yield a list's answers whose counts, flags and cursors describe a page; the records themselves stay.

    They differ in what stands for the next page where there is none: null, an empty text, or nothing.
    """
    for nothing in (None, "", LEFT_OUT):
        yield _described(body, place, page, nothing, 0)


def _described(body: Any, place: Sequence[str], page: DescribedPage, nothing: Any, depth: int) -> Any:
    if not isinstance(body, Mapping) or depth > MAX_DEPTH:
        return body
    made = {}
    for name, value in body.items():
        if tuple(place) == (name,):
            made[name] = value
        elif isinstance(value, Mapping):
            rest = place[1:] if place[:1] == (name,) else ()
            made[name] = _described(value, rest, page, nothing, depth + 1)
        else:
            made[name] = _described_field(plain(name), value, page, nothing)
    return {name: value for name, value in made.items() if value is not LEFT_OUT}


def _described_field(name: str, value: Any, described: DescribedPage, nothing: Any) -> Any:
    page = described.page
    if isinstance(value, bool):
        return page.has_more if name in MORE else value
    if isinstance(value, int):
        if name in NEXT:
            return int(described.cursor) if described.cursor.isdigit() else nothing
        return _counts(page).get(name, value)
    if isinstance(value, str) and name in NEXT:
        is_address = value.startswith(("http", "/"))
        return (described.url if is_address else described.cursor) or nothing
    if isinstance(value, str) and name in PREVIOUS and page.start == 0:
        return nothing
    return value


def _counts(page: Page) -> dict[str, int]:
    """Return the numbers that describe a page, by the names of their members."""
    return {
        **dict.fromkeys(TOTALS, page.total),
        **dict.fromkeys(COUNTS, max(page.stop - page.start, 0)),
        **dict.fromkeys(SIZES, page.size),
        **dict.fromkeys(PAGE_COUNTS, -(-page.total // page.size) if page.size else 0),
        **dict.fromkeys(OFFSETS, page.start),
        **dict.fromkeys(NUMBERS, page.start // page.size + 1 if page.size else 1),
    }

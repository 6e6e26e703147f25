"""Pages of lists."""

from collections.abc import Sequence
from typing import Any

from understudy.core.json_types import Json

MIN_WHOLE_PAGE_SIZE = 50
"""Smallest ``size`` reported for a list that is always on one page; taken from the samples on the vendor's page."""
SEARCH_CAP = 10_000
"""Number of elements of a search that paging reaches (the vendor's page: "maximum number of matched elements")."""


def page_of(elements: Sequence[Any], size: int, number: int, unfiltered: int | None = None) -> Json:
    """Return a page of the elements with its page information; a page past the last is empty.

    ``unfiltered`` is the number of elements before the filters, by default that of ``elements``.
    """
    return {
        "elements": list(elements[number * size : (number + 1) * size]),
        "page": page_info(len(elements), size, number, unfiltered),
    }


def whole_page(elements: Sequence[Any], unfiltered: int | None = None) -> Json:
    """Return all elements on one page, for lists without a page number."""
    return page_of(elements, max(len(elements), MIN_WHOLE_PAGE_SIZE), 0, unfiltered)


def page_info(total: int, size: int, number: int, unfiltered: int | None = None, *, is_search: bool = False) -> Json:
    """Return the page information of a list of ``total`` elements, ``unfiltered`` before the filters.

    That of a search has the limits of paging, too: the greatest number of elements, and the pages that they fill.
    """
    info = {
        "size": size,
        "totalElements": total,
        "totalUnfilteredElements": total if unfiltered is None else unfiltered,
        "totalPages": -(-total // size) if size else 0,
        "number": number,
    }
    if is_search:
        info |= {"maxElements": SEARCH_CAP, "maxPages": -(-SEARCH_CAP // size) if size else 0}
    return info

"""Pages of lists."""

from collections.abc import Sequence
from typing import Any

from understudy.core.json_types import Json

MIN_WHOLE_PAGE_SIZE = 50
"""Smallest ``size`` reported for a list that is always on one page; taken from the samples on the vendor's page."""
SEARCH_CAP = 10_000
"""Number of elements of a search that paging reaches (the vendor's page: "maximum number of matched elements")."""


def page_of(elements: Sequence[Any], size: int, number: int) -> Json:
    """Return a page of the elements with its page information; a page past the last is empty."""
    return {
        "elements": list(elements[number * size : (number + 1) * size]),
        "page": page_info(len(elements), size, number),
    }


def whole_page(elements: Sequence[Any]) -> Json:
    """Return all elements on one page, for lists without a page number."""
    return page_of(elements, max(len(elements), MIN_WHOLE_PAGE_SIZE), 0)


def page_info(total: int, size: int, number: int, *, is_search: bool = False) -> Json:
    """Return the page information of a list of ``total`` elements; that of a search has the limit of paging, too."""
    info = {
        "size": size,
        "totalElements": total,
        "totalUnfilteredElements": total,
        "totalPages": -(-total // size) if size else 0,
        "number": number,
    }
    if is_search:
        reachable = min(total, SEARCH_CAP)
        info |= {"maxElements": SEARCH_CAP, "maxPages": -(-reachable // size) if size else 0}
    return info

"""Lists, a page at a time."""

from collections.abc import Sequence
from typing import Any

from understudy.core.json_types import Json

WHOLE = 50
"""The size that a list on one page says, as long as it holds (the page's samples)."""
SEARCH_CAP = 10_000
"""How many elements the paging of a search reaches (the page: "maximum number of matched elements")."""


def page_of(elements: Sequence[Any], size: int, number: int) -> Json:
    """Return one page of all the elements, as lists are answered; a page past the last is empty."""
    return {
        "elements": list(elements[number * size : (number + 1) * size]),
        "page": page_info(len(elements), size, number),
    }


def whole_page(elements: Sequence[Any]) -> Json:
    """Return all the elements as the one page of a list that takes no page number."""
    return page_of(elements, max(len(elements), WHOLE), 0)


def page_info(total: int, size: int, number: int, *, is_search: bool = False) -> Json:
    """Return where a page stands among ``total`` elements; a search says how far paging reaches, too."""
    info = {
        "size": size,
        "totalElements": total,
        "totalUnfilteredElements": total,
        "totalPages": -(-total // size) if size else 0,
        "number": number,
    }
    if is_search:
        reached = min(total, SEARCH_CAP)
        info |= {"maxElements": SEARCH_CAP, "maxPages": -(-reached // size) if size else 0}
    return info

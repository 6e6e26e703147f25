"""Page information at its edges: empty, full and nearly full last pages, and the cap of a search."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from tests.contract.conftest import found
from tests.contract.test_bounds_of_parameters import accepted_request
from tests.control.conftest import Steering
from tests.control.conftest import steering as steering  # noqa: PLC0414 - a fixture of another folder
from understudy.contract.compiled_operations import Operation
from understudy.vendors.contacthub.paging import page_info, page_of, whole_page

SERVED = found()["contacthub"]
LISTS = [each for each in SERVED.operations if {"page", "size"} <= {parameter.name for parameter in each.parameters}]


def elements(steering: Steering, operation: Operation, page: int, size: int) -> tuple[list[Any], dict[str, Any]]:
    """Return the elements of a page of a list, and its page information."""
    request = accepted_request(SERVED, operation)
    assert request
    path, _, query = request.target.partition("?")
    required = {parameter.name for parameter in operation.parameters if parameter.is_required}
    asked = {name: each for name, each in parse_qsl(query) if name in required}
    target = f"{path}?{urlencode({**asked, 'page': page, 'size': size})}"
    answer = steering.call_vendor("contacthub", "GET", target, **request.headers)
    assert answer.status == 200, answer.body
    return answer.json["elements"], answer.json["page"]


def test_the_lists_are_found() -> None:
    assert len(LISTS) >= 8


@pytest.mark.parametrize("operation", LISTS, ids=lambda operation: operation.id)
def test_a_list_is_whole_at_every_size_of_its_pages(steering: Steering, operation: Operation) -> None:
    total = elements(steering, operation, 0, 1)[1]["totalElements"]
    whole = [each for page in range(-(-total // 50)) for each in elements(steering, operation, page, 50)[0]]
    assert len(whole) == total
    assert total > 0 or operation.id == "list_entry_customers"  # its example is of a customer without members

    for size in {max(min(each, 50), 1) for each in (total - 1, total, total + 1)}:
        count = max(-(-total // size), 1)
        last, info = elements(steering, operation, count - 1, size)
        assert last == whole[(count - 1) * size :]
        assert (info["totalPages"], info["number"], info["size"]) == (-(-total // size), count - 1, size)
        assert elements(steering, operation, count, size)[0] == []


@pytest.mark.parametrize("operation", LISTS, ids=lambda operation: operation.id)
def test_a_page_of_no_elements_has_their_number(steering: Steering, operation: Operation) -> None:
    found, info = elements(steering, operation, 0, 0)

    assert found == []
    assert (info["totalPages"], info["totalElements"]) == (0, elements(steering, operation, 0, 1)[1]["totalElements"])


@pytest.mark.parametrize(
    ("total", "size", "pages"),
    [(0, 10, 0), (1, 10, 1), (9, 10, 1), (10, 10, 1), (11, 10, 2), (20, 10, 2), (21, 10, 3), (3, 1, 3), (5, 0, 0)],
)
def test_a_full_last_page_is_the_last(total: int, size: int, pages: int) -> None:
    assert page_info(total, size, 0)["totalPages"] == pages
    found = [page_of(range(total), size, number)["elements"] for number in range(pages + 1)]
    assert [element for page in found for element in page] == list(range(total if size else 0))
    assert [len(page) for page in found] == [min(size, total - number * size) for number in range(pages)] + [0]


@pytest.mark.parametrize(
    ("total", "size", "pages"),
    [
        (9_999, 50, 200), (10_000, 50, 200), (10_001, 50, 200), (50_000, 50, 200), (9_950, 50, 200),
        (10_000, 1, 10_000), (10_001, 1, 10_000), (9_999, 1, 10_000), (10_000, 49, 205), (10_001, 49, 205),
        (0, 50, 200), (10_001, 0, 0),
    ],
)  # fmt: skip
def test_a_search_shows_the_pages_of_its_cap_however_many_there_are(total: int, size: int, pages: int) -> None:
    info = page_info(total, size, 0, is_search=True)

    assert (info["maxElements"], info["maxPages"]) == (10_000, pages)
    assert info["totalElements"] == total
    assert info["totalPages"] == (-(-total // size) if size else 0)


def test_a_list_that_is_no_search_has_no_cap() -> None:
    assert page_info(10_001, 50, 0).keys() == {
        "size", "totalElements", "totalUnfilteredElements", "totalPages", "number",
    }  # fmt: skip


@pytest.mark.parametrize(("total", "size"), [(0, 50), (1, 50), (49, 50), (50, 50), (51, 51), (120, 120)])
def test_a_whole_page_is_one_page_of_at_least_fifty(total: int, size: int) -> None:
    page = whole_page(range(total))

    assert len(page["elements"]) == total
    assert (page["page"]["size"], page["page"]["totalPages"]) == (size, min(total, 1))

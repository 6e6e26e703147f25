"""Filters of the list of purchases: each honoured, together and at their bounds; unknown parameters are refused."""

from typing import Any

import pytest

from tests.control.conftest import Steering
from tests.control.conftest import steering as steering  # noqa: PLC0414 - a fixture of another folder
from tests.vendors.crmcom.conftest import MEMBER, Buy, listed
from understudy.state.vendor_state import VendorState

NEWCOMER = "00000000-0000-4000-8000-00000000a002"
IN_STORE, ONLINE = "00000000-0000-4000-8000-00000000d001", "00000000-0000-4000-8000-00000000d002"


def ids(state: VendorState, **query: Any) -> list[str]:
    found = listed(state, **{"size": 100, **query})
    assert found["paging"]["total"] == len(found["content"])
    return [each["id"] for each in found["content"]]


@pytest.fixture
def three(state: VendorState, buy: Buy) -> list[str]:
    """Ids of three purchases, the only ones: at 100, 200 and 300 seconds, the last one online and of a newcomer."""
    state.collection("purchases").clear()
    return [
        buy(id="first", reference_number="F-1", performed_on=100, classification={"code": "IN-STORE"}),
        buy(id="second", reference_number="F-2", performed_on=200),
        buy(
            id="third",
            reference_number="F-3",
            performed_on=300,
            classification={"code": "ONLINE"},
            contact_id=NEWCOMER,
        ),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["third", "second", "first"]),
        ({"contact_id": MEMBER}, ["second", "first"]),
        ({"contact_id": NEWCOMER}, ["third"]),
        ({"contact_id": "nobody"}, []),
        ({"classification_id": IN_STORE}, ["first"]),
        ({"classification_id": "none"}, []),
        ({"from_date": 200}, ["third", "second"]),
        ({"from_date": 201}, ["third"]),
        ({"to_date": 200}, ["second", "first"]),
        ({"to_date": 199}, ["first"]),
        ({"from_date": 0}, ["third", "second", "first"]),
        ({"to_date": 0}, []),
        ({"from_date": 200, "to_date": 200}, ["second"]),
        ({"from_date": 201, "to_date": 200}, []),
        ({"contact_id": MEMBER, "from_date": 200}, ["second"]),
        ({"contact_id": MEMBER, "classification_id": ONLINE}, []),
        ({"contact_id": NEWCOMER, "classification_id": ONLINE, "from_date": 300, "to_date": 300}, ["third"]),
    ],
)
@pytest.mark.usefixtures("three")
def test_a_list_has_the_purchases_that_fit_every_filter(
    state: VendorState, query: dict[str, Any], found: list[str]
) -> None:
    assert ids(state, **query) == found


@pytest.mark.usefixtures("three")
def test_pages_are_of_what_the_filters_leave(state: VendorState) -> None:
    pages = [listed(state, contact_id=MEMBER, from_date=0, page=page, size=1) for page in (1, 2, 3)]

    assert [[each["id"] for each in page["content"]] for page in pages] == [["second"], ["first"], []]
    assert [page["paging"]["total"] for page in pages] == [2, 2, 2]
    assert [page["paging"]["has_more"] for page in pages] == [True, False, False]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("contactid=x", "contactid"),
        ("contact_id=x&state=POSTED", "state"),
        ("Size=5", "Size"),
        ("page=1&sise=2", "sise"),
    ],
)
def test_an_unknown_parameter_is_refused(steering: Steering, query: str, name: str) -> None:
    answer = steering.call_vendor("crmcom", "GET", f"/purchases?{query}")

    assert (answer.status, answer.json["error"]) == (400, "CRM.EXCEPTIONS.INVALIDREQUESTEXCEPTION")
    assert f"{name!r}" in answer.json["description"]


@pytest.mark.parametrize(
    "query", ["from_date=x", "from_date=-1", "to_date=1.5", "from_date=2026-01-31", "contact_id=a&contact_id=b"]
)
def test_a_filter_of_another_form_is_refused(steering: Steering, query: str) -> None:
    assert steering.call_vendor("crmcom", "GET", f"/purchases?{query}").status == 400


def test_a_filter_over_http_leaves_only_what_fits(steering: Steering) -> None:
    answer = steering.call_vendor("crmcom", "GET", f"/purchases?contact_id={MEMBER}&to_date=1750000000&from_date=")

    assert [each["reference_number"] for each in answer.json["content"]] == ["RECEIPT-1001"]

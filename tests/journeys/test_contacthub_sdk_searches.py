"""Searches with the vendor's own Python client: pages, queries, and the errors that it raises.

The client is described in ``test_contacthub_sdk.py``.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from contacthub import Node, Workspace
from contacthub.errors.api_error import APIError
from contacthub.errors.operation_not_permitted import OperationNotPermitted
from contacthub.models import Customer
from contacthub.models.query import between_, in_, not_in_

MORNING = datetime(2026, 1, 31, 9, tzinfo=UTC)
LOGREF = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
def node(stand_in: Any) -> Node:
    known = stand_in.credentials("contacthub")
    workspace = Workspace(known["workspace"], known["token"], base_url=f"{known['base_url']}/workspaces")
    return workspace.get_node(known["node"])


@pytest.fixture
def customer(node: Node) -> Customer:
    return node.add_customer(externalId="sdk-1", base={"firstName": "Sam", "contacts": {"email": "sam@example.com"}})


# Pages.


def test_pages_are_turned_forth_and_back(node: Node, customer: Customer) -> None:
    for number in range(5):
        node.add_event(
            customerId=customer.id,
            type="viewedPage",
            context="WEB",
            properties={"title": str(number)},
            date=MORNING.replace(minute=number),
        )

    events = node.get_events(customer.id, size=2)
    seen = [[event.properties.title for event in events]]
    seen += [[event.properties.title for event in events.next_page()] for _ in range(2)]

    assert seen == [["4", "3"], ["2", "1"], ["0"]]
    assert (events.size, events.page_number, events.total_pages, events.total_elements) == (2, 2, 3, 5)
    with pytest.raises(OperationNotPermitted, match="Last page"):
        events.next_page()
    assert [event.properties.title for event in events.previous_page()] == ["2", "1"]


def test_all_customers_of_a_node_are_read_page_by_page(node: Node) -> None:
    customers = node.get_customers(size=50)
    ids = {found.id for found in customers}
    while customers.page_number < customers.total_pages - 1:
        ids |= {found.id for found in customers.next_page()}

    assert len(ids) == customers.total_elements == customers.total_unfiltered_elements > 50


def test_customers_show_the_asked_fields_only(node: Node, customer: Customer) -> None:
    [found] = node.get_customers(external_id="sdk-1", fields=["base.firstName", "externalId"])

    assert (found.id, found.externalId, found.base.firstName) == (customer.id, "sdk-1", "Sam")
    assert found.base.contacts is None


# Queries.


@pytest.fixture
def people(node: Node) -> Node:
    """Four customers with different last names; one has no day of birth, another no tags."""
    for name, dob, tags in (
        ("Ash", date(1970, 1, 1), ["swims", "reads"]),
        ("Bo", date(1980, 1, 1), ["reads"]),
        ("Cam", date(1990, 1, 1), []),
        ("Dee", None, ["swims"]),
    ):
        base = {"firstName": name, "lastName": "Asked", "dob": dob, "contacts": {"email": f"{name}@example.com"}}
        node.add_customer(base=base, tags={"manual": tags})
    return node


def named(found: list[Any]) -> str:
    return " ".join(sorted(customer.base.firstName for customer in found))


NAME, DOB, TAGS = Customer.base.firstName, Customer.base.dob, Customer.tags.manual
IN_1980 = date(1980, 1, 1)


@pytest.mark.parametrize(
    ("criterion", "found"),
    [
        (NAME == "Ash", "Ash"),
        (NAME != "Ash", "Bo Cam Dee"),
        (DOB > IN_1980, "Cam"),
        (DOB >= IN_1980, "Bo Cam"),
        (DOB < IN_1980, "Ash"),
        (DOB <= IN_1980, "Ash Bo"),
        (DOB == None, "Dee"),  # noqa: E711 - the client makes IS_NULL of it
        (DOB != None, "Ash Bo Cam"),  # noqa: E711 - and IS_NOT_NULL
        (between_(DOB, date(1975, 1, 1), date(1985, 1, 1)), "Bo"),
        (in_("swims", TAGS), "Ash Dee"),
        (in_(["Ash", "Cam"], NAME), "Ash Cam"),
        (not_in_(["swims"], TAGS), "Bo Cam"),
        (Customer.registeredAt > MORNING, "Ash Bo Cam Dee"),
        (Customer.registeredAt < MORNING, ""),
        ((NAME == "Ash") | (NAME == "Bo"), "Ash Bo"),
        ((NAME != "Ash") & (DOB <= IN_1980), "Bo"),
        (((NAME == "Ash") | (NAME == "Bo")) & in_("swims", TAGS), "Ash"),
        ((DOB == None) | ((DOB > IN_1980) & (NAME != "Dee")), "Cam Dee"),  # noqa: E711 - as above
    ],
    ids=[
        *"equals not_equals gt gte lt lte is_null is_not_null between in in_list not_in time_gt time_lt".split(),
        *"or and and_of_or or_of_and".split(),
    ],
)
def test_a_query_finds_those_that_its_criterion_holds_for(people: Node, criterion: Any, found: str) -> None:
    asked = people.query(Customer).filter(Customer.base.lastName == "Asked")

    assert named(asked.filter(criterion).all()) == found


def test_queries_are_intersected_and_united(people: Node) -> None:
    asked = people.query(Customer).filter(Customer.base.lastName == "Asked")
    ash, swimmers, old = (asked.filter(each) for each in (NAME == "Ash", in_("swims", TAGS), DOB <= IN_1980))

    assert named((swimmers & old).all()) == "Ash"
    assert named((swimmers | old).all()) == "Ash Bo Dee"
    assert named((ash | swimmers | old).all()) == "Ash Bo Dee"
    assert named(((swimmers | old) & (ash | swimmers)).all()) == "Ash Dee"


def test_a_query_without_a_filter_finds_everybody(node: Node) -> None:
    assert node.query(Customer).all().total_elements == node.get_customers().total_elements


def test_a_query_is_paged(node: Node) -> None:
    for number in range(12):
        node.add_customer(base={"lastName": "Paged", "contacts": {"email": f"paged-{number}@example.com"}})

    found = node.query(Customer).filter(Customer.base.lastName == "Paged").all()

    assert (len(found), found.size, found.total_elements, found.total_pages) == (10, 10, 12, 2)
    assert found.total_unfiltered_elements > 12
    assert len(found.next_page()) == 2


# Errors.


@pytest.mark.parametrize(
    ("fail", "status", "message", "errors"),
    [
        (lambda node: node.get_customer(id="123"), 404, "customer not found 123", r"\[\]"),
        (lambda node: node.add_customer(base={}), 400, "source customer is not valid", r"\[\{.*'path': '/base.*\}\]"),
        (
            lambda node: node.add_event(type="viewedPage", context="WEB", properties={}),
            400,
            "the event is not valid",
            r"\[\{.+\}\]",
        ),
        (lambda node: node.workspace.get_node("none").get_customers(), 404, "node not found none", r"\[\]"),
        (
            lambda node: Workspace("none", node.workspace.token, node.workspace.base_url).get_node("x").get_customers(),
            403,
            "workspace not found: none",
            r"\[\]",
        ),
        (
            lambda node: (
                Workspace(node.workspace.workspace_id, "x", node.workspace.base_url).get_node("x").get_customers()
            ),
            401,
            "The client is not authorized to access the API",
            r"\[\]",
        ),
        (lambda node: node.query(Customer).filter(NAME == "").all(), 400, "query is not valid", r"\[\{.+\}\]"),
    ],
    ids="customer invalid_customer invalid_event node workspace token value_lost_by_the_client".split(),
)
def test_an_error_has_every_value_of_the_vendors_envelope(
    node: Node, fail: Callable[[Node], object], status: int, message: str, errors: str
) -> None:
    with pytest.raises(APIError) as raised:
        fail(node)

    expected = f"Status code: {status}. Message: {message}.*. Errors: {errors}. Data: None. Logref: {LOGREF}"
    assert re.fullmatch(expected, str(raised.value))


def test_a_patch_that_makes_two_customers_equal_names_the_other(node: Node, customer: Customer) -> None:
    other = node.add_customer(base={"contacts": {"email": "other@example.com"}})
    other.base.contacts.email = "sam@example.com"

    with pytest.raises(APIError, match=r"Status code: 409\. Message: Conflict with exiting customer") as raised:
        other.patch()

    assert customer.id in str(raised.value)

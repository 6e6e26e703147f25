"""Programs written with the vendor's own Python client, unchanged but for base URL and token.

The client is ``contacthub-sdk-python`` 0.2, its last release. It reads each answer into objects of its own, and raises
a KeyError for an answer that lacks what it reads: all four keys of an error, every number of a page.
"""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from contacthub import Node, Workspace
from contacthub.errors.api_error import APIError
from contacthub.models import Customer, Education, Event, Job, Like, Properties, Subscription

Json = dict[str, Any]

MORNING, NOON, EVENING = (datetime(2026, 1, 31, hour, tzinfo=UTC) for hour in (9, 12, 18))


@pytest.fixture
def known(stand_in: Any) -> Json:
    found: Json = stand_in.credentials("contacthub")
    return found


@pytest.fixture
def node(known: Json) -> Node:
    workspace = Workspace(known["workspace"], known["token"], base_url=f"{known['base_url']}/workspaces")
    return workspace.get_node(known["node"])


@pytest.fixture
def customer(node: Node) -> Customer:
    return node.add_customer(externalId="sdk-1", base={"firstName": "Sam", "contacts": {"email": "sam@example.com"}})


# Workspaces and nodes.


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # the client opens the file and leaves it open
def test_a_workspace_is_read_from_an_ini_file(known: Json, tmp_path: Path) -> None:
    ini = tmp_path / "hub.ini"
    lines = (
        f"workspace_id = {known['workspace']}",
        f"token = {known['token']}",
        f"base_url = {known['base_url']}/workspaces",
    )
    ini.write_text("\n" + "\n".join(lines), encoding="utf-8")

    customers = Workspace.from_ini_file(str(ini)).get_node(known["node"]).get_customers()

    assert len(customers) == 10
    assert {found.nodeId for found in customers} == {known["node"]}


# Customers.


def test_a_customer_is_added_with_objects_dates_and_lists(node: Node) -> None:
    added = node.add_customer(
        externalId="sdk-2",
        base=Properties(
            firstName="Robin",
            dob=date(1990, 5, 17),
            timezone=Customer.TIMEZONES.EUROPE_ROME,
            contacts=Properties(
                email="robin@example.com",
                otherContacts=[Properties(name="desk", type=Customer.OTHER_CONTACT_TYPES.PHONE, value="+390000000002")],
            ),
            address=Properties(city="Example City", geo=Properties(lat=45.5, lon=9.25)),
        ),
        tags={"manual": ["sdk"], "auto": []},
    )

    found = node.get_customer(id=added.id)

    assert found.to_dict() == added.to_dict()
    assert (found.externalId, found.base.dob, found.base.timezone) == ("sdk-2", "1990-05-17", "Europe/Rome")
    assert (found.base.address.geo.lat, found.base.contacts.otherContacts[0].name) == (45.5, "desk")
    assert (found.tags.manual, found.base.jobs, found.base.firstName) == (["sdk"], [], "Robin")


def test_a_customer_object_is_posted_and_found_by_its_external_id(node: Node) -> None:
    Customer(node=node, externalId="sdk-3", base=Properties(contacts=Properties(email="kim@example.com"))).post()

    found = node.get_customer(external_id="sdk-3")

    assert found.base.contacts.email == "kim@example.com"
    assert node.get_customer(external_id="nobody") == []


@pytest.mark.parametrize("is_forced", [False, True])
def test_a_customer_added_again_is_merged_whether_forced_or_not(
    node: Node, customer: Customer, *, is_forced: bool
) -> None:
    again = node.add_customer(
        force_update=is_forced, base={"lastName": "Sample", "contacts": {"email": "sam@example.com"}}
    )

    assert (again.id, again.base.firstName, again.base.lastName) == (customer.id, "Sam", "Sample")


def test_update_customer_patches_or_puts_the_whole(node: Node, customer: Customer) -> None:
    patched = node.update_customer(customer.id, base={"lastName": "Sample"})
    contacts = {"email": "sam@example.com"}
    put = node.update_customer(
        customer.id, full_update=True, nodeId=node.node_id, base={"lastName": "New", "contacts": contacts}
    )

    assert (patched.base.firstName, patched.base.lastName, patched.externalId) == ("Sam", "Sample", "sdk-1")
    assert (put.id, put.base.firstName, put.base.lastName, put.externalId) == (customer.id, "Sam", "New", "sdk-1")


def test_a_patch_sends_what_was_assigned_and_keeps_the_rest(node: Node, customer: Customer) -> None:
    customer.externalId = "sdk-4"
    customer.base.lastName = "Sample"
    customer.base.contacts.phone = "+390000000003"
    customer.patch()

    found = node.get_customer(external_id="sdk-4")

    assert (found.id, found.base.firstName, found.base.lastName) == (customer.id, "Sam", "Sample")
    assert (found.base.contacts.email, found.base.contacts.phone) == ("sam@example.com", "+390000000003")


def test_a_patch_of_a_replaced_object_unsets_what_it_lacks(node: Node, customer: Customer) -> None:
    customer.base = Properties(lastName="Sample", contacts=Properties(email="sam@example.com"))
    customer.patch()

    found = node.get_customer(id=customer.id)

    assert (found.base.firstName, found.base.lastName) == (None, "Sample")
    assert found.base.contacts.email == "sam@example.com"


def test_a_customer_that_was_read_is_put_back(node: Node, customer: Customer) -> None:
    found = node.get_customer(id=customer.id)
    found.base.firstName = "Alex"
    found.put()

    again = node.get_customer(id=customer.id)

    assert (again.base.firstName, again.base.contacts.email, again.externalId) == ("Alex", "sam@example.com", "sdk-1")
    assert again.base.timezone == "Europe/Rome"  # the client's own, in place of none


def test_a_deleted_customer_is_gone(node: Node, customer: Customer) -> None:
    customer.delete()

    with pytest.raises(APIError, match=rf"Status code: 404\. Message: customer not found {customer.id}."):
        node.get_customer(id=customer.id)


def test_a_node_deletes_a_customer_but_stumbles_over_the_empty_answer(node: Node, customer: Customer) -> None:
    """A bug of the client: it parses the body. The clients for Go and .NET require an empty one."""
    with pytest.raises(TypeError, match="must be a mapping, not str"):
        node.delete_customer(**customer.to_dict())

    assert node.get_customer(external_id="sdk-1") == []


def test_tags_are_added_and_removed_one_by_one(node: Node, customer: Customer) -> None:
    node.add_tag(customer.id, "new")
    node.add_tag(customer.id, "sale")
    node.remove_tag(customer.id, "new")

    assert node.get_customer(id=customer.id).tags.manual == ["sale"]
    with pytest.raises(ValueError, match="Tag not in Customer's Tags"):
        node.remove_tag(customer.id, "new")


# What belongs to a customer.

BELONGINGS: list[tuple[type, str, Json, Json]] = [
    (
        Job,
        "job",
        {"companyName": "Example Ltd", "jobTitle": "cook", "startDate": date(2020, 2, 1), "isCurrent": True},
        {"companyName": "Sample Ltd", "isCurrent": False},
    ),
    (
        Like,
        "like",
        {"category": "sport", "name": "rowing", "createdTime": MORNING},
        {"category": "sport", "name": "sculling"},
    ),
    (
        Education,
        "education",
        {"schoolType": Education.SCHOOL_TYPES.COLLEGE, "schoolName": "Example College", "startYear": 2001},
        {"schoolType": Education.SCHOOL_TYPES.OTHER, "schoolName": "Sample School"},
    ),
    (
        Subscription,
        "subscription",
        {
            "name": "letter",
            "kind": Subscription.KINDS.DIGITAL_MESSAGE,
            "subscribed": True,
            "startDate": MORNING,
            "preferences": [{"key": "colour", "value": "red"}],
        },
        {"name": "letter", "kind": Subscription.KINDS.SERVICE, "subscribed": False},
    ),
]


def each(*nouns: str) -> pytest.MarkDecorator:
    """Return the sub-resources with these nouns, by default all."""
    rows = [row for row in BELONGINGS if not nouns or row[1] in nouns]
    return pytest.mark.parametrize(("kind", "noun", "first", "second"), rows, ids=[row[1] for row in rows])


def as_client_sends(sent: Json) -> Json:
    """Return values as the client sends them: days and times as text."""
    texts = {key: f"{value:%Y-%m-%dT%H:%M:%SZ}" for key, value in sent.items() if isinstance(value, datetime)}
    return {key: str(value) if isinstance(value, date) else value for key, value in {**sent, **texts}.items()}


def shown(belonging: Any, sent: Json) -> Json:
    """Return the sent properties of a sub-resource, times without their milliseconds."""
    found = {key: belonging.attributes[key] for key in sent}
    texts = {key: re.sub(r"\.000\+0000$", "Z", value) for key, value in found.items() if isinstance(value, str)}
    return found | texts


@each("job", "like", "education")
def test_a_belonging_is_added_read_updated_and_removed(
    node: Node, customer: Customer, kind: type, noun: str, first: Json, second: Json
) -> None:
    add, update, remove = (getattr(node, f"{verb}_{noun}") for verb in ("add", "update", "remove"))
    get = getattr(node, f"get_customer_{noun}")

    added = add(customer.id, id="b1", **first)
    read = get(customer.id, "b1")
    updated = update(customer.id, "b1", **second)
    [held] = getattr(node.get_customer(id=customer.id).base, f"{noun}s")
    remove(customer.id, "b1")

    assert type(read) is kind
    assert shown(added, first) == shown(read, first) == as_client_sends(first)
    assert shown(updated, second) == shown(held, second) == second
    with pytest.raises(APIError, match=rf"Status code: 404\. Message: {noun} not found b1."):
        get(customer.id, "b1")


@each()
def test_a_belongings_object_posts_puts_and_deletes_itself(
    node: Node, customer: Customer, kind: type, noun: str, first: Json, second: Json
) -> None:
    belonging = kind(customer=customer, id="b2", **first)
    belonging.post()
    for name, value in second.items():
        setattr(belonging, name, value)
    belonging.put()
    read = getattr(node, f"get_customer_{noun}")(customer.id, "b2")
    belonging.delete()

    assert shown(read, first | second) == as_client_sends(first | second)
    assert getattr(node.get_customer(id=customer.id).base, f"{noun}s") == []


def test_a_subscription_is_added_read_and_removed(node: Node, customer: Customer) -> None:
    first = BELONGINGS[-1][2]
    added = node.add_subscription(customer.id, id="b1", **first)
    read = node.get_customer_subscription(customer.id, "b1")
    node.remove_subscription(customer.id, "b1")

    assert shown(added, first) == shown(read, first) == as_client_sends(first)
    assert read.preferences[0].key == "colour"
    assert node.get_customer(id=customer.id).base.subscriptions == []


def test_a_subscription_is_not_updated_without_its_id_in_the_body(node: Node, customer: Customer) -> None:
    """The vendor's page requires it since; the node leaves it out, a subscription that puts itself does not."""
    node.add_subscription(customer.id, id="b1", subscribed=True)

    with pytest.raises(APIError, match=r"Status code: 400\. Message: id is required"):
        node.update_subscription(customer.id, "b1", subscribed=False)


def test_a_belonging_is_changed_in_its_customer_and_patched(node: Node, customer: Customer) -> None:
    for name in ("rowing", "chess"):
        node.add_like(customer.id, id=name, name=name)
    read = node.get_customer(id=customer.id)

    read.base.likes[0].category = "sport"
    read.patch()

    likes = {like.id: like.category for like in node.get_customer(id=customer.id).base.likes}
    assert likes == {"rowing": "sport", "chess": None}


# Events.


def test_every_event_type_of_the_client_is_known_but_two_spelt_otherwise(node: Node, customer: Customer) -> None:
    """The vendor's page writes ``addedWishlist`` and ``removedWishlist``."""
    types = [value for name, value in vars(Event.TYPES).items() if name.isupper()]
    refused = []
    for kind in types:
        try:
            node.get_events(customer.id, event_type=kind)
        except APIError:
            refused.append(kind)

    assert len(types) == 37
    assert refused == ["addedWishList", "removedWishList"]


def test_an_event_of_a_customer_is_added_and_read(node: Node, customer: Customer) -> None:
    page = Properties(title="Home", url="https://shop.example.com/")
    node.add_event(
        customerId=customer.id,
        type=Event.TYPES.VIEWED_PAGE,
        context=Event.CONTEXTS.WEB,
        contextInfo={"client": {"ip": "192.0.2.1"}},
        properties=page,
        date=NOON,
    )

    [listed] = customer.get_events()
    read = node.get_event(listed.id)

    assert read.to_dict().items() >= listed.to_dict().items()
    assert (read.customerId, read.type, read.context) == (customer.id, "viewedPage", "WEB")
    assert (read.date, read.properties.title) == ("2026-01-31T12:00:00.000+0000", "Home")
    assert read.contextInfo.client.ip == "192.0.2.1"


def test_events_of_a_session_become_the_customers(node: Node, customer: Customer) -> None:
    session = node.create_session_id()
    later = Properties(type="SESSION_ID", value=session)
    Event(node=node, type="viewedPage", context="WEB", properties={}, bringBackProperties=later, date=MORNING).post()
    before = list(customer.get_events())

    opened = node.add_customer_session(customer.id, session)
    later = Properties(type="SESSION_ID", value=session, nodeId=node.node_id)
    node.add_event(type="loggedIn", context="WEB", properties={}, bringBackProperties=later, date=NOON)

    assert (before, opened) == ([], session)
    assert [event.type for event in customer.get_events()] == ["loggedIn", "viewedPage"]


def test_an_event_of_an_external_id_makes_its_customer(node: Node) -> None:
    later = Properties(type="EXTERNAL_ID", value="till-7", nodeId=node.node_id)
    node.add_event(
        type=Event.TYPES.COMPLETED_ORDER,
        context=Event.CONTEXTS.RETAIL,
        properties={"orderId": "sdk-order"},
        bringBackProperties=later,
    )

    found = node.get_customer(external_id="till-7")

    assert found.base.firstName is None
    assert [event.properties.orderId for event in found.get_events()] == ["sdk-order"]


@pytest.fixture
def day(node: Node, customer: Customer) -> Customer:
    """A customer with a page view in the morning, an e-mail at noon, and an order in the evening."""
    for kind, context, properties, at in (
        (Event.TYPES.VIEWED_PAGE, Event.CONTEXTS.WEB, {}, MORNING),
        (Event.TYPES.GENERIC_PASSIVE_EVENT, Event.CONTEXTS.OTHER, {"name": "mail"}, NOON),
        (Event.TYPES.COMPLETED_ORDER, Event.CONTEXTS.RETAIL, {"orderId": "sdk-day"}, EVENING),
    ):
        node.add_event(customerId=customer.id, type=kind, context=context, properties=properties, date=at)
    return customer


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["completedOrder", "genericPassiveEvent", "viewedPage"]),
        ({"event_type": Event.TYPES.VIEWED_PAGE}, ["viewedPage"]),
        ({"context": Event.CONTEXTS.RETAIL}, ["completedOrder"]),
        ({"event_mode": Event.MODES.ACTIVE}, ["completedOrder", "viewedPage"]),
        ({"event_mode": Event.MODES.PASSIVE}, ["genericPassiveEvent"]),
        ({"date_from": NOON}, ["completedOrder", "genericPassiveEvent"]),
        ({"date_to": NOON}, ["genericPassiveEvent", "viewedPage"]),
        ({"date_from": "2026-01-31T13:00:00.000+0000", "date_to": "2026-01-31T23:00:00+01:00"}, ["completedOrder"]),
        ({"event_mode": Event.MODES.ACTIVE, "context": Event.CONTEXTS.SOCIAL}, []),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else None,
)
def test_events_are_filtered(node: Node, day: Customer, asked: Json, found: list[str]) -> None:
    assert [event.type for event in node.get_events(day.id, **asked)] == found

"""Rules that several writes of one kind share: each of the writes refuses what breaks the rule, and takes the bound."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.vendors.contacthub.api import Api
from tests.vendors.contacthub.calls import AGGREGATE, CUSTOMER, NO_ONE, NODE, OTHER_NODE, SECOND
from understudy.core.json_types import Json
from understudy.vendors.contacthub.customers.unknown_keys import set_unknown_keys
from understudy.vendors.contacthub.start_data.fixed_ids import EVERYONE, PLANS, SHOP_SYSTEM, USERDB

PERSON = f"/customers/{CUSTOMER}"
BAD_DATE = "2025-02-30T00:00:00+0000"
TEXT: Json = {"type": "string"}
INDEXED: Json = {"type": "string", "contactlabProperties": {"indexed": True}}
DEFINITIONS = [
    "/configuration/properties/extended",
    "/configuration/products/properties/extended",
    "/configuration/events/viewedPage/properties/extended",
]
Write = tuple[str, str, Json]


def new_customer() -> Json:
    return {"nodeId": NODE, "base": {"contacts": {"email": "rules@example.com"}}}


def known_customer() -> Json:
    return {"nodeId": NODE, "base": {"contacts": {"email": "customer-5000@example.com"}}}


def street(length: int) -> Json:
    return {"base": {"address": {"street": "x" * length}}}


CUSTOMER_WRITES: list[Any] = [
    pytest.param("POST", "/customers", new_customer, id="create"),
    pytest.param("PUT", PERSON, known_customer, id="update"),
    pytest.param("PATCH", PERSON, dict, id="patch"),
]
CHANGES = CUSTOMER_WRITES[1:]


def merged(body: Json, more: Json) -> Json:
    """Return an object with the members of another, also within objects that both have."""
    return body | {
        name: merged(body[name], value) if isinstance(value, dict) and isinstance(body.get(name), dict) else value
        for name, value in more.items()
    }


def assert_bound(api: Api, write: Write, taken: Json, refused: Json, place: str) -> None:
    method, path, body = write

    assert api.places(method, path, merged(body, refused)) == [place]
    assert api.send(method, path, merged(body, taken)).status < 300


@pytest.mark.parametrize(("method", "path", "body"), CUSTOMER_WRITES)
def test_each_write_of_a_customer_keeps_the_property_schemas(
    api: Api, method: str, path: str, body: Callable[[], Json]
) -> None:
    write = (method, path, body())

    assert_bound(api, write, {"base": {"dob": "1980-02-28"}}, {"base": {"dob": 1}}, "/base/dob")
    assert_bound(
        api,
        write,
        {"consents": {"disclaimer": {"version": "1"}}},
        {"consents": {"disclaimer": {"version": 1}}},
        "/consents/disclaimer/version",
    )
    assert_bound(api, write, {"extended": {"visits": 1}}, {"extended": {"visits": "x"}}, "/extended/visits")
    assert api.places(method, path, merged(body(), {"extended": {"shoeSize": 43}})) == ["/extended/shoeSize"]


@pytest.mark.parametrize(("method", "path", "body"), CUSTOMER_WRITES)
def test_each_write_of_a_customer_refuses_a_disabled_property(
    api: Api, method: str, path: str, body: Callable[[], Json]
) -> None:
    assert api.send("PUT", "/configuration/properties/base/timezone", {"enabled": False}).status == 200

    assert_bound(api, (method, path, body()), {}, {"base": {"timezone": "Europe/Paris"}}, "/base/timezone")


@pytest.mark.parametrize(("method", "path", "body"), CUSTOMER_WRITES)
@pytest.mark.parametrize(
    ("taken", "refused", "place"),
    [
        ({"base": {"firstName": "x" * 255}}, {"base": {"firstName": "x" * 256}}, "/base/firstName"),
        (street(500), street(501), "/base/address/street"),
        ({"base": {"pictureUrl": "x" * 1000}}, {"base": {"pictureUrl": "x" * 1001}}, "/base/pictureUrl"),
        ({"tags": {"manual": ["x" * 999, "y"]}}, {"tags": {"manual": ["x" * 999, "yz"]}}, "/tags/manual"),
    ],
    ids=["text", "street", "picture", "tags"],
)
def test_each_write_of_a_customer_keeps_the_greatest_lengths(
    api: Api, method: str, path: str, body: Callable[[], Json], taken: Json, refused: Json, place: str
) -> None:
    assert_bound(api, (method, path, body()), taken, refused, place)


@pytest.mark.parametrize(("method", "path", "body"), CUSTOMER_WRITES)
def test_each_write_of_a_customer_keeps_the_greatest_size(
    api: Api, method: str, path: str, body: Callable[[], Json]
) -> None:
    assert_bound(api, (method, path, body()), {"extra": "x" * 55_000}, {"extra": "x" * 65_536}, "")


@pytest.mark.parametrize(("method", "path", "body"), CUSTOMER_WRITES)
def test_each_write_of_a_customer_refuses_an_unknown_key_if_the_setting_asks_for_it(
    api: Api, method: str, path: str, body: Callable[[], Json]
) -> None:
    assert api.send(method, path, {**body(), "bogus": 1}).status < 300

    set_unknown_keys(api.world.vendors["contacthub"], "refused")

    assert_bound(api, (method, path, body()), {}, {"bogus": 1}, "/bogus")


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_what_a_change_makes_of_a_customer_keeps_the_greatest_size(
    api: Api, method: str, path: str, body: Callable[[], Json]
) -> None:
    assert api.send("PATCH", PERSON, {"extra": "x" * 40_000}).status == 200

    texts = [f"{number:03}" + "y" * 250 for number in range(60)]
    jobs = [{"id": f"job-{number}", "jobTitle": text} for number, text in enumerate(texts * 2)]

    assert api.places(method, path, merged(body(), {"base": {"jobs": jobs}})) == [""]
    assert api.send(method, path, merged(body(), {"base": {"jobs": jobs[:20]}})).status == 200


@pytest.mark.parametrize(("method", "path", "body"), CUSTOMER_WRITES)
def test_each_write_of_a_customer_refuses_the_session_of_another(
    api: Api, method: str, path: str, body: Callable[[], Json]
) -> None:
    assert api.send("POST", f"/customers/{SECOND}/sessions", {"value": "visit-of-another"}).status < 300

    assert api.places(method, f"{path}?sessionId=visit-of-another", body()) == ["/sessionId"]
    assert api.send(method, f"{path}?sessionId=visit-of-nobody", body()).status < 300


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        (f"{PERSON}/subscriptions/newsletter", {"id": "newsletter", "subscribed": True}, "endDate"),
        (f"{PERSON}/likes/like-1", {"name": "Tea"}, "createdTime"),
    ],
)
def test_a_date_of_a_replaced_element_is_in_the_calendar(api: Api, path: str, body: Json, name: str) -> None:
    assert_bound(api, ("PUT", path, body), {name: "2028-02-29T00:00:00+0000"}, {name: BAD_DATE}, f"/{name}")


VISIT: Json = {"customerId": CUSTOMER, "type": "viewedPage", "context": "WEB", "properties": {"title": "Home"}}


@pytest.fixture(params=["PUT", "PATCH"])
def event_change(api: Api, request: pytest.FixtureRequest) -> Write:
    """Change of an event of the customer, by either method."""
    answer = api.send("POST", "/events", VISIT)
    assert answer.status == 202, answer.body
    method = str(request.param)
    return method, f"/events/{answer.json['id']}", VISIT if method == "PUT" else {}


def test_a_date_of_a_changed_event_is_in_the_calendar(api: Api, event_change: Write) -> None:
    assert_bound(api, event_change, {"date": "2024-02-29T00:00:00+0000"}, {"date": BAD_DATE}, "/date")


def test_a_changed_event_keeps_the_schema_of_its_type(api: Api, event_change: Write) -> None:
    assert_bound(api, event_change, {"properties": {"path": "/"}}, {"properties": {"path": 1}}, "/properties/path")
    assert api.places(*event_change[:2], merged(event_change[2], {"contextInfo": {"client": 1}})) == [
        "/contextInfo/client"
    ]


def test_a_changed_event_keeps_the_greatest_size(api: Api, event_change: Write) -> None:
    long, short = ({"properties": {"extraProperties": {"text": "x" * size}}} for size in (65_536, 60_000))

    assert_bound(api, event_change, short, long, "")


@pytest.mark.parametrize("path", DEFINITIONS)
def test_each_set_of_definitions_keeps_the_rules(api: Api, path: str) -> None:
    start: Json = dict(api.read(path)) | {"colour": TEXT}
    assert api.send("PUT", path, start).status == 200
    summed = {"type": "string", "contactlabProperties": {"mergePolicy": "MATH_SUM"}}

    assert api.places("PUT", path, start | {"gift.wrapped": TEXT}) == ["/gift.wrapped"]
    assert api.places("PUT", path, {name: start[name] for name in start if name != "colour"}) == ["/colour"]
    assert api.places("PUT", path, start | {"colour": {"type": "number"}}) == ["/colour/type"]
    assert api.places("PUT", path, start | {"shade": summed}) == ["/shade/contactlabProperties/mergePolicy"]
    assert api.send("PUT", path, start | {"shade": TEXT}).status == 200


@pytest.mark.parametrize("path", DEFINITIONS)
def test_each_set_of_definitions_has_at_most_ten_indexed_properties(api: Api, path: str) -> None:
    start: Json = dict(api.read(path))
    present = sum(1 for each in start.values() if each.get("contactlabProperties", {}).get("indexed"))
    ten = start | {f"p{number}": INDEXED for number in range(10 - present)}

    assert api.places("PUT", path, ten | {"q": INDEXED}, role="CLAB_OPERATOR") == ["/q/contactlabProperties/indexed"]
    assert api.send("PUT", path, ten, role="CLAB_OPERATOR").status == 200


@pytest.mark.parametrize("path", DEFINITIONS)
def test_only_the_vendors_staff_changes_an_index_of_any_definitions(api: Api, path: str) -> None:
    body = dict(api.read(path)) | {"colour": INDEXED}

    assert api.send("PUT", path, body, role="ADMIN").status == 403
    assert api.send("PUT", path, body, role="CLAB_OPERATOR").status == 200


@pytest.mark.parametrize("path", DEFINITIONS)
def test_a_definition_without_indexed_keeps_its_index(api: Api, path: str) -> None:
    start: Json = dict(api.read(path))
    assert api.send("PUT", path, start | {"colour": INDEXED}, role="CLAB_OPERATOR").status == 200

    assert api.send("PUT", path, start | {"colour": TEXT}, role="ADMIN").status == 200

    assert api.read(path)["colour"]["contactlabProperties"]["indexed"] is True


def send_source(node: str, userdb: int, **more: Any) -> Json:
    return {"provider": "CONTACTSEND", "nodes": [node], "properties": {"userdbId": userdb, "groupPk": 41, **more}}


def test_a_changed_send_source_has_a_node_and_a_database_of_its_own(api: Api) -> None:
    path = (
        f"/configuration/sources/{api.send('POST', '/configuration/sources', send_source(OTHER_NODE, 4102)).json['id']}"
    )

    assert api.places("PUT", path, send_source(NODE, 4102)) == ["/nodes/0"]
    assert api.places("PUT", path, send_source(OTHER_NODE, USERDB)) == ["/properties/userdbId"]
    assert api.send("PUT", path, send_source(OTHER_NODE, 4103)).status == 200


def test_a_changed_send_source_of_an_aggregate_node_has_no_subscriptions(api: Api) -> None:
    path = (
        f"/configuration/sources/{api.send('POST', '/configuration/sources', send_source(EVERYONE, 4102)).json['id']}"
    )
    mapped = send_source(EVERYONE, 4102, subscriptions=[{"hub": "newsletter"}])

    assert api.places("PUT", path, mapped) == ["/properties/subscriptions"]
    assert api.send("PUT", path, send_source(EVERYONE, 4102, subscriptions=[])).status == 200


def test_a_changed_plan_sources_database_has_a_send_source(api: Api) -> None:
    path = f"/configuration/sources/{PLANS}"
    read = api.read(path)

    wrong = {**read, "properties": {**read["properties"], "userdbId": 4102}}
    assert api.places("PUT", path, wrong) == ["/properties/userdbId"]
    assert api.send("PUT", path, read).status == 200


ENTRY = f"/configuration/nodes/entries/{NODE}"
SHOP: Json = {"id": NODE, "name": "Shop", "uniqueCustomer": {"properties": ["base.contacts.email"]}}


@pytest.mark.parametrize(
    ("taken", "refused", "place"),
    [
        ({"mandatoryProperties": ["base.firstName"]}, {"mandatoryProperties": ["base.shoe"]}, "/mandatoryProperties/0"),
        ({}, {"uniqueCustomer": {"properties": ["base.shoe"]}}, "/uniqueCustomer/properties/0"),
        ({"sourcePriority": [SHOP_SYSTEM]}, {"sourcePriority": [SHOP_SYSTEM, NO_ONE]}, "/sourcePriority/1"),
    ],
    ids=["mandatory", "unique", "priority"],
)
def test_an_updated_entry_node_names_what_exists(api: Api, taken: Json, refused: Json, place: str) -> None:
    assert_bound(api, ("PUT", ENTRY, SHOP), taken, refused, place)


def test_an_updated_aggregate_node_goes_to_no_other_state(api: Api) -> None:
    path = f"/configuration/nodes/aggregates/{AGGREGATE}"

    assert_bound(api, ("PUT", path, {"name": "Everyone"}), {"state": "ACTIVE"}, {"state": "NEW"}, "/state")


RETENTION = "/retention-policy"


@pytest.mark.parametrize(
    "path", [f"/configuration/nodes/{NODE}", ENTRY, "/configuration"], ids=["node", "entry", "all"]
)
def test_each_retention_policy_keeps_a_type_that_is_left_out(api: Api, path: str) -> None:
    def months(**by_type: int) -> Json:
        policy = {name: {"months": number} for name, number in by_type.items()}
        body = {"events": policy} if path == f"/configuration/nodes/{NODE}" else policy
        answer = api.send("PUT", path + RETENTION, body)
        assert answer.status == 200, answer.body
        found: Json = answer.json.get("events", answer.json)
        return found

    before = months(viewedPage=1)
    after = months(completedOrder=7)

    assert {name for name in after if after[name] != before[name]} == {"completedOrder"}
    assert (after["viewedPage"], after["completedOrder"]) == ({"months": 1}, {"months": 7})

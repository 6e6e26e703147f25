"""Records as a request wants them shown: with related records in place of references, and with chosen properties."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, OwnDocument, answer, document, ref, sent, serve
from understudy.core.misconfigured import Misconfigured
from understudy.resources.document_check import describe_resources

WHOLE = {"type": "integer"}
NAMES = {"type": "array", "items": TEXT}
CITY = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "name": TEXT}}
CUSTOMER = {
    "type": "object",
    "required": ["id", "email"],
    "properties": {
        "id": TEXT,
        "email": TEXT,
        "name": TEXT,
        "city": {"anyOf": [TEXT, ref("City")]},
        "address": {"type": "object", "required": ["zip"], "properties": {"zip": TEXT, "street": TEXT}},
        "orders": {"type": "array", "items": ref("Order")},
        "cards": {
            "type": "object",
            "required": ["data"],
            "properties": {"data": {"type": "array", "items": ref("Card")}, "has_more": {"type": "boolean"}},
        },
    },
}
ORDER = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": TEXT,
        "customer": {"anyOf": [TEXT, ref("Customer")]},
        "payer": {"anyOf": [{**TEXT, "nullable": True}, ref("Customer")]},
        "watchers": {"type": "array", "items": {"anyOf": [TEXT, ref("Customer")]}},
        "agent_id": TEXT,
        "total": WHOLE,
    },
    "additionalProperties": False,
}
NOTE = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "customer_id": TEXT, "text": TEXT}}
CARD = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": TEXT, "last4": TEXT, "customer": {"anyOf": [TEXT, ref("Customer")]}},
}
AGENT = {"type": "object", "required": ["id"], "properties": {"id": TEXT}}


def query(**named: Any) -> list[dict[str, Any]]:
    return [{"name": name.replace("__", "[]"), "in": "query", "schema": each} for name, each in named.items()]


def resource(path: str, noun: str, parameters: list[Any], wrap: str = "", above: str = "") -> dict[str, Any]:
    def shown(schema: Any) -> Any:
        return answer({"type": "object", "required": [wrap], "properties": {wrap: schema}} if wrap else schema)

    in_path = [{"name": name, "in": "path", "required": True, "schema": TEXT} for name in (above, "id") if name]
    return {
        path: {
            "parameters": [*in_path[:-1]],
            "get": {
                "operationId": f"list{noun}",
                "parameters": [*parameters, *query(limit=WHOLE, starting_after=TEXT)],
                "responses": {"200": shown({"type": "array", "items": ref(noun)})},
            },
            "post": {"requestBody": sent({"type": "object"}), "responses": {"201": answer(ref(noun))}},
        },
        f"{path}/{{id}}": {
            "parameters": in_path,
            "get": {"operationId": f"get{noun}", "parameters": parameters, "responses": {"200": shown(ref(noun))}},
            "delete": {"responses": {"204": {"description": ""}, "404": answer(ref("Error"))}},
        },
    }


def shop(parameters: list[Any], wrap: str = "") -> dict[str, Any]:
    paths = {
        **resource("/customers", "Customer", parameters, wrap),
        **resource("/orders", "Order", parameters, wrap),
        **resource("/notes", "Note", parameters),
        **resource("/cities", "City", []),
        **resource("/agents", "Agent", []),
        **resource("/customers/{customer_id}/cards", "Card", parameters, above="customer_id"),
    }
    return document(paths, Customer=CUSTOMER, Order=ORDER, Note=NOTE, City=CITY, Card=CARD, Agent=AGENT)


def filled(served: OwnDocument) -> OwnDocument:
    """Add a city, two customers, two orders, a note and a card."""
    for path, record in [
        ("/cities", {"id": "turin", "name": "Turin"}),
        ("/customers", {"id": "ada", "email": "a@example.com", "name": "Ada", "city": "turin"}),
        ("/customers", {"id": "bob", "email": "b@example.com", "address": {"zip": "1", "street": "s"}}),
        ("/orders", {"id": "o1", "customer": "ada", "payer": None, "watchers": ["ada", "bob", "nobody"], "total": 5}),
        ("/orders", {"id": "o2", "customer": "bob", "payer": "gone", "agent_id": "x", "total": 7}),
        ("/notes", {"id": "n1", "customer_id": "ada", "text": "t"}),
        ("/customers/ada/cards", {"id": "visa", "last4": "4242"}),
        ("/agents", {"id": "x"}),
    ]:
        assert served.call("post", path, record).status == 201
    return served


USUAL = query(expand=TEXT, include=TEXT, fields=TEXT, exclude=TEXT, omit=TEXT)
Made = Callable[..., OwnDocument]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return a function that serves the filled shop with some parameters; tests that only read share it."""
    served: dict[str, OwnDocument] = {}

    def serve_shop(*parameters: Any, wrap: str = "", number: int = 0) -> OwnDocument:
        key = json.dumps([parameters, wrap, number])
        if key not in served:
            served[key] = filled(serve(tmp_path_factory.mktemp("shop"), shop([*parameters], wrap), records=0))
        return served[key]

    return serve_shop


ADA = {"id": "ada", "email": "a@example.com", "name": "Ada", "city": "turin"}


EXPANDING = ("expand", "expands[]", "include", "embed", "with", "$expansion", "_embedded")
KEEPING = ("fields", "field[]", "select", "$selects", "only", "opt_fields", "fieldset[customer]")
OMITTING = ("exclude", "omit", "exclude_fields")


@pytest.mark.parametrize("name", EXPANDING)
@pytest.mark.parametrize("schema", [TEXT, {"type": "array", "items": {**TEXT, "enum": ["customer", "payer"]}}])
def test_a_reference_is_replaced_by_its_record(made: Made, name: str, schema: Any) -> None:
    served = made(*({"name": each, "in": "query", "schema": schema} for each in EXPANDING))

    assert served.call("get", "/orders/o1").json["customer"] == "ada"
    found = served.call("get", f"/orders/o1?{name}=customer")
    assert (found.json["customer"], found.json["total"]) == (ADA, 5)
    assert found.headers["understudy-fidelity"] == "resource"
    assert [each["customer"]["id"] for each in served.call("get", f"/orders?{name}=customer").json] == ["ada", "bob"]
    assert served.call("get", "/orders/o1").json["customer"] == "ada"


def test_a_list_as_stripe_declares_it_is_read(made: Made) -> None:
    served = made(
        {"name": "expand", "in": "query", "style": "deepObject", "explode": True, "schema": NAMES},
        wrap="data",
    )

    found = served.call("get", "/orders?expand[]=data.customer&expand[]=data.payer").json["data"]
    assert [each["customer"]["id"] for each in found] == ["ada", "bob"]
    assert served.call("get", "/orders/o1?expand[0]=customer").json["data"]["customer"]["id"] == "ada"


@pytest.mark.parametrize(
    ("path", "place", "value"),
    [
        ("/orders/o1?expand=customer.city", ("customer", "city"), {"id": "turin", "name": "Turin"}),
        ("/orders/o1?expand=customer(city)", ("customer", "city"), {"id": "turin", "name": "Turin"}),
        ("/orders/o1?expand=customer,watchers", ("customer", "name"), "Ada"),
        ("/orders/o1?expand=watchers", ("watchers",), [ADA, {"id": "bob", "email": "b@example.com",
                                                            "address": {"zip": "1", "street": "s"}}, "nobody"]),
        ("/orders/o1?expand=payer", ("payer",), None),
        ("/orders/o2?expand=payer", ("payer",), "gone"),
        ("/orders/o2?expand=agent", ("agent_id",), "x"),  # the schema has no place for an agent
        ("/orders/o2?expand=agent_id", ("agent_id",), "x"),
        ("/notes/n1?expand=customer", ("customer",), ADA),
        ("/notes/n1?expand=customer_id", ("customer_id",), "ada"),
        ("/customers/ada?expand=cards", ("cards", "data"), [{"id": "visa", "last4": "4242"}]),
        ("/customers/ada?expand=cards", ("cards", "has_more"), False),
        ("/customers/bob?expand=cards", ("cards", "data"), []),
        ("/customers/ada/cards/visa?expand=customer", ("customer",), ADA),
        ("/customers/ada/cards?expand=customer.city", (0, "customer", "city", "name"), "Turin"),
        ("/customers/bob?expand=orders", ("orders", 0, "total"), 7),
        ("/customers/bob?expand=orders.customer", ("orders", 0, "customer", "id"), "bob"),
        ("/customers/ada?expand=nothing", ("name",), "Ada"),
        ("/customers/ada?expand=name", ("name",), "Ada"),
        ("/customers/ada?expand=name.more..,", ("name",), "Ada"),
        ("/customers/ada?expand=", ("name",), "Ada"),
    ],
)  # fmt: skip
def test_what_a_path_names_is_shown_where_the_schema_allows_it(
    made: Made, path: str, place: tuple[Any, ...], value: Any
) -> None:
    found = made(*USUAL).call("get", path)

    assert found.status == 200
    shown = found.json
    for name in place:
        shown = shown[name]
    assert shown == value


def test_a_related_collection_is_not_there_unless_it_is_asked_for(made: Made) -> None:
    served = made(*USUAL)

    assert served.call("get", "/customers/ada").json == ADA
    assert {*served.call("get", "/customers/ada?include=orders").json} - {*ADA} == {"orders"}


def test_a_reference_to_a_deleted_record_stays(made: Made) -> None:
    served = made(*query(expand=TEXT), number=1)
    assert served.call("delete", "/customers/ada").status == 204

    assert served.call("get", "/orders/o1?expand=customer").json["customer"] == "ada"


def test_a_name_that_the_enum_does_not_have_is_refused(made: Made) -> None:
    served = made(*query(expand={"type": "array", "items": {**TEXT, "enum": ["customer"]}}))

    assert served.call("get", "/orders/o1?expand=customer").status == 200
    assert served.call("get", "/orders/o1?expand=payer").status == 400


def test_pages_are_the_same_and_wrapped_records_are_reached(made: Made) -> None:
    served = made(*query(expand=TEXT, fields=TEXT), wrap="data")

    first = served.call("get", "/orders?limit=1&expand=customer&fields=customer").json["data"]
    second = served.call("get", "/orders?limit=1&starting_after=o1&expand=data.customer").json["data"]
    assert (first[0]["customer"]["id"], second[0]["customer"]["id"], len(second)) == ("ada", "bob", 1)
    assert {*first[0]} == {"id", "customer"}
    assert served.call("get", "/orders/o1?expand=data.customer").json["data"]["customer"] == ADA


@pytest.mark.parametrize("name", KEEPING)
@pytest.mark.parametrize("schema", [TEXT, NAMES])
def test_the_named_properties_alone_are_shown(made: Made, name: str, schema: Any) -> None:
    served = made(*({"name": each, "in": "query", "schema": schema, "explode": False} for each in KEEPING))

    assert served.call("get", f"/customers/ada?{name}=name").json == {key: ADA[key] for key in ("id", "email", "name")}
    assert served.call("get", f"/customers/ada?{name}=city,unknown").json == {
        key: ADA[key] for key in ("id", "email", "city")
    }
    listed = served.call("get", f"/customers?{name}=name").json
    assert [{*each} for each in listed] == [{"id", "email", "name"}, {"id", "email"}]


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("fields=address.street", {"id", "email", "address"}),
        ("fields=*", {"id", "email", "address"}),
        ("fields=unknown", {"id", "email"}),
        ("fields=", {"id", "email", "address"}),
        ("fields=-address", {"id", "email"}),
        ("exclude=address", {"id", "email"}),
        ("exclude=email,id", {"id", "email", "address"}),
        ("exclude=unknown", {"id", "email", "address"}),
        ("fields=address&exclude=address", {"id", "email"}),
    ],
)
def test_required_properties_and_the_id_stay(made: Made, wanted: str, shown: set[str]) -> None:
    served = made(*USUAL)

    assert {*served.call("get", f"/customers/bob?{wanted}").json} == shown


@pytest.mark.parametrize(
    ("wanted", "address"),
    [
        ("fields=address.street", {"zip": "1", "street": "s"}),
        ("fields=address.zip", {"zip": "1"}),
        ("fields=address", {"zip": "1", "street": "s"}),
        ("exclude=address.street", {"zip": "1"}),
        ("exclude=address.zip", {"zip": "1", "street": "s"}),
    ],
)
def test_properties_within_others_are_chosen(made: Made, wanted: str, address: Any) -> None:
    served = made(*USUAL)

    assert served.call("get", f"/customers/bob?{wanted}").json["address"] == address


@pytest.mark.parametrize(
    ("wanted", "customer"),
    [
        ("expand=customer&fields=customer.name", {"id": "ada", "email": "a@example.com", "name": "Ada"}),
        ("expand=customer&exclude=customer.city", {"id": "ada", "email": "a@example.com", "name": "Ada"}),
        ("expand=customer&fields=total", ADA),
        ("fields=customer.name", "ada"),
    ],
)
def test_properties_of_an_expanded_record_are_chosen(made: Made, wanted: str, customer: Any) -> None:
    assert made(*USUAL).call("get", f"/orders/o1?{wanted}").json["customer"] == customer


@pytest.mark.parametrize("name", OMITTING)
def test_all_but_the_named_properties_are_shown(made: Made, name: str) -> None:
    served = made(*({"name": each, "in": "query", "schema": NAMES} for each in OMITTING))

    assert {*served.call("get", f"/orders/o1?{name}=total&{name}=watchers").json} == {"id", "customer", "payer"}


def test_parameters_that_take_no_names_change_nothing(made: Made) -> None:
    schemas = {"expand": {"type": "boolean"}, "include": WHOLE, "with_total": TEXT, "include_deleted": TEXT}
    served = made(*query(**schemas))

    for wanted in ("expand=true", "include=1", "with_total=customer", "include_deleted=customer"):
        assert served.call("get", f"/orders/o1?{wanted}").json == served.call("get", "/orders/o1").json


def test_the_check_names_the_parameters(made: Made) -> None:
    served = made(*USUAL).app.vendors["shop"]

    rows = {each["collection"]: each for each in describe_resources(served.document, served.operations)}
    assert rows["orders"]["shown by"] == "expand expand, include; fields fields; exclude exclude, omit"
    assert rows["cities"]["shown by"] == ""


def test_a_hint_names_the_parameter_or_that_there_is_none(tmp_path: Path) -> None:
    raw = shop(query(mit=TEXT, fields=TEXT))
    raw["paths"]["/orders/{id}"]["get"]["x-understudy"] = {"expand": "mit", "fields": False}
    served = filled(serve(tmp_path, raw, records=0))

    found = served.call("get", "/orders/o1?mit=customer&fields=id").json
    assert (found["customer"], found["total"]) == (ADA, 5)


@pytest.mark.parametrize(
    ("hint", "why"),
    [
        ({"expand": "expnd"}, "expand: there is no query parameter 'expnd'; did you mean 'expand'?"),
        ({"fields": True}, "x-understudy/fields: is a parameter or false, not True"),
        ({"expnd": "expand"}, "'expnd' is unknown; did you mean 'expand'?"),
    ],
)
def test_a_wrong_hint_is_refused_at_the_start(tmp_path: Path, hint: Any, why: str) -> None:
    raw = deepcopy(shop(query(expand=TEXT)))
    raw["paths"]["/orders/{id}"]["get"]["x-understudy"] = hint

    with pytest.raises(Misconfigured) as caught:
        serve(tmp_path, raw)
    assert why in str(caught.value)

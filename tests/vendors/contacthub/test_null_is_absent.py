"""Null counts as absent in the optional properties of every request body, unless the vendor says otherwise.

The spec's examples are sent again for each optional property of the body's schema, at any depth: once without it, once
with null. An object or a list that an example lacks is made of the schema first.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

import orjson
import pytest

from tests.asgi import call
from tests.vendors.contacthub.api import Api
from tests.vendors.contacthub.calls import AGGREGATE, CUSTOMER, NODE, SOURCE, sent
from understudy.app import Understudy
from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.example_requests import ExampleRequest, example_requests
from understudy.core.media_types import JSON
from understudy.settings import MEBIBYTE

EXCEPTIONS = {
    **{
        (f"{verb}_customer", f"/base/address/geo/{name}"): "the published schema requires both, as numbers"
        for verb in ("create", "update", "patch")
        for name in ("lat", "lon")
    },
    **{
        ("patch_customer", path): "null unsets in a PATCH, and the node's unique property cannot be unset"
        for path in ("/base", "/base/contacts", "/base/contacts/email")
    },
}
"""Properties in which null is refused although they may be left out, with the reason."""

MADE = {"boolean": True, "integer": 1, "number": 1}
FORMS = {"date": "2026-01-01", "date-time": "2026-01-01T00:00:00Z", "uuid": NODE, "email": "null@example.com"}
MAX_DEPTH = 8
WORLDS = count()

Put = Callable[[Any], Any]
"""Function from a part of a body to the body."""


class Body:
    """Schema of a request body, walked along a body that is valid."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def nulls(self, schema: Any, value: Any, path: str = "", put: Put = lambda part: part) -> Iterator[tuple[str, Any]]:
        """Yield the path of each optional property, and a function from a value for it to the body."""
        for branch in self.branches(schema):
            properties = {name: part for each in branch for name, part in each.get("properties", {}).items()}
            required = {name for each in branch for name in each.get("required", ())}
            if isinstance(value, list):
                yield from self._in_list(branch, value, path, put)
            elif isinstance(value, Mapping):
                for name in properties.keys() - required:
                    yield f"{path}/{name}", lambda part, name=name: put({**value, name: part})
                for name, part in self._open(branch, properties, value).items():
                    if path.count("/") < MAX_DEPTH:
                        inner = value.get(name)
                        inner = self.made(part) if inner is None else inner
                        place = lambda it, name=name: put({**value, name: it})  # noqa: E731 - bound to the name
                        yield from self.nulls(part, inner, f"{path}/{name}", place)

    def _in_list(self, branch: list[Any], value: list[Any], path: str, put: Put) -> Iterator[tuple[str, Any]]:
        for items in [each["items"] for each in branch if "items" in each]:
            first = value[0] if value else self.made(items)
            yield from self.nulls(items, first, f"{path}/0", lambda part: put([part, *value[1:]]))

    @staticmethod
    def _open(branch: list[Any], properties: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
        """Return the properties that are named, and those of a map that the value has."""
        others = [each["additionalProperties"] for each in branch if isinstance(each.get("additionalProperties"), dict)]
        return {**{name: others[0] for name in value if others and name not in properties}, **properties}

    def branches(self, schema: Any) -> list[list[Any]]:
        """Return each way through a schema's alternatives: the schemas that then hold together."""
        node = self.document.resolve(schema) if "$ref" in schema else schema
        found = [[node]]
        for part in node.get("allOf", ()):
            found = [[*one, *other] for one in found for other in self.branches(part)]
        alternatives = [*node.get("oneOf", ()), *node.get("anyOf", ())]
        if alternatives:
            found = [[*one, *other] for one in found for part in alternatives for other in self.branches(part)]
        return found

    def made(self, schema: Any) -> Any:
        """Return the least value of a schema."""
        branch = self.branches(schema)[0]
        kind = next((each["type"] for each in branch if "type" in each), "object")
        listed = next((each["enum"] for each in branch if "enum" in each), ())
        if listed:
            return listed[0]
        if kind == "array":
            return [self.made(next(each["items"] for each in branch if "items" in each))]
        if kind == "object":
            properties = {name: part for each in branch for name, part in each.get("properties", {}).items()}
            return {name: self.made(properties[name]) for each in branch for name in each.get("required", ())}
        return MADE.get(kind, FORMS.get(next((each["format"] for each in branch if "format" in each), ""), "text"))


def bodies(understudy: Understudy) -> list[tuple[Operation, Any]]:
    """Return the operations with a JSON body, and the schema of each."""
    found = understudy.vendors["contacthub"].operations
    return [
        (each, each.body.node["content"][JSON]["schema"])
        for each in found
        if each.body is not None and JSON in each.body.node["content"]
    ]


def send(understudy: Understudy, request: ExampleRequest, body: Any) -> int:
    """Send an example's request with another body to a new world; return the status."""
    served = understudy.vendors["contacthub"]
    world = understudy.worlds.get_or_create(f"null-{next(WORLDS)}")
    assert served.vendor.sign_in
    headers = dict(request.headers) | served.vendor.sign_in(world.vendors["contacthub"], request.role)
    target = f"/@{world.name}{served.base_path}{request.target}"
    answer = call(understudy.asgi, request.operation.method.upper(), target, headers=headers, body=orjson.dumps(body))
    understudy.worlds.delete(world.name)
    return answer.status


def is_refused(understudy: Understudy, request: ExampleRequest, fill: Put, path: str) -> bool | None:
    """Return whether null is refused; ``None`` if the body is refused without the property, too."""
    name = path.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
    if send(understudy, request, without(fill(ABSENT), name)) >= 300:
        return None
    return send(understudy, request, fill(None)) >= 300


ABSENT = "this property is absent"


def without(value: Any, name: str) -> Any:
    """Return a value without the member of this name that is marked as absent."""
    if isinstance(value, dict):
        return {key: without(part, name) for key, part in value.items() if not (key == name and part == ABSENT)}
    return [without(part, name) for part in value] if isinstance(value, list) else value


def refused_nulls(understudy: Understudy) -> Iterator[tuple[str, str, bool]]:
    """Yield each optional property of each body that was tried, and whether its null was refused."""
    document = understudy.vendors["contacthub"].document
    for operation, schema in bodies(understudy):
        seen: set[str] = set()
        for request in example_requests(document, operation, MEBIBYTE):
            if not 200 <= request.status < 300:
                continue
            for path, fill in Body(document).nulls(schema, orjson.loads(request.body)):
                found = None if path in seen else is_refused(understudy, request, fill, path)
                if found is not None:
                    seen.add(path)
                    yield operation.id, path, found


def test_null_is_taken_where_a_property_may_be_left_out(understudy: Understudy) -> None:
    tried = list(refused_nulls(understudy))
    assert {(name, path) for name, path, refused in tried if refused} == EXCEPTIONS.keys()
    assert len(tried) > 700
    with_properties = {name for name, _, _ in tried}
    required_only = {"create_session", "update_user", "create_workspace"}
    maps = {
        "update_entry_node_retention_policy",
        "update_workspace_retention_policy",
        "update_workspace_consent_policy",
    }
    assert {operation.id for operation, _ in bodies(understudy)} - with_properties == required_only | maps


CONFIGURATION = "/configuration"
SEND = {"provider": "CONTACTSEND", "nodes": None, "properties": {"userdbId": 7, "groupPk": 8, "subscriptions": None}}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{CONFIGURATION}/throttling", {"maxRequestsPerMinute": None}),
        (CONFIGURATION, {"name": None, "industry": None, "currency": None}),
        (f"{CONFIGURATION}/events/viewedPage/enabled", {"value": None}),
        (f"{CONFIGURATION}/events/viewedPage", {"id": None, "type": None, "enabled": None}),
        (f"{CONFIGURATION}/properties/base/dob", {"name": None, "enabled": None}),
        (f"{CONFIGURATION}/sources/{SOURCE}", {"provider": None, "name": None, "nodes": None, "enabled": None}),
        (f"{CONFIGURATION}/nodes/entries/{NODE}/unique-customer-matching-policy", {"properties": None}),
        (f"{CONFIGURATION}/nodes/entries/{NODE}/retention-policy/state", {"enabled": None}),
        (f"{CONFIGURATION}/nodes/{NODE}/retention-policy", {"enabled": None, "events": None}),
        (f"{CONFIGURATION}/nodes/aggregates/{AGGREGATE}", {"name": None, "entryNodes": None, "state": None}),
        (f"{CONFIGURATION}/nodes/aggregates/{AGGREGATE}/state", {"state": None}),
        (f"{CONFIGURATION}/payload-size", {"viewedPage": {"maxBytes": None}}),
        ("/status", {"status": None}),
    ],
)
def test_a_setting_that_is_null_is_answered_as_one_that_is_left_out(api: Api, path: str, body: Any) -> None:
    left_out: dict[str, Any] = {name: {} for name, part in body.items() if part is not None}
    first, second = api.send("PUT", path, left_out), api.send("PUT", path, body)
    assert (first.status, second.status) == (200, 200)
    assert first.json == second.json


@pytest.mark.parametrize("name", ["timezone", "logo", "customerUniquenessPolicy"])
def test_null_is_a_value_of_a_setting_that_the_page_calls_nullable(api: Api, name: str) -> None:
    assert api.send("PUT", CONFIGURATION, {name: None}).json[name] is None
    assert api.send("PUT", f"{CONFIGURATION}/products/update-policy", {"eventTypes": None}).json["eventTypes"] is None


def test_a_definition_with_nulls_is_answered_without_them(api: Api) -> None:
    path = f"{CONFIGURATION}/events/searched/properties/extended"
    settings = {"label": "Shelf", "enabled": None, "indexed": None, "maxLength": None, "mergePolicy": None}
    sent_shelf = {"type": "string", "format": None, "nullable": None, "contactlabProperties": settings}
    answer = api.send("PUT", path, {"shelf": sent_shelf, "row": {"type": "integer", "contactlabProperties": None}})
    assert answer.status == 200
    assert answer.json["shelf"] == {
        "type": "string",
        "contactlabProperties": {
            "label": "Shelf", "enabled": True, "indexed": False, "flowEnabled": False, "maxLength": 255
        },
    }  # fmt: skip
    assert answer.json["row"]["contactlabProperties"]["enabled"] is True


def test_nodes_and_sources_take_null_for_what_they_need_not_have(api: Api) -> None:
    entry = {"name": "Kiosk", "uniqueCustomer": None, "sourcePriority": None, "mandatoryProperties": None}
    made = api.send("POST", f"{CONFIGURATION}/nodes/entries", entry)
    assert (made.status, made.json["uniqueCustomer"]["properties"]) == (201, ["base.contacts.email"])
    assert (made.json["sourcePriority"], made.json["mandatoryProperties"]) == ([], [])

    gathering = {"name": None, "entryNodes": None, "matchingProperties": None}
    assert api.send("POST", f"{CONFIGURATION}/nodes/aggregates", gathering).json["name"] == ""
    source = api.send("POST", f"{CONFIGURATION}/sources", SEND)
    assert (source.status, source.json["nodes"], source.json["properties"]) == (201, [], {"userdbId": 7, "groupPk": 8})


@pytest.mark.parametrize(
    ("method", "path", "body", "place"),
    [
        ("PUT", f"{CONFIGURATION}/nodes/entries/{NODE}", {"id": NODE, "name": "Shop", "uniqueCustomer": None}, ""),
        ("PUT", f"{CONFIGURATION}/nodes/entries/{NODE}", {"id": NODE, "name": None, "uniqueCustomer": {}}, ""),
        ("POST", f"/customers/{CUSTOMER}/educations", {"id": None}, "/id"),
        ("POST", f"/customers/{CUSTOMER}/likes", {"id": None}, "/id"),
        ("POST", f"/customers/{CUSTOMER}/jobs", {"id": None}, "/id"),
        ("POST", f"/customers/{CUSTOMER}/subscriptions", {"id": "post", "subscribed": None}, "/subscribed"),
        ("POST", "/customers", {"nodeId": None, "base": None}, "/nodeId"),
        ("POST", "/events", {"customerId": CUSTOMER, "type": None, "context": "WEB", "properties": {}}, "/type"),
        ("PUT", f"{CONFIGURATION}/users/401", {"nodes": None}, "/nodes"),
    ],
)
def test_null_is_refused_where_a_property_is_required(api: Api, method: str, path: str, body: Any, place: str) -> None:
    places = api.places(method, path, body)
    assert place in places if place else places


def test_a_customer_that_is_enabled_or_not_stays_so_if_null_is_sent(api: Api) -> None:
    assert api.send("POST", "/customers", {**sent("null@example.com"), "enabled": None}).json["enabled"] is True
    for method, body in (("PATCH", {"enabled": None}), ("PUT", {**sent("customer-5000@example.com"), "enabled": None})):
        api.send("PATCH", f"/customers/{CUSTOMER}", {"enabled": False})
        assert api.send(method, f"/customers/{CUSTOMER}", body).json["enabled"] is False


def test_campaign_parameters_that_are_null_are_not_kept(api: Api) -> None:
    event = {"customerId": CUSTOMER, "type": "viewedPage", "context": "WEB", "properties": {}}
    tracking = {"ga": {"utm_source": "mail", "utm_term": None}}
    made = api.send("POST", "/events", {**event, "tracking": tracking})
    assert api.read(f"/events/{made.json['id']}")["tracking"] == {"ga": {"utm_source": "mail"}}

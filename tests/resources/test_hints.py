"""Hints: the key ``x-understudy`` mends what is recognised; a mistake in it is refused at the start."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, OwnDocument, answer, document, ref, sent, serve
from understudy.contract.foreign.loading import ForeignDocument
from understudy.core.misconfigured import Misconfigured
from understudy.resources.document_check import check_document, describe_resources

GUEST = {
    "type": "object",
    "required": ["reference", "code"],
    "properties": {"reference": TEXT, "code": TEXT, "name": TEXT},
}
SHOWN = {"type": "object", "properties": {"stay": {"type": "object", "properties": {"visitor": ref("Guest")}}}}
GUESTS = {"type": "array", "items": ref("Guest")}
LISTED = {"type": "object", "properties": {"a": GUESTS, "b": GUESTS}}
GIVEN = {"type": "object", "properties": {"options": {"type": "object"}, "visitor": ref("Guest")}}

HOTEL = document(
    {
        "/v1/list": {
            "get": {"operationId": "list", "responses": {"200": answer(LISTED)}},
            "post": {"operationId": "check_in", "requestBody": sent(GIVEN), "responses": {"201": answer(SHOWN)}},
        },
        "/v1/list/{number}": {
            "get": {"operationId": "look", "responses": {"200": answer(SHOWN), "404": answer(ref("Error"))}}
        },
        "/v1/search": {"post": {"operationId": "search", "responses": {"200": answer(LISTED)}}},
        "/v1/evict": {
            "post": {
                "operationId": "evict",
                "parameters": [{"name": "number", "in": "query", "required": True, "schema": TEXT}],
                "responses": {"204": {"description": ""}, "404": answer(ref("Error"))},
            }
        },
    },
    Guest=GUEST,
)


def hotel(**hints: Any) -> dict[str, Any]:
    """Return the document with hints by operationId, by path (``path``), or by schema (``Guest``)."""
    made: dict[str, Any] = deepcopy(HOTEL)
    for path, item in made["paths"].items():
        for node in list(item.values()):
            if node["operationId"] in hints:
                node["x-understudy"] = hints[node["operationId"]]
        if path.startswith("/v1/list") and "path" in hints:
            item["x-understudy"] = hints["path"]
    if "Guest" in hints:
        made["components"]["schemas"]["Guest"]["x-understudy"] = hints["Guest"]
    return made


def resources(served: OwnDocument) -> list[dict[str, Any]]:
    vendor = served.app.vendors["shop"]
    return describe_resources(vendor.document, vendor.operations)


def collection(served: OwnDocument, name: str) -> list[Any]:
    return [*served.app.worlds.get_or_create().vendors["shop"].collection(name)]


@pytest.mark.parametrize("at", ["path", "look", "Guest"])
def test_a_resource_has_the_name_of_its_hint(tmp_path: Path, at: str) -> None:
    hints = {"look": {"record": "stay.visitor"}}
    hints[at] = {**hints.get(at, {}), "resource": "guests"}
    [found] = resources(serve(tmp_path, hotel(**hints)))

    assert found["collection"] == "guests"


@pytest.mark.parametrize("at", ["path", "look", "Guest"])
def test_the_id_is_in_the_property_of_its_hint(tmp_path: Path, at: str) -> None:
    hints = {"look": {"record": "stay.visitor"}}
    hints[at] = {**hints.get(at, {}), "id": "reference"}
    [found] = resources(serve(tmp_path, hotel(**hints)))

    assert found["id"] == "reference"


def test_records_are_sent_shown_and_listed_at_the_places_of_their_hints(tmp_path: Path) -> None:
    hints = {
        "path": {"resource": "guests", "id": "reference"},
        "check_in": {"record": "stay.visitor", "sent": "visitor"},
        "look": {"record": "stay.visitor"},
        "list": {"list": "b"},
    }
    served = serve(tmp_path, hotel(**hints), records=0)

    made = served.call("post", "/v1/list", {"options": {}, "visitor": {"reference": "r1", "code": "c", "name": "Ann"}})
    assert made.json["stay"]["visitor"] == {"reference": "r1", "code": "c", "name": "Ann"}
    assert served.call("get", "/v1/list/r1").json["stay"]["visitor"]["name"] == "Ann"
    assert [each["name"] for each in served.call("get", "/v1/list").json["b"]] == ["Ann"]
    assert [each["name"] for each in collection(served, "guests")] == ["Ann"]


@pytest.mark.parametrize("at", ["path", "look"])
def test_an_operation_is_left_to_samples(tmp_path: Path, at: str) -> None:
    served = serve(tmp_path, hotel(**{at: {"sample": True}}))

    assert served.app.vendors["shop"].endpoints["look"].fidelity == "sample"


def test_a_hint_of_an_operation_comes_before_that_of_its_path(tmp_path: Path) -> None:
    served = serve(tmp_path, hotel(path={"sample": True}, look={"sample": False}, check_in={"sample": False}))

    fidelity = {name: each.fidelity for name, each in served.app.vendors["shop"].endpoints.items()}
    assert (fidelity["look"], fidelity["list"]) == ("resource", "sample")


def test_an_operation_of_any_path_is_given_a_role(tmp_path: Path) -> None:
    hints = {
        "path": {"resource": "guests", "id": "reference"},
        "look": {"record": "stay.visitor"},
        "search": {"resource": "guests", "role": "list", "list": "a"},
        "evict": {"resource": "guests", "role": "delete"},
    }
    served = serve(tmp_path, hotel(**hints))
    key = collection(served, "guests")[0]["reference"]

    assert len(served.call("post", "/v1/search").json["a"]) == 3
    assert served.call("post", f"/v1/evict?number={key}").status == 204
    assert served.call("get", f"/v1/list/{key}").status == 404
    assert len(served.call("post", "/v1/search").json["a"]) == 2


@pytest.mark.parametrize(
    ("hints", "reason"),
    [
        ({"look": {"resorce": "guests"}}, "'resorce' is unknown; did you mean 'resource'?"),
        ({"path": {"ressource": "guests"}}, "'ressource' is unknown; did you mean 'resource'?"),
        ({"Guest": {"idd": "name"}}, "/Guest/x-understudy: 'idd' is unknown; did you mean 'id'?"),
        ({"Guest": {"record": "name"}}, "'record' is unknown"),
        ({"look": "guests"}, "is no object with keys such as 'resource'"),
        ({"look": {"sample": "yes"}}, "x-understudy/sample: is true or false, not 'yes'"),
        ({"look": {"resource": 3}}, "x-understudy/resource: is a text, not 3"),
        ({"look": {"resource": "my guests"}}, "'my guests' is no collection's name"),
        ({"search": {"resource": "list", "role": "lst"}}, "'lst' is unknown; did you mean 'list'?"),
        ({"look": {"id": "referenc"}}, "records have no property 'referenc'"),
        ({"look": {"record": "stay.visiter"}}, "record: the body has no property 'visiter'; did you mean 'visitor'?"),
        ({"list": {"list": ""}}, "list: at '' is no list"),
        ({"check_in": {"sent": "visiter"}}, "sent: the body has no property 'visiter'; did you mean 'visitor'?"),
        ({"search": {"resource": "lst", "role": "list"}}, "role: there is no resource 'lst'; did you mean 'list'?"),
        ({"search": {"resource": "list", "role": "read"}}, "no parameter is named like the id of list, number"),
    ],
)
def test_a_mistake_is_named_at_the_start_with_the_nearest_right_name(
    tmp_path: Path, hints: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Misconfigured) as caught:
        serve(tmp_path, hotel(**hints))

    assert reason in str(caught.value)
    assert "shop.json" in str(caught.value)


def test_two_resources_have_no_name_in_common(tmp_path: Path) -> None:
    raw = hotel(path={"resource": "guests"})
    raw["paths"]["/v2/list/{number}"] = {"get": {"responses": {"200": answer(ref("Guest"))}}, "x-understudy": {}}
    raw["paths"]["/v2/list/{number}"]["x-understudy"] = {"resource": "guests"}

    with pytest.raises(Misconfigured, match="another resource is named 'guests' already"):
        serve(tmp_path, raw)


def test_a_hint_without_effect_is_a_finding(tmp_path: Path) -> None:
    vendor = serve(tmp_path, hotel(search={"resource": "guests"})).app.vendors["shop"]

    found = [each.place for each in check_document(vendor.document, vendor.operations) if each.kind == "hint"]

    assert found == ["POST /v1/search"]


def test_a_hint_where_none_is_read_is_a_finding(tmp_path: Path) -> None:
    raw, hint = hotel(), {"x-understudy": {"resource": "guests"}}
    raw |= hint
    look, check_in = raw["paths"]["/v1/list/{number}"]["get"], raw["paths"]["/v1/list"]["post"]
    look["parameters"] = [{"name": "number", "in": "path", "required": True, "schema": TEXT, **hint}]
    look["responses"]["404"] |= hint
    check_in["requestBody"] |= hint
    check_in["requestBody"]["content"]["application/json"] |= hint
    raw["components"]["schemas"]["Error"]["properties"]["guest"] = {**ref("Guest"), **hint}
    raw["components"]["schemas"]["Error"]["properties"] |= hint  # a property of that name
    raw["info"] |= hint
    raw["tags"] = [{"name": "t", **hint}]

    found = serve(tmp_path, raw).app.vendors["shop"].document

    assert isinstance(found, ForeignDocument)
    assert {each.place for each in found.findings if each.kind == "hint"} == {
        "#/x-understudy",
        "#/paths/~1v1~1list~1{number}/get/parameters/0/x-understudy",
        "#/paths/~1v1~1list~1{number}/get/responses/404/x-understudy",
        "#/paths/~1v1~1list/post/requestBody/x-understudy",
        "#/paths/~1v1~1list/post/requestBody/content/application~1json/x-understudy",
        "#/components/schemas/Error/properties/guest/x-understudy",
        "#/components/schemas/Error/properties/x-understudy",
        "#/info/x-understudy",
        "#/tags/0/x-understudy",
    }


def test_a_role_without_a_collection_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"role: needs 'resource', the name of a collection .there are list"):
        serve(tmp_path, hotel(search={"role": "list"}))

"""Places that errors name: the property, in the variant of the body that the client meant."""

from typing import Any

import pytest

from tests.vendors.contacthub.api import Api
from tests.vendors.contacthub.calls import CUSTOMER, ELSEWHERE, ID, NODE
from understudy.core.json_types import Json

SOURCES = "/configuration/sources"
CUSTOMERS = "/configuration/properties/extended"
MATCHING = f"/configuration/nodes/entries/{NODE}/unique-customer-matching-policy"
CONSENTS = "/configuration/consent-policy"
LOG = "/consent-logs"
GIVEN = {"status": True}


def extended(api: Api, **definitions: Json) -> Json:
    """Return the definitions of customers with others added."""
    return dict(api.read(CUSTOMERS)) | definitions


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"provider": "API", "nodes": []}, ["/nodes"]),
        ({"provider": "API", "nodes": [3]}, ["/nodes/0"]),
        ({"provider": "BOGUS", "nodes": [NODE]}, ["/provider"]),
        ({"nodes": [NODE]}, ["/provider"]),
        ({"provider": "CONTACTSEND", "nodes": [NODE]}, ["/properties"]),
        ({"provider": "CONTACTSEND", "properties": {"groupPk": 1}, "nodes": [NODE]}, ["/properties/userdbId"]),
        ({"provider": "API", "properties": {"allowedIPs": ["here"]}}, ["/properties/allowedIPs/0"]),
    ],
)
def test_a_refused_source_names_the_property_of_its_provider(api: Api, body: Json, places: list[str]) -> None:
    assert api.places("POST", SOURCES, body) == places


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"nodes": []}, ["/nodes"]),
        ({"provider": "JavaScript", "nodes": []}, ["/nodes"]),
        ({"provider": "JavaScript", "properties": {"allowedURLs": [1]}}, ["/properties/allowedURLs/0"]),
        ({"provider": "BOGUS"}, ["/provider"]),
    ],
)
def test_a_refused_change_of_a_source_names_the_property(api: Api, body: Json, places: list[str]) -> None:
    assert api.places("PUT", f"{SOURCES}/{ID}0301", body) == places


@pytest.mark.parametrize(
    ("definition", "place"),
    [
        ({"type": "bogus"}, "/size/type"),
        ({}, "/size/type"),
        ({"type": "string", "format": "colour"}, "/size/format"),
        ({"type": "array"}, "/size/items"),
        ({"type": "array", "items": {"type": "bogus"}}, "/size/items/type"),
        ({"type": "number", "contactlabProperties": {"maxLength": 0}}, "/size/contactlabProperties/maxLength"),
        ({"type": ["string", "bogus"]}, "/size/type/1"),
    ],
)
def test_a_refused_extended_property_names_the_place_in_its_definition(api: Api, definition: Json, place: str) -> None:
    assert api.places("PUT", CUSTOMERS, extended(api, size=definition)) == [place]


@pytest.mark.parametrize(
    ("definition", "policy", "is_taken"),
    [
        ({"type": "string"}, "MATH_SUM", False),
        ({"type": "string"}, "OBJ_CONCATENATE", True),
        ({"type": "integer"}, "MATH_SUM", True),
        ({"type": ["null", "number"]}, "MATH_AVG", True),
        ({"type": "boolean"}, "MATH_MAX", False),
        ({"type": "integer"}, "ARRAY_UNION", False),
        ({"type": "array", "items": {"type": "string"}}, "ARRAY_UNION", True),
        ({"type": "array", "items": {"type": "integer"}}, "MATH_SUM", False),
        ({"type": "boolean"}, "OBJ_PRIORITY", True),
    ],
)
def test_a_merge_policy_fits_the_type_of_its_property(
    api: Api, definition: Json, policy: str, *, is_taken: bool
) -> None:
    body = extended(api, size=definition | {"contactlabProperties": {"mergePolicy": policy}})
    if is_taken:
        assert api.send("PUT", CUSTOMERS, body).status == 200
    else:
        assert api.places("PUT", CUSTOMERS, body) == ["/size/contactlabProperties/mergePolicy"]


@pytest.mark.parametrize(
    ("path", "is_known"),
    [
        ("externalId", True),
        ("base.contacts.email", True),
        ("extended.loyaltyLevel", True),
        ("base.contacts.mail", False),
        ("extended.unheardOf", False),
        ("", False),
    ],
)
def test_a_matching_policy_is_of_properties_that_customers_have(api: Api, path: str, *, is_known: bool) -> None:
    body = {"properties": ["base.firstName", path]}
    if is_known:
        assert api.send("PUT", MATCHING, body).json["properties"] == body["properties"]
    else:
        assert api.places("PUT", MATCHING, body) == ["/properties/1"]


@pytest.mark.parametrize("name", ["profiling.online", "consents.profiling.online", "consents.profiling.online.status"])
def test_a_consent_is_named_by_its_path_in_the_customer_or_in_its_consents(api: Api, name: str) -> None:
    event = {
        "customerId": CUSTOMER,
        "type": "viewedPage",
        "context": "WEB",
        "properties": {"url": "https://shop.example.com/"},
    }
    assert api.send("PUT", CONSENTS, {"viewedPage": [name]}).json == {"viewedPage": [name]}
    assert api.places("POST", "/events", event) == ["/type"]

    api.send("PATCH", f"/customers/{CUSTOMER}", {"consents": {"profiling": {"online": GIVEN}}})

    assert api.send("POST", "/events", event).status == 202


@pytest.mark.parametrize(
    "name",
    [
        "no.such.consent",
        "marketing.traditional.email",
        "profiling",
        "disclaimer.date",
        "consents",
        "base.firstName",
        "",
    ],
)
def test_a_consent_policy_names_consents_only(api: Api, name: str) -> None:
    assert api.places("PUT", CONSENTS, {"searched": ["softSpam.email", name]}) == ["/searched/1"]


@pytest.mark.parametrize(
    "path",
    [
        "consents.profiling.online.status",
        "$.consents.profiling.online.status",
        "/consents/profiling/online/status",
        "$['consents']['profiling']['online']['status']",
        "profiling.online.status",
        "$.consents.profiling",
        "/consents/profiling/online",
    ],
)
def test_the_log_is_searched_by_a_path_in_any_notation_and_by_a_prefix(api: Api, path: str) -> None:
    api.send("PATCH", f"/customers/{ELSEWHERE}", {"consents": {"profiling": {"online": {"status": False}}}})
    api.send("PATCH", f"/customers/{ELSEWHERE}", {"consents": {"profiling": {"online": {"status": True}}}})

    found = logged(api, path)

    assert "consents.profiling.online.status" in found
    assert all(each.startswith("consents.profiling.") for each in found)


@pytest.mark.parametrize("path", ["consents.prof", "$.consents.profiling.online.stat", "base.firstName", "/status"])
def test_a_part_of_a_name_is_no_prefix(api: Api, path: str) -> None:
    api.send("PATCH", f"/customers/{ELSEWHERE}", {"consents": {"profiling": {"online": {"status": False}}}})

    assert logged(api, path) == []


def test_all_consents_are_a_prefix_and_whole_customers_are_not_among_them(api: Api) -> None:
    api.send("GET", f"/customers/{ELSEWHERE}/export")
    found = logged(api, "$.consents")

    assert found
    assert None not in found


def logged(api: Api, path: str) -> list[Any]:
    answer = api.read(f"{LOG}?customerId={ELSEWHERE}&property={path.replace('[', '%5B').replace(']', '%5D')}&size=50")
    return [entry["property"] for entry in answer["elements"]]


def test_bulk_jobs_are_listed_in_large_pages_and_by_several_fields(api: Api) -> None:
    found = api.read(f"/nodes/{NODE}/bulk-jobs?size=400&sort=entity&sort=createdAt,asc")

    assert [job["id"] for job in found["elements"]] == [f"{ID}9002", f"{ID}9001"]
    assert found["page"]["size"] == 400


def test_a_deleted_customer_is_shown_as_deleted_in_the_stream(api: Api) -> None:
    offset = api.read("/updates/last-offset")["lastOffset"]
    assert api.send("DELETE", f"/customers/{CUSTOMER}").status == 200

    updates = api.read(f"/updates?offset={offset}&entity=CUSTOMER&nodeId={NODE}")["updates"]

    assert [(update["operation"], update["entity"]["data"]["deleted"]) for update in updates] == [("DELETE", 1)]

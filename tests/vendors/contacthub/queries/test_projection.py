"""Projection of a customer to ``fields``."""

from typing import Any

import pytest

from understudy.vendors.contacthub.queries.projection import project, read_fields

EDUCATION = {"id": "e-1", "schoolName": "College", "startYear": 2009}
SOFT_SPAM = {"email": {"status": True}, "papery": None}
NOTHING: dict[str, Any] = {"email": None, "phone": None, "otherContacts": []}
CUSTOMER: dict[str, Any] = {
    "id": "c-1",
    "intId": 5000,
    "nodeId": "n-1",
    "externalId": "customer-5000",
    "base": {
        "firstName": "Example",
        "lastName": "Customer",
        "contacts": {"email": "a@example.com", "phone": "1", "otherContacts": [{"name": "work", "value": "w"}]},
        "address": {"city": "Milano", "geo": {"lat": 45.46, "lon": 9.19}},
        "educations": [EDUCATION],
        "socialProfile": None,
    },
    "consents": {"softSpam": SOFT_SPAM, "profiling": {"online": None}},
    "extended": {"level": "gold", "sizes": {"shoe": 42, "hat": 56}},
    "extra": "free",
    "tags": {"auto": ["a"], "manual": ["vip"]},
    "enabled": True,
    "version": 3,
}


def shown(fields: str) -> dict[str, Any]:
    wanted = read_fields(fields.split(","))
    assert wanted is not None
    return project(CUSTOMER, wanted)


def test_what_the_server_makes_is_always_there() -> None:
    made = ("id", "intId", "nodeId", "enabled", "version")
    assert {name: shown("base.firstName")[name] for name in made} == {name: CUSTOMER[name] for name in made}


def test_unlisted_properties_are_null_or_empty() -> None:
    assert shown("base.firstName") == CUSTOMER | {
        "externalId": None,
        "base": {
            "firstName": "Example",
            "lastName": None,
            "contacts": None,
            "address": None,
            "educations": [],
            "socialProfile": None,
        },
        "consents": None,
        "extended": None,
        "extra": None,
        "tags": None,
    }


@pytest.mark.parametrize(
    ("fields", "part", "value"),
    [
        ("externalId", "externalId", "customer-5000"),
        ("extra, tags", "extra", "free"),
        ("extra, tags", "tags", CUSTOMER["tags"]),
        ("base", "base", CUSTOMER["base"]),
        ("base,base.firstName", "base", CUSTOMER["base"]),
        ("base.firstName,base", "base", CUSTOMER["base"]),
        ("tags.manual", "tags", {"auto": [], "manual": ["vip"]}),
        ("extended", "extended", CUSTOMER["extended"]),
        ("extended.level", "extended", {"level": "gold"}),
        ("extended.sizes.hat", "extended", {"sizes": {"shoe": None, "hat": 56}}),
        ("consents.softSpam.email", "consents", {"softSpam": SOFT_SPAM, "profiling": None}),
        ("no.such", "base", shown("id")["base"]),
    ],
)
def test_a_listed_property_is_whole(fields: str, part: str, value: Any) -> None:
    assert shown(fields)[part] == value


@pytest.mark.parametrize(
    ("fields", "part", "value"),
    [
        ("base.contacts.email", "contacts", NOTHING | {"email": "a@example.com"}),
        (
            "base.contacts.otherContacts.name",
            "contacts",
            NOTHING | {"otherContacts": [{"name": "work", "value": None}]},
        ),
        ("base.educations.startYear", "educations", [EDUCATION | {"schoolName": None}]),
        ("base.socialProfile.facebook", "socialProfile", None),
        ("base.firstName.first", "firstName", None),
    ],
)
def test_a_nested_property_comes_with_null_beside_it(fields: str, part: str, value: Any) -> None:
    assert shown(fields)["base"][part] == value


def test_a_position_has_no_part_that_can_be_null() -> None:
    assert shown("base.address.geo.lat")["base"]["address"] == {"city": None, "geo": {"lat": 45.46, "lon": 9.19}}


@pytest.mark.parametrize("fields", [None, [], [" ", " "]])
def test_no_fields_are_all_fields(fields: list[str] | None) -> None:
    assert read_fields(fields) is None

"""Rules of a customer, and the path that each violation names."""

from typing import Any

import pytest

from tests.vendors.contacthub.calls import CUSTOMER, NODE, WORKSPACE, configure, create, patch, put, read, sent
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import write_setting
from understudy.vendors.contacthub.customers.customer_rules import check_profile

Json = dict[str, Any]


def create_checked(state: VendorState, body: Json) -> None:
    """Create a customer of a body that no request has brought: the spec checks what a request has of it."""
    check_profile(state, WORKSPACE, body)
    create(state, body)


def patch_checked(state: VendorState, body: Json) -> None:
    """Change a customer by a body that no request has brought."""
    check_profile(state, WORKSPACE, body)
    patch(state, body)


def refusals(state: VendorState, body: Json) -> dict[str, str]:
    """Return the messages of a refused new customer, by path."""
    with pytest.raises(Refused, match=r"^source customer is not valid$") as caught:
        create_checked(state, body)
    assert caught.value.status == 400
    return {violation.path: violation.rule for violation in caught.value.violations}


def changes_refused(state: VendorState, body: Json) -> dict[str, str]:
    """Return the messages of a refused change, by path."""
    with pytest.raises(Refused, match=r"^source customer is not valid$") as caught:
        patch_checked(state, body)
    return {violation.path: violation.rule for violation in caught.value.violations}


def define(state: VendorState, **properties: Json) -> None:
    write_setting(state, WORKSPACE, "extended/customers", properties)


# Unique and mandatory properties


def test_a_customer_without_the_unique_property_is_refused(state: VendorState) -> None:
    with pytest.raises(Refused, match=r"^source customer is not valid$") as caught:
        create(state, {"nodeId": NODE, "base": {"firstName": "Nameless"}})
    violation = caught.value.violations[0]
    assert (violation.path, violation.message) == ("/base/contacts/email", "unique customer property is required")


def test_a_customer_without_a_mandatory_property_is_refused(state: VendorState) -> None:
    configure(state, mandatoryProperties=["base.lastName", "tags.manual"])
    assert refusals(state, sent()) == {"/base/lastName": "required", "/tags/manual": "required"}


def test_a_merge_needs_the_mandatory_properties_again(state: VendorState) -> None:
    configure(state, mandatoryProperties=["base.lastName"])
    assert refusals(state, sent("customer-5000@example.com")) == {"/base/lastName": "required"}


def test_a_put_needs_the_mandatory_properties(state: VendorState) -> None:
    configure(state, mandatoryProperties=["base.lastName"])
    with pytest.raises(Refused) as caught:
        put(state, sent("customer-5000@example.com"))
    assert caught.value.violations[0].path == "/base/lastName"


def test_a_patch_does_not_unset_a_unique_property(state: VendorState) -> None:
    assert changes_refused(state, {"base": {"contacts": None}}) == {"/base/contacts/email": "required"}


def test_a_patch_need_not_bring_a_mandatory_property(state: VendorState) -> None:
    configure(state, mandatoryProperties=["base.lastName"])
    assert patch(state, {"base": {"firstName": "X"}})["base"]["firstName"] == "X"


# Property schemas


@pytest.mark.parametrize(
    ("base", "place", "rule"),
    [
        ({"firstName": 5}, "/base/firstName", "type"),
        ({"shoeSize": 43}, "/base/shoeSize", "additionalProperties"),
        ({"dob": "1990-02-30"}, "/base/dob", "format"),
        ({"locale": "italian"}, "/base/locale", "pattern"),
        ({"timezone": "Europe/Atlantis"}, "/base/timezone", "oneOf"),
        ({"contacts": {"email": "no address"}}, "/base/contacts/email", "format"),
        ({"contacts": "none"}, "/base/contacts", "type"),
        ({"contacts": {"otherContacts": [{"type": "FACE"}]}}, "/base/contacts/otherContacts/0/type", "enum"),
        ({"address": {"geo": {"lat": "north", "lon": 9}}}, "/base/address/geo/lat", "type"),
        ({"address": {"geo": {"lat": None, "lon": 9}}}, "/base/address/geo/lat", "type"),
        ({"educations": [{"schoolName": "Example College"}]}, "/base/educations/0/id", "required"),
        ({"educations": [{"id": ""}]}, "/base/educations/0/id", "minLength"),
        ({"educations": [{"id": "a", "startYear": 2**63}]}, "/base/educations/0/startYear", "maximum"),
        ({"jobs": [None]}, "/base/jobs/0", "type"),
        ({"likes": [{"id": "a", "createdTime": "yesterday"}]}, "/base/likes/0/createdTime", "anyOf"),
        ({"subscriptions": [{"id": "a", "kind": "PAPER"}]}, "/base/subscriptions/0/kind", "enum"),
        (
            {"subscriptions": [{"id": "a", "subscribeContext": {"ip": 5}}]},
            "/base/subscriptions/0/subscribeContext/ip",
            "type",
        ),
    ],
)
def test_a_violation_names_the_base_property_that_breaks_its_schema(
    state: VendorState, base: Json, place: str, rule: str
) -> None:
    assert changes_refused(state, {"base": base}) == {place: rule}


def test_a_consent_that_breaks_its_schema_is_named(state: VendorState) -> None:
    body = {"consents": {"profiling": {"classic": {"state": True}}}}
    assert list(changes_refused(state, body)) == ["/consents/profiling/classic"]


@pytest.mark.parametrize(
    "text",
    ["2025-02-30T00:00:00+0100", "2025-06-30T23:59:60Z", "0000-01-01T00:00:00.000+0000", "0001-01-01T00:00:00+05:00"],
)
def test_a_time_that_no_calendar_has_is_refused(state: VendorState, text: str) -> None:
    body = {"base": {"likes": [{"id": "rowing", "createdTime": text}]}, "consents": {"disclaimer": {"date": text}}}
    assert changes_refused(state, body) == {
        "/base/likes/0/createdTime": "format",
        "/consents/disclaimer/date": "format",
    }


def test_what_is_read_may_be_sent_back_with_all_its_nulls(state: VendorState) -> None:
    body = read(state)
    assert put(state, {**body, "base": {**body["base"], "dob": None}})["base"]["dob"] is None


def test_half_a_position_completes_a_stored_one(state: VendorState) -> None:
    assert patch(state, {"base": {"address": {"geo": {"lat": 1}}}})["base"]["address"]["geo"] == {"lat": 1, "lon": 9.19}


def test_half_a_position_alone_is_refused(state: VendorState) -> None:
    assert refusals(state, sent(address={"geo": {"lat": 1}})) == {"/base/address/geo/lon": "required"}


# Limits


@pytest.mark.parametrize(
    ("base", "longest", "place"),
    [
        ("firstName", 255, "/base/firstName"),
        ("pictureUrl", 1000, "/base/pictureUrl"),
        ("address.street", 500, "/base/address/street"),
        ("address.city", 255, "/base/address/city"),
        ("credential.password", 255, "/base/credential/password"),
    ],
)
def test_a_text_has_a_greatest_length(state: VendorState, base: str, longest: int, place: str) -> None:
    def body(length: int) -> Json:
        outer, _, inner = base.partition(".")
        return {"base": {outer: {inner: "x" * length} if inner else "x" * length}}

    patch(state, body(longest))
    assert changes_refused(state, body(longest + 1)) == {place: "maxLength"}


def test_an_elements_text_has_a_greatest_length(state: VendorState) -> None:
    assert changes_refused(state, {"base": {"jobs": [{"id": "a" * 256}]}}) == {"/base/jobs/0/id": "maxLength"}


@pytest.mark.parametrize("kind", ["auto", "manual"])
def test_tags_are_limited_in_sum(state: VendorState, kind: str) -> None:
    patch(state, {"tags": {kind: ["x" * 600, "y" * 400]}})
    assert changes_refused(state, {"tags": {kind: ["x" * 600, "y" * 401]}}) == {f"/tags/{kind}": "maxLength"}


def test_tags_are_limited_after_a_merge(state: VendorState) -> None:
    body = sent("customer-5000@example.com") | {"tags": {"manual": ["x" * 998]}}
    assert refusals(state, body) == {"/tags/manual": "maxLength"}


def test_a_customer_over_64_kb_is_refused(state: VendorState) -> None:
    assert create(state, sent() | {"extra": "x" * 60_000})["extra"] == "x" * 60_000
    assert refusals(state, sent() | {"extra": "x" * 65_536}) == {"": "size"}


# Extended properties


def test_an_extended_property_that_is_not_defined_is_refused(state: VendorState) -> None:
    assert changes_refused(state, {"extended": {"shoeSize": 43}}) == {"/extended/shoeSize": "additionalProperties"}


@pytest.mark.parametrize(
    ("definition", "value", "rule"),
    [
        ({"type": "integer"}, 4.5, "type"),
        ({"type": "number"}, "4.5", "type"),
        ({"type": "boolean"}, "yes", "type"),
        ({"type": "string"}, 5, "type"),
        ({"type": "string"}, "x" * 256, "maxLength"),
        ({"type": "string", "contactlabProperties": {"maxLength": 3}}, "four", "maxLength"),
        ({"type": "string", "format": "date"}, "31/01/2026", "format"),
        ({"type": "array", "items": {"type": "string"}}, ["x" * 250] * 4, "maxLength"),
        ({"type": ["string", "null"], "format": "email"}, "nobody", "format"),
        ({"type": "boolean", "contactlabProperties": {"enabled": False}}, True, "disabled"),
    ],
)
def test_an_extended_value_keeps_its_definition(state: VendorState, definition: Json, value: object, rule: str) -> None:
    define(state, size=definition)
    assert changes_refused(state, {"extended": {"size": value}}) == {"/extended/size": rule}


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        ({"type": "integer"}, 43),
        ({"type": "number"}, 4.5),
        ({"type": "string", "contactlabProperties": {"maxLength": 6000}}, "x" * 6000),
        ({"type": "array", "items": {"type": "integer"}}, [10, 25]),
        ({"type": "object", "properties": {"a": {"type": "string", "properties": 5}}}, {"a": "b", "c": [1]}),
    ],
)
def test_an_extended_value_that_fits_its_definition_is_stored(
    state: VendorState, definition: Json, value: object
) -> None:
    define(state, size=definition)
    assert patch(state, {"extended": {"size": value}})["extended"]["size"] == value


def test_nested_extended_values_are_checked(state: VendorState) -> None:
    define(state, size={"type": "object", "properties": {"shoe": {"type": ["integer", "null"]}}})
    assert changes_refused(state, {"extended": {"size": {"shoe": "big"}}}) == {"/extended/size/shoe": "type"}


# Disabled properties


def test_a_disabled_base_property_is_refused(state: VendorState) -> None:
    write_setting(state, WORKSPACE, "baseProperties", {"contacts.fax": {"enabled": False}, "dob": {"enabled": False}})
    body = {"base": {"contacts": {"fax": "1"}, "dob": "1990-03-01"}}
    assert changes_refused(state, body) == {"/base/contacts/fax": "disabled", "/base/dob": "disabled"}


def test_a_disabled_base_property_may_be_sent_without_a_value(state: VendorState) -> None:
    write_setting(state, WORKSPACE, "baseProperties", {"contacts.fax": {"enabled": False}})
    assert patch(state, {"base": {"contacts": {"fax": None}}})["id"] == CUSTOMER

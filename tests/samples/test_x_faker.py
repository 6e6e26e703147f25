"""Values of ``x-faker``, in the spellings that documents for Prism have."""

import re
from typing import Any

import pytest

from tests.samples.documents import document_of, maker_of, named
from understudy.samples.x_faker import METHODS, unknown_methods


def value_of(schema: dict[str, Any], key: str = "it") -> Any:
    return maker_of({"It": schema}).value(named("It"), key)


@pytest.mark.parametrize(
    ("method", "pattern"),
    [
        ("person.firstName", r"\w[\w' -]+"),
        ("name.firstName", r"\w[\w' -]+"),
        ("name.findName", r"\S+ .+"),
        ("internet.email", r"[a-z.]+@example\.com"),
        ("location.zipCode", r"\d{5}"),
        ("address.stateAbbr", "[A-Z]{2}"),
        ("finance.currencyCode", "USD"),
        ("datatype.uuid", r"[0-9a-f-]{36}"),
        ("string.alphanumeric", "[a-z0-9]{8}"),
        ("Internet.URL", r"https://example\.com/.+"),
        ("phone.number", r"\+1202555\d{4}"),
        ("date.past", r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        ("{{name.lastName}}, {{ person.firstName }}", r"[^,]+, [^,]+"),
    ],
)
def test_a_method_makes_its_value(method: str, pattern: str) -> None:
    assert re.fullmatch(pattern, value_of({"type": "string", "x-faker": method}))


@pytest.mark.parametrize(
    ("schema", "allowed"),
    [
        ({"type": "integer", "x-faker": {"number.int": {"min": 4, "max": 6}}}, {4, 5, 6}),
        ({"type": "integer", "x-faker": {"datatype.number": 0}}, {0}),
        ({"type": "string", "x-faker": {"helpers.arrayElement": [["red", "blue"]]}}, {"red", "blue"}),
        ({"type": "string", "x-faker": {"string.alpha": 0}}, {""}),
        ({"type": "number", "x-faker": {"finance.amount": [7, 7, 2]}}, {7.0}),
        ({"type": "string", "x-faker": {"finance.amount": [7, 7, 2, "€"]}}, {"€7.00"}),
        ({"type": "string", "x-faker": {"helpers.fromRegExp": "[A]{3}"}}, {"AAA"}),
    ],
)
def test_arguments_are_obeyed(schema: dict[str, Any], allowed: set[Any]) -> None:
    found = {value_of(schema, f"it {number}") for number in range(12)}
    assert found <= allowed


def test_a_value_that_the_schema_does_not_allow_is_not_taken() -> None:
    made = value_of({"type": "string", "maxLength": 2, "x-faker": "internet.email"})
    assert len(made) <= 2


def test_an_example_comes_before() -> None:
    assert value_of({"type": "string", "example": "me", "x-faker": "person.firstName"}) == "me"


def test_a_method_fits_a_number_and_a_text() -> None:
    assert isinstance(value_of({"type": "number", "x-faker": "location.latitude"}), float)
    assert isinstance(value_of({"type": "string", "x-faker": "location.latitude"}), str)


def test_every_method_makes_something() -> None:
    maker = maker_of({name: {"x-faker": name} for name in METHODS})
    made = {name: maker.value(named(name), "it") for name in METHODS}
    assert [name for name, value in made.items() if value in (None, {}, "")] == []


def test_unknown_methods_are_named_with_the_nearest() -> None:
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "string", "x-faker": "person.firstNam"},
            "b": {"type": "string", "x-faker": {"number.int": 1, "number.float": 2}},
            "c": {"type": "string", "x-faker": "{{person.lastName}} {{internet.emial}}"},
            "d": {"type": "string", "x-faker": "person.lastName"},
            "x-faker": {"type": "string"},
        },
    }
    found = dict(unknown_methods(document_of({"It": schema})))
    place = "#/components/schemas/It/properties"
    assert found == {
        f"{place}/a/x-faker": "no method 'person.firstNam' is known; did you mean 'person.firstName'?",
        f"{place}/b/x-faker": "names no method",
        f"{place}/c/x-faker": "no method 'internet.emial' is known; did you mean 'internet.email'?",
    }


def test_what_is_unknown_is_made_by_the_name() -> None:
    schema = {"type": "object", "properties": {"email": {"type": "string", "x-faker": "no.such"}}}
    assert value_of(schema)["email"].endswith("@example.com")

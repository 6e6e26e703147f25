"""Values of common fields: realistic, in the scenario's locale, and in agreement with each other."""

import re
import subprocess
import sys
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from tests.samples.documents import maker_of, named
from understudy.contract.foreign.loading import load_foreign
from understudy.contract.schema_compiler import SchemaCompiler
from understudy.samples.places import COUNTRIES
from understudy.samples.sample_maker import SampleMaker

DOMAINS = Path(__file__).with_name("domains.yaml")


def domains(locale: str = "en_US", seed: int = 1) -> SampleMaker:
    document = load_foreign("domains", str(DOMAINS))
    return SampleMaker(document, SchemaCompiler(document, is_lazy=True), seed, locale)


def some(name: str, locale: str = "en_US") -> list[Any]:
    maker = domains(locale)
    return [maker.value(named(name), f"{name}/{number}") for number in range(20)]


def test_the_names_and_the_address_of_a_person_agree() -> None:
    for each in some("Customer"):
        first, last = (re.sub(r"[^a-z]", "", each[name].lower()) for name in ("firstName", "lastName"))
        assert each["email"] == f"{first}.{last}@example.com"
        assert each["address"]["name"] == f"{each['firstName']} {each['lastName']}"


def test_a_birth_date_agrees_with_the_age() -> None:
    for each in some("Customer"):
        born = date.fromisoformat(each["dateOfBirth"])
        assert each["age"] == 2026 - born.year - ((born.month, born.day) > (1, 15))


@pytest.mark.parametrize("locale", COUNTRIES)
def test_city_state_postcode_country_and_currency_are_of_one_country(locale: str) -> None:
    country = COUNTRIES[locale]
    cities = {city.name: city for city in country.cities}
    for each in some("Order", locale):
        place = each["shipping_address"]
        city = cities[place["city"]]
        assert place["postal_code"] == city.postcode
        assert place["state"] in (city.region, city.region_code)
        assert (place["country"], each["currency"]) == (country.code, country.currency)


def test_the_lines_of_an_order_add_up() -> None:
    for each in some("Order"):
        for line in each["items"]:
            assert line["total"] == round(line["quantity"] * line["unit_price"], 2)
        assert each["subtotal"] == pytest.approx(sum(line["total"] for line in each["items"]), abs=0.01)
        assert each["total"] == pytest.approx(each["subtotal"] + each["tax"] + each["shipping"], abs=0.01)


def test_an_invoice_in_cents_adds_up_in_whole_numbers() -> None:
    for each in some("Invoice"):
        assert each["total_amount"] == each["net_amount"] + each["tax_amount"]
        assert isinstance(each["total_amount"], int)


def test_what_begins_ends_later_and_what_is_changed_was_made_before() -> None:
    for each in some("Employee"):
        assert each["startDate"] < each["endDate"]
    for each in some("Customer"):
        assert each["createdAt"] < each["updatedAt"]
    for each in some("Invoice"):
        assert each["issue_date"] < each["due_date"]
    for each in some("Order"):
        assert each["placed_at"] < each["shipped_at"]


def test_the_lowest_price_is_below_the_highest() -> None:
    assert all(each["min_price"] <= each["max_price"] for each in some("Hotel"))


def test_a_name_is_one_of_the_things_that_the_schema_is_about() -> None:
    assert {each["name"] for each in some("Pet")} & {"Bella", "Milo", "Luna", "Oscar", "Coco"}
    assert {each["name"] for each in some("Product")} & {"Ceramic mug", "Cotton T-shirt", "Travel backpack"}
    assert all(" " in each["name"] for each in some("User"))
    assert {each["title"] for each in some("Task")} & {"Add dark mode", "Fix the login on Safari", "Order new badges"}


def test_a_description_that_lists_values_is_obeyed() -> None:
    assert {each["status"] for each in some("Task")} == {"open", "in_progress", "done"}


def test_a_description_may_ask_for_lower_case() -> None:
    assert {each["currency"] for each in some("Invoice")} == {"usd"}


def test_no_text_is_in_dummy_latin() -> None:
    texts = str([some(name) for name in ("Task", "Product", "Hotel", "Order", "Employee")]).lower()
    assert not re.search(r"\b(lorem|ipsum|dolor|amet|consectetur)\b", texts)


def test_a_count_is_that_of_the_items() -> None:
    page = {
        "type": "object",
        "properties": {"total": {"type": "integer"}, "data": {"type": "array", "items": {"type": "string"}}},
    }
    value = maker_of({"Page": page}).value(named("Page"), "page")
    assert value["total"] == len(value["data"])


def test_an_example_is_taken_first_and_another_of_its_form_where_values_are_generated() -> None:
    schema = {"type": "object", "properties": {"id": {"type": "string", "example": "cus_9sK2mQ4xTz81Ab"}}}
    maker = maker_of({"It": schema})
    assert maker.value(named("It"), "it") == {"id": "cus_9sK2mQ4xTz81Ab"}
    made = {maker.generated(named("It"), f"it {number}")["id"] for number in range(20)}
    assert len(made) == 20
    assert all(re.fullmatch("cus_[0-9A-Za-z]{14}", each) for each in made)


def test_another_seed_or_key_makes_another_value_and_the_same_the_same() -> None:
    one, other = domains(seed=1), domains(seed=2)
    assert one.value(named("Customer"), "a") == domains(seed=1).value(named("Customer"), "a")
    assert one.value(named("Customer"), "a") != other.value(named("Customer"), "a")
    assert one.value(named("Customer"), "a") != one.value(named("Customer"), "b")


def test_a_value_does_not_depend_on_those_that_were_made_before() -> None:
    fresh, used = domains(), domains()
    for number in range(5):
        used.value(named("Order"), f"other {number}")
    assert fresh.value(named("Customer"), "a") == used.value(named("Customer"), "a")


def test_another_process_makes_the_same_values() -> None:
    code = (
        "import orjson, sys; from tests.samples.test_realistic_values import domains, named;"
        "sys.stdout.buffer.write(orjson.dumps([domains('de_DE').value(named(n), 'k') for n in ('Order', 'Hotel')]))"
    )
    runs = {subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(2)}
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ({}, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        ({"description": "In the form of RFC 2822."}, r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000"),
        ({"example": "2020-01-31 10:00:00"}, r"20(19|2\d)-\d\d-\d\d \d\d:\d\d:\d\d"),
        ({"example": "31/01/2020"}, r"\d\d/\d\d/20\d\d"),
        ({"format": "date"}, r"20\d\d-\d\d-\d\d"),
    ],
)
def test_a_time_has_the_form_that_the_document_shows(schema: dict[str, str], pattern: str) -> None:
    whole = {"type": "object", "properties": {"created_at": {"type": "string", **schema}}}
    made = maker_of({"It": whole}).generated(named("It"), "it")["created_at"]
    assert re.fullmatch(pattern, made)
    assert made != schema.get("example")


def test_texts_of_time_are_in_order_too() -> None:
    part = {"type": "string", "description": "RFC 2822"}
    schema = {"type": "object", "properties": {"date_created": part, "date_updated": part}}
    made = maker_of({"It": schema}).value(named("It"), "it")
    created, updated = (parsedate_to_datetime(made[name]) for name in ("date_created", "date_updated"))
    assert created < updated


def test_a_code_has_the_length_that_the_description_asks_for() -> None:
    part = {"type": "string", "description": "Two-letter country code."}
    schema = {"type": "object", "properties": {"country": part}}
    assert maker_of({"It": schema}).value(named("It"), "it") == {"country": "US"}

"""Contacthub's customers: complete, plausible, and each without some of the optional properties."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

import orjson
import pytest

from understudy.casting import Cast
from understudy.casting.kinds.contacthub.contacts import MAX_OFFSET, PARTS_PER_DEGREE
from understudy.casting.kinds.contacthub.customers import CUSTOMERS
from understudy.casting.locale_files import shipped_locales
from understudy.casting.population.vocabulary import load_lifestyle, load_locale
from understudy.casting.record_request import RecordRequest
from understudy.casting.scenario import ANCHOR
from understudy.casting.writers.format_protocol import flat
from understudy.core.data_folder import data_folder
from understudy.vendors.contacthub.schemas.property_schemas import FOLDER
from understudy.vendors.contacthub.start_data.fixed_ids import ENTRY_NODE, OTHER_ENTRY_NODE

MANY = 1200
VOCABULARY = data_folder("fixtures") / "vocabulary"
LOCALES = {name: load_locale(VOCABULARY, name) for name in shipped_locales()}
PLACES = {(locale.name, place.city): place for locale in LOCALES.values() for place in locale.places}
LATER = {"subscribeContext", "unsubscribeContext"}
"""Properties that the published schema lacks; subscriptions made in a shop have none of them."""

Json = dict[str, Any]


@cache
def cast() -> Cast:
    return Cast(people=MANY, seed=4)


@cache
def customers() -> list[Json]:
    return list(cast()[CUSTOMERS.name])


def bases() -> Iterator[Json]:
    return (customer["base"] for customer in customers())


@cache
def columns() -> Counter[str]:
    return Counter(path for customer in customers() for path in flat(customer))


def test_every_base_property_is_in_some_customer() -> None:
    schema = json.loads((FOLDER / "base.json").read_text())

    found = {name for base in bases() for name in leaves(base)}

    assert {name for name in named(schema) if name.rpartition(".")[2] not in LATER} == found


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("base.firstName", 1.0),
        ("base.contacts.email", 1.0),
        ("base.contacts.phone", 0.55),
        ("base.contacts.fax", 0.03),
        ("base.address.city", 0.92),
        ("base.educations", 0.38),
        ("base.subscriptions", 0.78),
        ("consents.disclaimer.date", 0.94),
        ("extended.visits", 0.72),
        ("extra", 0.15),
        ("tags.manual", 0.48),
    ],
)
def test_an_optional_property_is_in_its_share_of_customers(path: str, wanted: float) -> None:
    assert columns()[path] / MANY == pytest.approx(wanted, abs=0.045)


def test_a_customer_is_the_person_with_that_number() -> None:
    for person, customer in zip(cast().people, customers(), strict=True):
        base = customer["base"]
        assert customer["externalId"] == person.id
        assert (base["firstName"], base["lastName"], base["locale"]) == (
            person.first_name,
            person.last_name,
            person.locale,
        )
        assert base["contacts"]["email"] == person.email
        assert base.get("gender", person.gender) == person.gender
        assert base.get("dob", str(person.birth_date)) == str(person.birth_date)
        assert base["contacts"].get("phone", person.phone) == person.phone


def test_customers_are_in_the_nodes_of_the_start() -> None:
    assert {customer["nodeId"] for customer in customers()} == {ENTRY_NODE, OTHER_ENTRY_NODE}


def test_title_and_degree_and_middle_name_are_of_the_gender() -> None:
    for person, base in zip(cast().people, bases(), strict=True):
        locale = LOCALES[person.locale]
        assert base.get("title") in {None, *locale.titles[person.gender]}
        assert base.get("prefix") in {None, *locale.degrees[person.gender]}
        assert base.get("middleName") in {None, *locale.first_names[person.gender]}


def test_address_position_zone_and_mobile_number_are_of_one_place() -> None:
    for person, base in zip(cast().people, bases(), strict=True):
        locale, place = LOCALES[person.locale], PLACES[person.locale, person.city]
        assert base["timezone"] == place.timezone
        address = base.get("address", {})
        assert address.get("city", place.city) == place.city
        assert address.get("province", place.province) == place.province
        assert address.get("region", place.region) == place.region
        if geo := address.get("geo"):
            assert abs(geo["lat"] - place.latitude) <= (MAX_OFFSET + 1) / PARTS_PER_DEGREE
            assert abs(geo["lon"] - place.longitude) <= (MAX_OFFSET + 1) / PARTS_PER_DEGREE
        if mobile := base["contacts"].get("mobilePhone"):
            reserved = [pattern.rstrip("#") for pattern in locale.mobile.reserved.values()]
            starts = [*locale.mobile.prefixes, *reserved] or [place.area]
            assert any(mobile.startswith(f"+{locale.calling_code}{start}") for start in starts)


def test_no_two_have_the_same_mobile_number() -> None:
    counts = Counter(base["contacts"].get("mobilePhone") for base in bases())
    del counts[None]
    assert max(counts.values()) == 1


def test_places_are_within_their_countries() -> None:
    boxes = {"IT": (36, 47.1, 6.6, 18.6), "GB": (49.9, 60.9, -8.2, 1.8), "PL": (49, 54.9, 14.1, 24.2),
             "DE": (47.2, 55.1, 5.8, 15.1), "FR": (41.3, 51.1, -5.2, 9.6), "US": (18.9, 61.3, -160, -66.9)}  # fmt: skip
    for (locale, _), place in PLACES.items():
        south, north, west, east = boxes[locale[-2:]]
        assert south < place.latitude < north, place
        assert west < place.longitude < east, place


def test_educations_jobs_and_likes_come_in_order() -> None:
    for person, base in zip(cast().people, bases(), strict=True):
        for school in base.get("educations", ()):
            assert person.birth_date.year + 10 <= school["startYear"] < school["endYear"]
        for job in base.get("jobs", ()):
            assert person.birth_date.year + 18 <= date.fromisoformat(job["startDate"]).year < ANCHOR.year
        for like in base.get("likes", ()):
            assert person.registered_at <= datetime.fromisoformat(like["createdTime"]) <= ANCHOR


def test_a_subscription_holds_as_long_as_mail_is_allowed() -> None:
    for customer in customers():
        allowed = flat(customer).get("consents.marketing.automatic.email.status")
        for subscription in customer["base"].get("subscriptions", ()):
            assert subscription["subscribed"] is ("endDate" not in subscription)
            assert allowed in {None, subscription["subscribed"]}
            assert subscription["startDate"] <= subscription.get("endDate", "3")


def test_consents_vary() -> None:
    answers = {
        tuple(value for path, value in flat(customer).items() if path.startswith("consents.marketing"))
        for customer in customers()
    }
    assert len(answers) > MANY / 10


@pytest.mark.parametrize("numbers", [range(150), range(7, 2000, 3)])
def test_the_text_of_a_record_is_the_record(numbers: range) -> None:
    request = RecordRequest(CUSTOMERS.name, cast().scenario)
    lines = request.write()(numbers)

    assert [orjson.loads(line) for line in lines.splitlines()] == request.open()(numbers)
    assert b"".join(orjson.dumps(record) + b"\n" for record in request.open()(numbers)) == lines
    assert lines == b"".join(request.write()(range(n, n + 1)) for n in numbers)


def test_no_word_of_a_vocabulary_needs_escaping() -> None:
    words = re.compile(r'["\\\x00-\x1f]')
    for locale in LOCALES.values():
        assert not words.search("".join(texts(locale._asdict())))
    assert not words.search("".join(texts(load_lifestyle(VOCABULARY)._asdict())))


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts([*value, *value.values()])
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)


def leaves(value: Any, path: str = "") -> Iterator[str]:
    for name, inner in value.items():
        items = inner if isinstance(inner, list) else [inner]
        for item in items:
            if isinstance(item, dict):
                yield from leaves(item, f"{path}{name}.")
            else:
                yield f"{path}{name}"


def named(schema: Json, path: str = "") -> Iterator[str]:
    for name, inner in schema["properties"].items():
        deeper = inner.get("items", inner)
        if "properties" in deeper:
            yield from named(deeper, f"{path}{name}.")
        else:
            yield f"{path}{name}"

"""The values of a person agree: name and e-mail, city, zip and phone, ages and dates."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from understudy.casting.locale_files import shipped_locales
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.people import ascii_letters
from understudy.casting.population.vocabulary import Locale, load_locale
from understudy.casting.scenario import ANCHOR, MAX_PEOPLE, Scenario
from understudy.core.cast import Person
from understudy.core.data_folder import data_folder

YEAR = timedelta(days=365.25)
VOCABULARY = data_folder("fixtures") / "vocabulary"
People = list[Person]


@pytest.fixture(scope="module")
def people() -> People:
    return list(LazyCast(Scenario(seed=3, people=20_000)).people)


@pytest.fixture(scope="module")
def locales() -> dict[str, Locale]:
    return {name: load_locale(VOCABULARY, name) for name in shipped_locales()}


@pytest.mark.parametrize("name", ["id", "email", "phone", "card_number"])
def test_ids_emails_phones_and_cards_are_unique(people: People, name: str) -> None:
    assert len({getattr(person, name).lower() for person in people}) == len(people)


def test_locales_have_about_equal_parts(people: People) -> None:
    counts = Counter(person.locale for person in people)
    assert set(counts) == set(shipped_locales())
    assert max(counts.values()) < 1.08 * min(counts.values())


@pytest.mark.parametrize("added", shipped_locales())
def test_another_locale_takes_some_people_and_changes_no_other(added: str) -> None:
    before = tuple(name for name in shipped_locales() if name != added)
    were = LazyCast(Scenario(people=600, locales=before)).people
    for order in ((*before, added), (added, *before)):
        people = LazyCast(Scenario(people=600, locales=order)).people
        stayed = [pair for pair in zip(were, people, strict=True) if pair[1].locale != added]
        assert 450 < len(stayed) < 550
        assert all(was == now for was, now in stayed)


def test_first_and_last_name_are_of_the_gender_and_the_locale(people: People, locales: dict[str, Locale]) -> None:
    for person in people[:3_000]:
        locale = locales[person.locale]
        assert person.first_name in locale.first_names[person.gender]
        assert person.last_name in locale.last_names[person.gender]


def test_both_genders_are_there(people: People) -> None:
    assert 0.5 < sum(person.gender == "F" for person in people) / len(people) < 0.54


def test_the_email_is_the_name_at_a_reserved_domain(people: People) -> None:
    for person in people:
        local, domain = person.email.split("@")
        assert domain in {"example.com", "example.org", "example.net"}
        assert re.fullmatch(r"[a-z]+[._]?[a-z]+[0-9]+", local)
        assert ascii_letters(person.last_name, person.locale) in local
        assert local.startswith(ascii_letters(person.first_name, person.locale)[0])
        assert local.endswith(str(person.number))


def test_city_province_zip_and_phone_are_of_one_place(people: People, locales: dict[str, Locale]) -> None:
    for person in people[:5_000]:
        locale = locales[person.locale]
        (place,) = [place for place in locale.places if place.city == person.city]
        assert person.country == locale.country == person.locale[-2:]
        assert person.province == place.province
        fictitious = [pattern.rstrip("#").replace("@", place.area) for pattern in locale.landline.reserved.values()]
        starts = tuple(f"+{locale.calling_code}{start}" for start in (place.area, *fictitious))
        assert person.phone.startswith(starts)
        assert any(re.fullmatch(code.replace("#", "[0-9]").replace("?", "[A-Z]"), person.zip) for code in place.zips)


def test_phones_are_e164_of_the_country_s_length(people: People, locales: dict[str, Locale]) -> None:
    for person in people:
        locale = locales[person.locale]
        assert re.fullmatch(r"\+[1-9][0-9]{7,14}", person.phone)
        assert len(person.phone) == 1 + len(locale.calling_code) + locale.landline.digits


@pytest.mark.parametrize("name", shipped_locales())
def test_no_area_code_begins_another(locales: dict[str, Locale], name: str) -> None:
    areas = sorted({place.area for place in locales[name].places})
    assert not any(after.startswith(before) for before, after in pairwise(areas))


@pytest.mark.parametrize("name", shipped_locales())
def test_phones_last_for_the_most_people_a_scenario_may_have(name: str) -> None:
    cast = LazyCast(Scenario(people=MAX_PEOPLE, locales=(name,)))
    last = cast.people[MAX_PEOPLE - 300 :]
    assert len({person.phone for person in last}) == 300


@pytest.mark.parametrize("name", shipped_locales())
def test_large_cities_have_more_people(name: str) -> None:
    counts = Counter(person.city for person in LazyCast(Scenario(people=1_000, locales=(name,))).people)
    assert len(counts) >= 250
    assert counts.most_common(1)[0][1] >= 50


def test_addresses_are_written_as_in_the_country(people: People) -> None:
    number_first = {"en_GB", "en_US", "fr_FR"}
    for person in people[:3_000]:
        assert person.street[0].isdigit() == (person.locale in number_first)
        assert person.locale in number_first or person.street[-1].isdigit()


def test_ages_are_between_16_and_90(people: People) -> None:
    ages = [(ANCHOR.date() - person.birth_date) / YEAR for person in people]
    assert min(ages) >= 16
    assert max(ages) <= 90
    assert 35 < sum(ages) / len(ages) < 50


def test_everyone_registered_in_the_two_years_before(people: People) -> None:
    assert all(ANCHOR - 2 * YEAR < person.registered_at < ANCHOR for person in people)
    assert all(person.registered_at.tzinfo is ANCHOR.tzinfo for person in people)
    asleep = sum(2 <= person.registered_at.hour < 6 for person in people)
    assert asleep == 0


def test_a_scenario_s_clock_moves_the_dates_with_it() -> None:
    later = ANCHOR + timedelta(days=100)
    before, after = LazyCast(Scenario(people=1)).people[0], LazyCast(Scenario(people=1, clock=later)).people[0]
    assert after.registered_at - before.registered_at == timedelta(days=100)
    assert replace(after, registered_at=before.registered_at, birth_date=before.birth_date) == before


def test_card_numbers_are_20_digits(people: People) -> None:
    assert all(re.fullmatch(r"2986[0-9]{16}", person.card_number) for person in people)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Łukasz", "lukasz"), ("Weiß", "weiss"), ("D'Angelo", "dangelo"), ("Anne-Lœ", "anneloe"), ("Çelik Öz", "celikoz")],
)
def test_names_become_ascii(name: str, letters: str) -> None:
    assert ascii_letters(name) == letters

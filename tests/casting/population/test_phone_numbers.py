"""Telephone numbers are valid in their countries, and such as reach nobody where the regulator keeps some."""

from collections import Counter

import phonenumbers
import pytest

from understudy.casting.locale_files import shipped_locales, vocabulary_folder
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.people import PeopleColumns
from understudy.casting.population.vocabulary import load_locale
from understudy.casting.scenario import MAX_PEOPLE, Scenario

FIRST, LAST = range(2_000), range(MAX_PEOPLE - 1_000, MAX_PEOPLE)
MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
FIXED = {phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
FICTITIOUS = {
    "en_US": ["+12125550100", "+12125550199"],
    "en_GB": ["+442079460000", "+441134960999", "+441914980000"],
    "de_DE": ["+493023125000", "+498999998999"],
    "fr_FR": ["+33199000000", "+33536499999"],
}
"""Numbers at the ends of ranges that regulators keep for fiction."""


def columns(locale: str, numbers: range) -> PeopleColumns:
    return LazyCast(Scenario(seed=11, people=MAX_PEOPLE, locales=(locale,))).people_columns(numbers)


@pytest.mark.parametrize("numbers", [FIRST, LAST], ids=["first", "last"])
@pytest.mark.parametrize("locale", shipped_locales())
def test_every_number_is_valid_in_its_country(locale: str, numbers: range) -> None:
    people = columns(locale, numbers)
    for numbers_of_kind, kinds in ((people.phone, FIXED), (people.mobile, MOBILE)):
        for text in numbers_of_kind:
            number = phonenumbers.parse(text)
            assert phonenumbers.is_valid_number(number), text
            assert phonenumbers.region_code_for_number(number) == locale[-2:], text
            assert phonenumbers.number_type(number) in kinds, text


@pytest.mark.parametrize("locale", shipped_locales())
def test_no_two_people_have_the_same_number(locale: str) -> None:
    people = columns(locale, range(20_000))
    assert max(Counter([*people.phone, *people.mobile]).values()) == 1


def test_the_first_americans_have_numbers_for_fiction_outside_the_largest_cities() -> None:
    cards = Counter[str]()
    for place in load_locale(vocabulary_folder(), "en_US").places:
        cards[place.area] += place.share
    people = columns("en_US", range(1_900))
    for phone, mobile, place in zip(people.phone, people.mobile, people.place, strict=True):
        if cards[place.area] <= 50:
            assert phone[5:10] == mobile[5:10] == "55501"
    fictitious = sum(text[5:10] == "55501" for text in [*people.phone, *people.mobile])
    assert fictitious / 3_800 > 0.8


@pytest.mark.parametrize("locale", FICTITIOUS)
def test_the_ranges_kept_for_fiction_are_known_as_valid(locale: str) -> None:
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(text)) for text in FICTITIOUS[locale])


@pytest.mark.parametrize(
    ("locale", "city", "starts"),
    [
        ("en_GB", "London", "+442079460"),
        ("en_GB", "Leeds", "+441134960"),
        ("de_DE", "Berlin", "+493023125"),
        ("de_DE", "München", "+498999998"),
        ("fr_FR", "Paris", "+3319900"),
        ("fr_FR", "Lyon", "+3346571"),
    ],
)
def test_the_first_people_of_a_city_have_numbers_for_fiction(locale: str, city: str, starts: str) -> None:
    people = columns(locale, range(1_000))
    found = [phone for phone, home in zip(people.phone, people.city, strict=True) if home == city]
    assert found
    assert all(phone.startswith(starts) for phone in found)


def test_after_those_numbers_come_valid_ones_of_the_area() -> None:
    people = columns("de_DE", range(12_000))
    berlin = [phone for phone in people.phone if phone.startswith("+4930")]
    fictitious = [phone.startswith("+493023125") for phone in berlin]
    assert sum(fictitious) == 1_000 < len(berlin)
    assert all(fictitious[:800])


def test_one_person_alone_has_the_number_of_the_whole() -> None:
    cast = LazyCast(Scenario(seed=11, people=400))
    people = cast.people_columns(range(400))
    for n in (0, 1, 63, 64, 399):
        alone = cast.people_columns(range(n, n + 1))
        assert (alone.phone[0], alone.mobile[0]) == (people.phone[n], people.mobile[n])

"""Names and places as the countries have them: frequencies, gender, spelling of e-mail addresses."""

import re
from collections import Counter

import pytest

from understudy.casting.locale_files import shipped_locales, vocabulary_folder
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.people import ascii_letters
from understudy.casting.population.vocabulary import load_locale
from understudy.casting.scenario import Scenario
from understudy.core.cast import Person

MOST_FREQUENT = {
    "it_IT": "Rossi",
    "de_DE": "Müller",
    "fr_FR": "Martin",
    "pl_PL": "Nowak",
    "en_GB": "Smith",
    "en_US": "Smith",
}
PARTICLES = {"de", "di", "da", "du", "la", "le", "del", "della", "der", "dos", "van", "von", "zu"}
ADJECTIVES = {"M": ("ski", "cki", "dzki"), "F": ("ska", "cka", "dzka")}


def people(locale: str, count: int = 6_000) -> list[Person]:
    return list(LazyCast(Scenario(seed=5, people=count, locales=(locale,))).people)


@pytest.mark.parametrize("locale", shipped_locales())
def test_frequent_surnames_are_frequent_and_there_is_a_long_tail(locale: str) -> None:
    counts = Counter(person.last_name for person in people(locale))
    ranked = [name for name, _ in counts.most_common()]
    assert MOST_FREQUENT[locale] in ranked[:5]
    assert 0.01 < counts[MOST_FREQUENT[locale]] / 6_000 < 0.035
    assert counts[ranked[0]] > 8 * counts[ranked[len(ranked) // 2]]
    assert len(ranked) > 350


@pytest.mark.parametrize("locale", shipped_locales())
def test_cities_have_people_by_their_size(locale: str) -> None:
    places = load_locale(vocabulary_folder(), locale).places
    counts = Counter(person.city for person in people(locale))
    assert len(counts) >= 300
    assert counts.most_common(1)[0][0] == max(places, key=lambda place: place.share).city
    assert counts.most_common(1)[0][1] > 15 * sorted(counts.values())[len(counts) // 2]


@pytest.mark.parametrize("locale", shipped_locales())
def test_no_name_is_an_odd_one(locale: str) -> None:
    words = load_locale(vocabulary_folder(), locale)
    names = {*words.last_names["F"], *words.last_names["M"], *words.first_names["F"], *words.first_names["M"]}
    for name in names:
        *particles, word = name.split(" ")
        assert word[0].isupper(), name
        assert not re.search(r"[.,0-9]", name), name
        assert word not in {"II", "III", "IV", "Jr", "Sr"}, name
        assert {particle.lower() for particle in particles} <= PARTICLES, name


def test_polish_surnames_agree_with_the_gender() -> None:
    found = people("pl_PL", 20_000)
    names = load_locale(vocabulary_folder(), "pl_PL").last_names
    nouns = {*names["F"]} & {*names["M"]}  # such as Nowak, or Liska: the same for both
    for person in found:
        other = "F" if person.gender == "M" else "M"
        assert person.last_name in nouns or not person.last_name.endswith(ADJECTIVES[other])
    assert not any(name.endswith(ADJECTIVES["M"]) for name in nouns)
    shares = {
        gender: sum(person.last_name.endswith(endings) for person in found if person.gender == gender)
        / sum(person.gender == gender for person in found)
        for gender, endings in ADJECTIVES.items()
    }
    assert all(0.22 < share < 0.4 for share in shares.values()), shares
    assert abs(shares["F"] - shares["M"]) < 0.03


def test_each_polish_surname_of_women_is_the_one_of_men() -> None:
    names = load_locale(vocabulary_folder(), "pl_PL").last_names
    womens = {re.sub(r"ski$", "ska", re.sub(r"cki$", "cka", re.sub(r"dzki$", "dzka", name))) for name in names["M"]}
    assert set(names["F"]) == womens


@pytest.mark.parametrize(
    ("name", "locale", "letters"),
    [
        ("Müller", "de_DE", "mueller"), ("Äöü", "de_DE", "aeoeue"), ("Weiß", "de_DE", "weiss"),
        ("Müller", "fr_FR", "muller"), ("Noël", "fr_FR", "noel"), ("Żółć", "pl_PL", "zolc"), ("Æsa", "en_GB", "aesa"),
    ],
)  # fmt: skip
def test_e_mail_addresses_spell_names_as_the_language_does(name: str, locale: str, letters: str) -> None:
    assert ascii_letters(name, locale) == letters


def test_germans_with_an_umlaut_have_it_spelt_out_in_their_address() -> None:
    found = [person for person in people("de_DE") if person.last_name == "Müller"]
    assert found
    assert all("mueller" in person.email for person in found)

"""Records come from as many people as asked for, who shop in their own country and currency."""

import pytest

from understudy.casting.kind_registry import find_kind
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.person_picker import PersonPicker
from understudy.casting.scenario import Scenario
from understudy.casting.scenario_file import open_scenario, shipped_scenarios

CURRENCIES = {"IT": "EUR", "DE": "EUR", "FR": "EUR", "GB": "GBP", "US": "USD", "PL": "PLN"}


@pytest.mark.parametrize("people", [1, 2, 63, 64, 65, 200, 1_000])
def test_the_first_records_are_of_everybody_once(people: int) -> None:
    picker = PersonPicker(LazyCast(Scenario(people=people)), "a.kind", 3)
    assert sorted(picker.of(n).number for n in range(people)) == list(range(people))
    assert all(picker.of(n).number < people for n in range(people, people + 20))


def test_runs_of_the_first_records_are_one_person_s() -> None:
    picker = PersonPicker(LazyCast(Scenario(people=70)), "a.kind", 16, first_run=16)
    runs = [{picker.of(n).number for n in range(start, start + 16)} for start in range(0, 70 * 16, 16)]
    assert all(len(run) == 1 for run in runs)
    assert len(set.union(*runs)) == 70


@pytest.mark.parametrize("people", [60, 700, 5_000])
def test_five_thousand_purchases_come_from_as_many_people_as_asked_for(people: int) -> None:
    cast = LazyCast(Scenario(people=people, merchants=2, shops=24, products=20))
    numbers = {name: person.number for person in cast.people for name in (person.id, person.card_number)}
    made = find_kind("crmcom.purchases").open(cast)(range(5_000))
    assert len({numbers[each.get("cim") or each["contact_id"]] for each in made}) == people


def test_people_shop_in_their_own_country_and_currency() -> None:
    cast = LazyCast(open_scenario())
    homes = {name: person.country for person in cast.people for name in (person.id, person.card_number)}
    for each in find_kind("crmcom.purchases").open(cast)(range(600)):
        country = homes[each.get("cim") or each["contact_id"]]
        assert each["outlet_tap"]["code"].startswith(f"{country}-")
        assert each["currency_code"] == CURRENCIES[country]


def test_orders_are_in_the_currency_of_the_person() -> None:
    cast = LazyCast(open_scenario())
    homes = {person.id: person.country for person in cast.people}
    orders = [
        (homes[event["customerId"]], event["properties"]["amount"])
        for event in find_kind("contacthub.events").open(cast)(range(900))
        if event["type"] == "completedOrder" and "customerId" in event
    ]
    assert {amount["local"]["currency"] == CURRENCIES[country] for country, amount in orders} == {True}


def test_a_country_without_a_shop_has_those_of_the_others_at_its_own_prices() -> None:
    cast = LazyCast(Scenario(people=30, merchants=1, shops=1, products=5, locales=("it_IT", "pl_PL")))
    [shop] = cast.shops
    for country in ("IT", "PL", "DE"):
        assert [found.id for found in cast.shops_of(country)] == [shop.id]
    assert cast.products_of("pl_PL")[0].currency == "PLN"


@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_shipped_scenario_with_shops_has_one_in_each_country(name: str) -> None:
    cast = LazyCast(open_scenario(name))
    countries = {locale[-2:] for locale in cast.scenario.locales}
    assert not cast.shops or {shop.country for shop in cast.shops} == countries

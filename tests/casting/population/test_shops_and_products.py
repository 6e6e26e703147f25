"""The values of merchants, shops and products agree."""

from collections import Counter
from statistics import mean, median
from uuid import UUID

import pytest

from understudy.casting.locale_files import shipped_locales
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.shops_and_products import net_of, tax_on
from understudy.casting.population.vocabulary import load_catalogue, load_locale
from understudy.casting.scenario import Scenario
from understudy.core.data_folder import data_folder

VOCABULARY = data_folder("fixtures") / "vocabulary"
CAST = LazyCast(Scenario(seed=5, merchants=30, shops=900, products=4_000))


@pytest.mark.parametrize("kind", ["merchants", "shops", "products"])
def test_ids_are_uuids_of_their_own(kind: str) -> None:
    ids = [row.id for row in getattr(CAST, kind)]
    assert len(set(ids)) == len(ids)
    assert all(UUID(text).version == 4 for text in ids)


def test_names_and_codes_are_unique() -> None:
    for rows in (CAST.merchants, CAST.shops):
        assert len({row.code for row in rows}) == len({row.name for row in rows}) == len(rows)
    assert len({product.sku for product in CAST.products}) == len(CAST.products)


def test_every_shop_belongs_to_a_merchant_and_every_merchant_has_one() -> None:
    owners = Counter(shop.merchant for shop in CAST.shops)
    assert set(owners) == set(range(30))
    assert all(shop.name.startswith(CAST.merchants[shop.merchant].name) for shop in CAST.shops)


def test_a_shop_s_city_is_in_its_country() -> None:
    cities = {
        (place.city, locale.country)
        for locale in (load_locale(VOCABULARY, name) for name in shipped_locales())
        for place in locale.places
    }
    assert {(shop.city, shop.country) for shop in CAST.shops} <= cities
    assert all(shop.city in shop.name for shop in CAST.shops)


def test_net_and_tax_make_the_price() -> None:
    for product in CAST.products:
        assert product.price == product.net_price + tax_on(product.net_price, product.tax_rate)
        assert 0 < product.net_price < product.price
        assert product.price % 100 in {89, 90, 91}


@pytest.mark.parametrize(("net", "rate", "tax"), [(100, 22, 22), (25, 10, 3), (24, 10, 2), (999, 0, 0)])
def test_tax_is_rounded_half_up(net: int, rate: int, tax: int) -> None:
    assert tax_on(net, rate) == tax


@pytest.mark.parametrize("rate", [0, 7, 8, 10, 19, 20, 22, 23])
def test_the_net_of_a_gross_amount_leads_back_to_it_but_for_a_cent(rate: int) -> None:
    for gross in range(90, 20_000, 37):
        net = net_of(gross, rate)
        assert abs(net + tax_on(net, rate) - gross) <= 1


def test_the_tax_rate_goes_with_the_category() -> None:
    categories = {category.name: category for category in load_catalogue(VOCABULARY).categories}
    tax = load_locale(VOCABULARY, "it_IT").tax
    for product in CAST.products:
        category = categories[product.category]
        assert product.tax_rate == tax[category.tax]
        assert product.brand in category.brands
        assert product.sku.startswith(category.code)


def test_prices_have_a_long_tail() -> None:
    prices = [product.price for product in CAST.products if product.category == "Shirts"]
    assert min(prices) >= 1_900
    assert mean(prices) > 1.2 * median(prices)
    assert max(prices) > 4 * median(prices)


def test_the_catalogue_does_not_repeat_a_name_soon() -> None:
    first = [product.name for product in CAST.products[:300]]
    assert len(set(first)) == len(first)


@pytest.mark.parametrize(("locale", "currency"), [("it_IT", "EUR"), ("en_GB", "GBP"), ("pl_PL", "PLN")])
def test_the_first_locale_sets_the_currency(locale: str, currency: str) -> None:
    assert LazyCast(Scenario(products=1, locales=(locale, "en_US"))).products[0].currency == currency

"""Cast of a scenario: people, merchants, shops and products, the same for every vendor, made on demand."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from understudy.casting.engine.lazy_sequence import LazySequence, Selection
from understudy.casting.engine.random_stream import RandomStream
from understudy.casting.locale_files import vocabulary_folder
from understudy.casting.population.people import People
from understudy.casting.population.shops_and_products import Merchants, Products, Shops
from understudy.casting.population.vocabulary import load_catalogue, load_lifestyle, load_locale
from understudy.casting.scenario import Scenario
from understudy.core.cast import Merchant, Person, Product, Shop

CACHE_SIZE = 4096
"""Number of merchants, shops and products of each type that are cached: many records name the same ones."""


class LazyCast:
    """Implementation of ``core.cast.Cast``; reading ``cast.people[41]`` makes that one person."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        seed = scenario.seed
        folder = vocabulary_folder()
        locales = [load_locale(folder, name) for name in scenario.locales]
        catalogue = load_catalogue(folder)
        merchants = Merchants(seed, catalogue)
        shops = Shops(seed, locales, merchants, scenario.merchants)
        people = People(seed, locales, scenario.instant, scenario.duplicates)
        self._price_lists = {
            locale.name: LazySequence(
                Products(seed, catalogue, locale).make, range(scenario.products), cache_size=CACHE_SIZE
            )
            for locale in locales
        }
        self._products = self._price_lists[locales[0].name]
        self._shop_countries = shops.countries
        self._timezones = {locale.name: locale.timezone for locale in locales}
        self.lifestyle = load_lifestyle(folder)
        self.people_columns = people.columns
        self.original_id = people.original_id
        self._people = LazySequence(people.make, range(scenario.people))
        self._merchants = LazySequence(merchants.make, range(scenario.merchants), cache_size=CACHE_SIZE)
        self._shops = LazySequence(shops.make, range(scenario.shops), cache_size=CACHE_SIZE)

    @property
    def timezones(self) -> Mapping[str, str]:
        """Usual IANA time zone of each locale of the scenario."""
        return self._timezones

    def stream(self, kind: str, name: str) -> RandomStream:
        """Return the random stream of a field of a kind of record."""
        return RandomStream(self.scenario.seed, kind, name)

    @property
    def people(self) -> LazySequence[Person]:
        """Customers."""
        return self._people

    @property
    def merchants(self) -> LazySequence[Merchant]:
        """Brands that own the shops."""
        return self._merchants

    @property
    def shops(self) -> LazySequence[Shop]:
        """Shops, in the countries of the scenario's locales."""
        return self._shops

    @cached_property
    def _shops_by_country(self) -> dict[str, Selection[Shop]]:
        numbers: dict[str, list[int]] = {}
        for n, country in enumerate(self._shop_countries(self._shops.numbers)):
            numbers.setdefault(country, []).append(n)
        return {country: Selection(self._shops, found) for country, found in numbers.items()}

    def shops_of(self, country: str) -> Sequence[Shop]:
        """Return the shops of a country, or all shops if the cast has none there."""
        return self._shops_by_country.get(country, self._shops)

    def products_of(self, locale: str) -> LazySequence[Product]:
        """Return the same products with the prices, currency and taxes of a locale's country."""
        return self._price_lists[locale]

    @property
    def products(self) -> LazySequence[Product]:
        """Products, with the currency and the tax rates of the scenario's first locale."""
        return self._products

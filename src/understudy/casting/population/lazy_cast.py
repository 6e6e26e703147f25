"""Cast of a scenario: people, merchants, shops and products, the same for every vendor, made on demand."""

from collections.abc import Mapping

from understudy.casting.engine.lazy_sequence import LazySequence
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
        people = People(seed, locales, scenario.instant)
        products = Products(seed, catalogue, locales[0])
        self._timezones = {locale.name: locale.timezone for locale in locales}
        self.lifestyle = load_lifestyle(folder)
        self.people_columns = people.columns
        self._people = LazySequence(people.make, range(scenario.people))
        self._merchants = LazySequence(merchants.make, range(scenario.merchants), cache_size=CACHE_SIZE)
        self._shops = LazySequence(shops.make, range(scenario.shops), cache_size=CACHE_SIZE)
        self._products = LazySequence(products.make, range(scenario.products), cache_size=CACHE_SIZE)

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

    @property
    def products(self) -> LazySequence[Product]:
        """Products, with the currency and the tax rates of the scenario's first locale."""
        return self._products

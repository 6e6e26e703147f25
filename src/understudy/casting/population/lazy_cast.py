"""The cast of a scenario: everyone and everything, the same for every vendor. All of it is made on demand."""

from collections.abc import Mapping

from understudy.casting.engine.lazy_sequence import LazySequence
from understudy.casting.engine.random_stream import RandomStream
from understudy.casting.locale_files import vocabulary_folder
from understudy.casting.population.people import People
from understudy.casting.population.shops_and_products import Merchants, Products, Shops
from understudy.casting.population.vocabulary import load_catalogue, load_lifestyle, load_locale
from understudy.casting.scenario import Scenario
from understudy.core.cast import Merchant, Person, Product, Shop

KEPT = 4096
"""How many of the few that everyone meets again and again are kept: merchants, shops, products."""


class LazyCast:
    """Who exists, as ``core.cast.Cast`` describes it. ``cast.people[41]`` makes that one record."""

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
        self._merchants = LazySequence(merchants.make, range(scenario.merchants), kept=KEPT)
        self._shops = LazySequence(shops.make, range(scenario.shops), kept=KEPT)
        self._products = LazySequence(products.make, range(scenario.products), kept=KEPT)

    @property
    def timezones(self) -> Mapping[str, str]:
        """Usual IANA time zone of each locale of the scenario."""
        return self._timezones

    def stream(self, kind: str, name: str) -> RandomStream:
        """Return the stream of a field of a kind of record."""
        return RandomStream(self.scenario.seed, kind, name)

    @property
    def people(self) -> LazySequence[Person]:
        """The customers."""
        return self._people

    @property
    def merchants(self) -> LazySequence[Merchant]:
        """The brands that own the shops."""
        return self._merchants

    @property
    def shops(self) -> LazySequence[Shop]:
        """The shops, in the countries of the scenario's locales."""
        return self._shops

    @property
    def products(self) -> LazySequence[Product]:
        """The catalogue, in the currency and at the tax rates of the scenario's first locale."""
        return self._products

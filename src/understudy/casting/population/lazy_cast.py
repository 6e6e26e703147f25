"""The cast of a scenario: everyone and everything, the same for every vendor. All of it is made on demand."""

from understudy.casting.engine.lazy_sequence import Roster
from understudy.casting.engine.random_stream import Field
from understudy.casting.population.people import People
from understudy.casting.population.shops_and_products import Merchants, Products, Shops
from understudy.casting.population.vocabulary import load_catalogue, load_lives, load_locale
from understudy.casting.scenario import Scenario
from understudy.core.cast import Merchant, Person, Product, Shop
from understudy.core.data_folder import data_folder

KEPT = 4096
"""How many of the few that everyone meets again and again are kept: merchants, shops, products."""


class Cast:
    """Who exists, as ``core.cast.Cast`` describes it. ``cast.people[41]`` makes that one record."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        seed = scenario.seed
        folder = data_folder("fixtures") / "vocabulary"
        locales = [load_locale(folder, name) for name in scenario.locales]
        catalogue = load_catalogue(folder)
        merchants = Merchants(seed, catalogue)
        shops = Shops(seed, locales, merchants, scenario.merchants)
        people = People(seed, locales, scenario.instant)
        products = Products(seed, catalogue, locales[0])
        self.lives = load_lives(folder)
        self.crowd = people.crowd
        self._people = Roster(people.make, range(scenario.people))
        self._merchants = Roster(merchants.make, range(scenario.merchants), kept=KEPT)
        self._shops = Roster(shops.make, range(scenario.shops), kept=KEPT)
        self._products = Roster(products.make, range(scenario.products), kept=KEPT)

    def field(self, kind: str, name: str) -> Field:
        """Return the stream of a field of a kind of record."""
        return Field(self.scenario.seed, kind, name)

    @property
    def people(self) -> Roster[Person]:
        """The customers."""
        return self._people

    @property
    def merchants(self) -> Roster[Merchant]:
        """The brands that own the shops."""
        return self._merchants

    @property
    def shops(self) -> Roster[Shop]:
        """The shops, in the countries of the scenario's locales."""
        return self._shops

    @property
    def products(self) -> Roster[Product]:
        """The catalogue, in the currency and at the tax rates of the scenario's first locale."""
        return self._products

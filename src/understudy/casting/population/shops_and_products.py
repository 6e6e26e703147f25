"""Merchants, shops and products of a cast."""

from math import isqrt

from understudy.casting.engine.deck import Deck
from understudy.casting.engine.random_stream import RandomStream
from understudy.casting.engine.sampler_choice import choose_sampler
from understudy.casting.engine.stable_choice import StableChoice
from understudy.casting.population.people import ascii_letters
from understudy.casting.population.vocabulary import Catalogue, Category, Locale
from understudy.core.cast import Merchant, Product, Shop

TAIL = 1 << 16
"""Number of steps of a price ratio of 1."""

MAX_PRICE_RATIO = 9
"""Highest price of a category, as a multiple of its lowest one."""


SHOP_CITIES = 40
"""Number of the largest cities of a locale in which there are shops."""


class Merchants:
    """Generator of merchants."""

    def __init__(self, seed: int, catalogue: Catalogue) -> None:
        self._id = RandomStream(seed, "merchant", "id")
        self._names = Deck(RandomStream(seed, "merchant", "name"), [(name, 1) for name in catalogue.merchants])

    def make(self, numbers: range) -> list[Merchant]:
        """Return the merchants with these numbers."""
        return list(map(self.merchant, numbers))

    def merchant(self, n: int) -> Merchant:
        """Return merchant n."""
        name, rank = self._names.deal(n)
        code = f"{ascii_letters(name)[:3].upper()}{n + 1:02}"
        return Merchant(n, self._id.uuid(n), code, _numbered(name, rank))


class Shops:
    """Generator of shops: shop n belongs to merchant n modulo ``merchant_count``."""

    def __init__(self, seed: int, locales: list[Locale], merchants: Merchants, merchant_count: int) -> None:
        self._id = RandomStream(seed, "shop", "id")
        self._locales = StableChoice(
            lambda name: RandomStream(seed, "shop", f"locale/{name}"), [(locale.name, locale) for locale in locales]
        )
        cities = RandomStream(seed, "shop", "city")
        self._cities = {locale.name: Deck(cities, [(city, 1) for city in _largest(locale)]) for locale in locales}
        self._merchants = merchants
        self._merchant_count = merchant_count

    def make(self, numbers: range) -> list[Shop]:
        """Return the shops with these numbers."""
        return list(map(self.shop, numbers))

    def countries(self, numbers: range) -> list[str]:
        """Return the countries of the shops with these numbers."""
        return [locale.country for locale in self._locales.choose(choose_sampler(numbers))]

    def shop(self, n: int) -> Shop:
        """Return shop n."""
        [locale] = self._locales.choose(choose_sampler(range(n, n + 1)))
        city, rank = self._cities[locale.name].deal(n)
        merchant = n % self._merchant_count
        code = f"{locale.country}-{ascii_letters(city, locale.name)[:3].upper()}-{n + 1:03}"
        name = _numbered(f"{self._merchants.merchant(merchant).name} {city}", rank)
        return Shop(n, self._id.uuid(n), code, name, merchant, city, locale.country)


class Products:
    """Generator of products, with the prices and tax rates of one locale."""

    def __init__(self, seed: int, catalogue: Catalogue, locale: Locale) -> None:
        self._id = RandomStream(seed, "product", "id")
        self._name = RandomStream(seed, "product", "name")
        self._brand = RandomStream(seed, "product", "brand")
        self._price = RandomStream(seed, "product", "price")
        shares = [(category, category.share) for category in catalogue.categories]
        self._categories = Deck(RandomStream(seed, "product", "category"), shares)
        self._locale = locale

    def make(self, numbers: range) -> list[Product]:
        """Return the products with these numbers."""
        return list(map(self.product, numbers))

    def product(self, n: int) -> Product:
        """Return product n."""
        category, rank = self._categories.deal(n)
        rate = self._locale.tax[category.tax]
        net = net_of(self._shelf_price(n, category), rate)
        return Product(
            number=n,
            id=self._id.uuid(n),
            sku=f"{category.code}-{n + 1:05}",
            name=self._title(rank, category),
            brand=self._brand.pick(n, category.brands),
            category=category.name,
            net_price=net,
            price=net + tax_on(net, rate),
            tax_rate=rate,
            currency=self._locale.currency,
        )

    def _title(self, rank: int, category: Category) -> str:
        """Return a name; names repeat only after all names of the category."""
        styles, nouns, variants = category.styles, category.nouns, category.variants
        _, choice = self._name.reshuffled(rank, len(styles) * len(nouns) * len(variants))
        choice, style = divmod(choice, len(styles))
        variant, noun = divmod(choice, len(nouns))
        return f"{styles[style]} {nouns[noun]}, {variants[variant]}"

    def _shelf_price(self, n: int, category: Category) -> int:
        """Return a gross price ending in 90, with a long tail: one in four is twice the lowest price or more."""
        lowest = category.lowest * self._locale.price_level
        times = TAIL * TAIL // (1 + isqrt(self._price.below(n, TAIL * TAIL)))
        return lowest * min(times, MAX_PRICE_RATIO * TAIL) // TAIL // 100 * 100 + 90


def _largest(locale: Locale) -> list[str]:
    places = sorted(locale.places, key=lambda place: -place.share)  # stable: the file has them by population
    return [place.city for place in places[:SHOP_CITIES]]


def net_of(gross: int, rate: int) -> int:
    """Return the net amount of a gross amount, in minor units, rounded half up; ``rate`` is in percent."""
    return (gross * 200 + 100 + rate) // (200 + 2 * rate)


def tax_on(net: int, rate: int) -> int:
    """Return the tax on a net amount, in minor units, rounded half up; ``rate`` is in percent."""
    return (net * rate + 50) // 100


def _numbered(name: str, rank: int) -> str:
    return f"{name} {rank + 1}" if rank else name

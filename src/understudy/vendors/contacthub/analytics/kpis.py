"""Key figures, as texts: amounts in the workspace's currency with its decimals, numbers, and averages of amounts.

The page gives one figure of each kind as a sample; which others there are is a guess. ``value`` is the figure of what
was asked for, ``total`` that of all purchases, wherever they were made.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from understudy.core.json_types import Json
from understudy.vendors.contacthub.analytics.count_queries import CountSum
from understudy.vendors.contacthub.counts.increments import EXCHANGE, RETURN, SALE

MILLION = 1_000_000
DECIMALS = {"JPY": 0}
"""Of the currencies that a workspace may have, those without two decimals."""
CURRENCY, NUMBER = "currency", "number"


@dataclass(slots=True)
class Purchases:
    """Orders and returns. An exchange is one of each; its amounts are the balance and are counted with the orders."""

    orders: CountSum = field(default_factory=CountSum)
    returns: CountSum = field(default_factory=CountSum)

    @property
    def total(self) -> int:
        """What was spent, less what was given back."""
        return self.orders.total + self.returns.total

    @property
    def revenue(self) -> int:
        """What of it is revenue."""
        return self.orders.revenue + self.returns.revenue


def purchase_sums(sums: Mapping[tuple[str, str], CountSum], contexts: Iterable[str] | None = None) -> Purchases:
    """Return the purchases in the sums of orders by key and kind, of all contexts unless some are named."""
    found = Purchases()
    wanted = None if contexts is None else frozenset(contexts)
    for (key, kind), each in sums.items():
        if wanted is not None and key.split("/")[1] not in wanted:
            continue
        if kind in {SALE, EXCHANGE}:
            found.orders.add(each)
        if kind == RETURN:
            found.returns.add(each)
        if kind == EXCHANGE:
            found.returns.count += each.count
    return found


def buying_kpis(bought: Purchases, currency: str) -> list[Json]:
    """Return what a customer bought."""
    orders, returns = bought.orders, bought.returns
    spent = CountSum(orders.count, bought.total, bought.revenue)
    value = _amount(bought.total, currency)
    average = _average(orders.total, orders.count, currency)
    return [
        _buying("totalSpending", CURRENCY, value, spent, currency),
        _buying("averageSpending", CURRENCY, average, orders, currency),
        _buying("totalOrders", NUMBER, str(orders.count), orders, currency),
        _buying("totalReturns", NUMBER, str(returns.count), returns, currency),
    ]


def purchase_kpis(asked: Purchases, everywhere: Purchases, currency: str) -> list[Json]:
    """Return the indicators of purchases."""
    pair = (asked, everywhere)
    return [
        _figure("totalRevenue", currency, *(_amount(each.revenue, currency) for each in pair)),
        _figure("averageRevenue", currency, *(_average(each.revenue, each.orders.count, currency) for each in pair)),
        *_counts(asked, everywhere),
    ]


def ecommerce_kpis(asked: Purchases, everywhere: Purchases, carts: tuple[int, int], currency: str) -> list[Json]:
    """Return the indicators of e-commerce; ``carts`` are those left behind, there and everywhere."""
    pair = (asked, everywhere)
    return [
        _figure("totalSales", currency, *(_amount(each.total, currency) for each in pair)),
        _figure("averageSales", currency, *(_average(each.total, each.orders.count, currency) for each in pair)),
        *_counts(asked, everywhere),
        _figure("abandonedCarts", None, *map(str, carts)),
    ]


def _counts(asked: Purchases, everywhere: Purchases) -> list[Json]:
    return [
        _figure("totalOrders", None, str(asked.orders.count), str(everywhere.orders.count)),
        _figure("totalReturns", None, str(asked.returns.count), str(everywhere.returns.count)),
    ]


def _figure(name: str, currency: str | None, value: str | None, total: str | None) -> Json:
    kind = NUMBER if currency is None else CURRENCY
    return {"name": name, "type": kind, "currency": currency, "value": value, "total": total}


def _buying(name: str, kind: str, value: str | None, spent: CountSum, currency: str) -> Json:
    return {
        "name": name,
        "type": kind,
        "currency": currency,
        "value": value,
        "total": _amount(spent.total, currency),
        "revenue": _amount(spent.revenue, currency),
    }


def _amount(millionths: int, currency: str) -> str:
    return _text(millionths, 1, currency)


def _average(millionths: int, count: int, currency: str) -> str | None:
    """The average amount; there is none of nothing."""
    return _text(millionths, count, currency) if count else None


def _text(millionths: int, divisor: int, currency: str) -> str:
    """An amount, divided, as a text, rounded half up (away from zero)."""
    decimals = DECIMALS.get(currency, 2)
    part = divisor * MILLION // 10**decimals
    units = (abs(millionths) * 2 + part) // (part * 2)
    sign = "-" if millionths < 0 and units else ""
    if not decimals:
        return f"{sign}{units}"
    whole, rest = divmod(units, 10**decimals)
    return f"{sign}{whole}.{rest:0{decimals}}"

"""KPIs as the API formats them: numbers, amounts and average amounts as text, with the currency's decimals.

The vendor's page has one KPI of each kind as a sample; the others are inferred. ``value`` is the KPI of the requested
purchases, ``total`` the KPI of the purchases in all contexts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from understudy.core.json_types import Json
from understudy.vendors.contacthub.analytics.count_queries import CountSum
from understudy.vendors.contacthub.counts.increments import EXCHANGE, RETURN, SALE

MILLION = 1_000_000
DECIMALS = {"JPY": 0}
"""Decimals of the currencies that do not have two."""
CURRENCY, NUMBER = "currency", "number"


@dataclass(slots=True)
class Purchases:
    """Sums of orders and returns. An exchange counts in both; its amounts, the balance, count with the orders."""

    orders: CountSum = field(default_factory=CountSum)
    returns: CountSum = field(default_factory=CountSum)

    @property
    def total(self) -> int:
        """Total of the orders less the returns, in millionths."""
        return self.orders.total + self.returns.total

    @property
    def revenue(self) -> int:
        """Revenue of the orders less the returns, in millionths."""
        return self.orders.revenue + self.returns.revenue


def purchase_sums(sums: Mapping[tuple[str, str], CountSum], contexts: Iterable[str] | None = None) -> Purchases:
    """Return the purchases of some contexts, by default all, from sums by key and order kind."""
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


def buying_kpis(purchases: Purchases, currency: str) -> list[Json]:
    """Return the KPIs of a customer's purchases."""
    orders, returns = purchases.orders, purchases.returns
    spent = CountSum(orders.count, purchases.total, purchases.revenue)
    value = _amount(purchases.total, currency)
    average = _average(orders.total, orders.count, currency)
    return [
        _buying_kpi("totalSpending", CURRENCY, value, spent, currency),
        _buying_kpi("averageSpending", CURRENCY, average, orders, currency),
        _buying_kpi("totalOrders", NUMBER, str(orders.count), orders, currency),
        _buying_kpi("totalReturns", NUMBER, str(returns.count), returns, currency),
    ]


def purchase_kpis(selected: Purchases, overall: Purchases, currency: str) -> list[Json]:
    """Return the KPIs of purchases."""
    pair = (selected, overall)
    return [
        _kpi("totalRevenue", currency, *(_amount(each.revenue, currency) for each in pair)),
        _kpi("averageRevenue", currency, *(_average(each.revenue, each.orders.count, currency) for each in pair)),
        *_order_kpis(selected, overall),
    ]


def ecommerce_kpis(selected: Purchases, overall: Purchases, carts: tuple[int, int], currency: str) -> list[Json]:
    """Return the KPIs of e-commerce; ``carts`` counts the abandoned carts, selected and overall."""
    pair = (selected, overall)
    return [
        _kpi("totalSales", currency, *(_amount(each.total, currency) for each in pair)),
        _kpi("averageSales", currency, *(_average(each.total, each.orders.count, currency) for each in pair)),
        *_order_kpis(selected, overall),
        _kpi("abandonedCarts", None, *map(str, carts)),
    ]


def _order_kpis(selected: Purchases, overall: Purchases) -> list[Json]:
    return [
        _kpi("totalOrders", None, str(selected.orders.count), str(overall.orders.count)),
        _kpi("totalReturns", None, str(selected.returns.count), str(overall.returns.count)),
    ]


def _kpi(name: str, currency: str | None, value: str | None, total: str | None) -> Json:
    kind = NUMBER if currency is None else CURRENCY
    return {"name": name, "type": kind, "currency": currency, "value": value, "total": total}


def _buying_kpi(name: str, kind: str, value: str | None, spent: CountSum, currency: str) -> Json:
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
    """Return an average amount as text; ``None`` if the count is zero."""
    return _text(millionths, count, currency) if count else None


def _text(millionths: int, divisor: int, currency: str) -> str:
    """Return a divided amount as text, rounded half away from zero."""
    decimals = DECIMALS.get(currency, 2)
    part = divisor * MILLION // 10**decimals
    units = (abs(millionths) * 2 + part) // (part * 2)
    sign = "-" if millionths < 0 and units else ""
    if not decimals:
        return f"{sign}{units}"
    whole, rest = divmod(units, 10**decimals)
    return f"{sign}{whole}.{rest:0{decimals}}"

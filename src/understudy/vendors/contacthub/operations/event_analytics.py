"""Counts of events, and KPIs of purchases, e-commerce and the web."""

from collections import Counter, defaultdict
from collections.abc import Generator

from understudy.core.caller import Caller
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.analytics.count_queries import (
    CountQuery,
    CountSum,
    Series,
    count_by_step,
    sum_by_key,
)
from understudy.vendors.contacthub.analytics.kpis import ecommerce_kpis, purchase_kpis, purchase_sums
from understudy.vendors.contacthub.analytics.node_scope import scope_and_period
from understudy.vendors.contacthub.analytics.periods import MAX_MONTHS_BY_CHANGE, MONTH, YEAR, open_ended
from understudy.vendors.contacthub.configuration.workspace_locale import currency_of, time_zone_of
from understudy.vendors.contacthub.counts.increments import COLUMN_BY_CHANGE, COMPLETED_ORDER, DATED, ORDER_KINDS
from understudy.vendors.contacthub.counts.time_buckets import DAILY, Calendar
from understudy.vendors.contacthub.tables import EVENTS

ALL, ECOMMERCE, WEB = "ALL", "ECOMMERCE", "WEB"
CART = "abandonedCart"
WEB_KPIS = {
    "pageViews": "viewedPage",
    "productViews": "viewedProduct",
    "productCategoryViews": "viewedProductCategory",
    "searches": "searched",
    "clickedLinks": "clickedLink",
    "logins": "loggedIn",
    "compiledForms": "formCompiled",
}
"""Event types by KPI of the web that counts them. The first KPI is documented, the others are inferred."""


def count_events_by_update_date(
    state: VendorState,
    workspace_id: str,
    start: str | None,
    end: str | None,
    type: str,  # noqa: A002 - the parameter's name in the spec
    node_id: str | None,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Return the number of events by type and by the day on which they were added, last changed or deleted."""
    months = MONTH, MAX_MONTHS_BY_CHANGE[type]
    scope, period = yield from scope_and_period(state, caller, workspace_id, node_id, EVENTS, start, end, *months)

    calendar = Calendar(DAILY, time_zone_of(state, workspace_id))
    query = CountQuery(scope, EVENTS, (COLUMN_BY_CHANGE[type],), open_ended(period, end))
    series = _by_type((yield from count_by_step(state, query, calendar)))
    data = [{"category": event_type, **_timeseries(steps)} for event_type, steps in series.items()]
    return Reply({"parameters": {**period.echo, "nodeId": node_id, "type": type}, "data": data})


def count_events_by_type_and_context(
    state: VendorState,
    workspace_id: str,
    start: str | None,
    end: str | None,
    context: str,
    node_id: str | None,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Return the number of events by type, context and day."""
    scope, period = yield from scope_and_period(state, caller, workspace_id, node_id, EVENTS, start, end, MONTH, YEAR)

    calendar = Calendar(DAILY, time_zone_of(state, workspace_id))
    texts = () if context == ALL else (context,)
    query = CountQuery(scope, EVENTS, (DATED,), period, lambda key: context in {ALL, key.split("/")[1]}, texts)
    series = yield from count_by_step(state, query, calendar)
    data = [
        {"category": event_type, "context": where, **_timeseries(steps)}
        for key, steps in series.items()
        for event_type, where in [key.split("/")]
    ]
    return Reply({"parameters": {**period.echo, "nodeId": node_id, "context": context}, "data": data})


def get_purchase_kpis(
    state: VendorState,
    workspace_id: str,
    start: str | None,
    end: str | None,
    type: str,  # noqa: A002 - the parameter's name in the spec
    node_id: str | None,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Return the KPIs of purchases in one context or in all."""
    scope, period = yield from scope_and_period(state, caller, workspace_id, node_id, EVENTS, start, end, MONTH)

    sums = yield from sum_by_key(state, CountQuery(scope, EVENTS, ORDER_KINDS, period, _is_order, (COMPLETED_ORDER,)))
    overall = purchase_sums(sums)
    query = overall if type == ALL else purchase_sums(sums, [type])
    figures = purchase_kpis(query, overall, currency_of(state, workspace_id))
    return Reply({"parameters": {**period.echo, "nodeId": node_id, "type": type}, "data": figures})


def get_ecommerce_kpis(
    state: VendorState, workspace_id: str, start: str | None, end: str | None, node_id: str | None, caller: Caller
) -> Generator[None, None, Reply]:
    """Return the KPIs of e-commerce."""
    scope, period = yield from scope_and_period(state, caller, workspace_id, node_id, EVENTS, start, end, MONTH)

    query = CountQuery(scope, EVENTS, (*ORDER_KINDS, DATED), period, _is_order_or_cart, (COMPLETED_ORDER, CART))
    sums = yield from sum_by_key(state, query)
    carts = {key: each.count for (key, column), each in sums.items() if column == DATED and not _is_order(key)}
    abandoned = carts.get(f"{CART}/{ECOMMERCE}", 0), sum(carts.values())
    figures = ecommerce_kpis(
        purchase_sums(sums, [ECOMMERCE]), purchase_sums(sums), abandoned, currency_of(state, workspace_id)
    )
    return Reply({"parameters": period.echo, "data": figures})


def get_web_kpis(
    state: VendorState, workspace_id: str, start: str | None, end: str | None, node_id: str | None, caller: Caller
) -> Generator[None, None, Reply]:
    """Return the KPIs of the web."""
    scope, period = yield from scope_and_period(state, caller, workspace_id, node_id, EVENTS, start, end, MONTH)

    sums = yield from sum_by_key(state, CountQuery(scope, EVENTS, (DATED,), period, _is_of_the_web, (WEB,)))
    data = [
        {
            "name": name,
            "category": "eventsKPI",
            "type": "keyValue",
            "values": [{"key": name, "value": sums.get((f"{event_type}/{WEB}", DATED), CountSum()).count}],
        }
        for name, event_type in WEB_KPIS.items()
    ]
    return Reply({"parameters": {**period.echo, "nodeId": node_id}, "data": data})


def _is_order(key: str) -> bool:
    return key.startswith(f"{COMPLETED_ORDER}/")


def _is_order_or_cart(key: str) -> bool:
    return key.startswith((f"{COMPLETED_ORDER}/", f"{CART}/"))


def _is_of_the_web(key: str) -> bool:
    return key.endswith(f"/{WEB}")


def _by_type(series: Series) -> Series:
    """Return the series of each type, summed over all contexts."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for key, steps in series.items():
        found[key.split("/")[0]].update(steps)
    return {event_type: dict(sorted(steps.items())) for event_type, steps in found.items()}


def _timeseries(steps: dict[str, int]) -> dict[str, object]:
    values = [{"datetime": step, "value": count} for step, count in steps.items()]
    return {"type": "timeseries", "values": values}

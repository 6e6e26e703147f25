"""How many events there are, and the key figures made of them."""

from collections.abc import Generator

from understudy.core.caller import Caller
from understudy.core.reply import Reply
from understudy.state.world import World
from understudy.vendors.contacthub.cells import DAILY, Calendar
from understudy.vendors.contacthub.figures import ecommerce_figures, purchase_figures, purchases
from understudy.vendors.contacthub.marks import EVENTS_ADDED, EVENTS_BY_DATE, EVENTS_CHANGED, EVENTS_DELETED, ORDERS
from understudy.vendors.contacthub.periods import MONTH, YEAR, read_period, so_far
from understudy.vendors.contacthub.places import open_workspace
from understudy.vendors.contacthub.readings import Sum, count_by_step, everything, sum_by_key
from understudy.vendors.contacthub.scopes import asked_node, event_scope
from understudy.vendors.contacthub.workspace_settings import currency_of, zone_of

ALL, ECOMMERCE, WEB = "ALL", "ECOMMERCE", "WEB"
MEASURES = {"ADDED": EVENTS_ADDED, "UPDATED": EVENTS_CHANGED, "DELETED": EVENTS_DELETED}
CART = "abandonedCart"
PAGE_FIGURES = {
    "pageViews": "viewedPage",
    "productViews": "viewedProduct",
    "productCategoryViews": "viewedProductCategory",
    "searches": "searched",
    "clickedLinks": "clickedLink",
    "logins": "loggedIn",
    "compiledForms": "formCompiled",
}
"""The web's indicators, and the type of event that each counts. The page names the first; the others are a guess."""


def count_events_by_update_date(
    world: World,
    workspace_id: str,
    start: str | None,
    end: str | None,
    type: str,  # noqa: A002 - the parameter's name in the spec
    node_id: str | None,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Return the events by type and by the day on which they were added, last changed or deleted."""
    open_workspace(world, caller, workspace_id)
    node = asked_node(world, caller, workspace_id, node_id)
    period = read_period(world, start, end, MONTH, MONTH if type == "DELETED" else YEAR)

    scope = yield from event_scope(world, caller, workspace_id, node)
    calendar = Calendar(DAILY, zone_of(world, workspace_id))
    series = yield from count_by_step(world, scope, MEASURES[type], so_far(period, end), calendar)
    data = [{"category": event_type, **_timeseries(steps)} for event_type, steps in series.items()]
    return Reply({"parameters": {**period.echo, "nodeId": node_id, "type": type}, "data": data})


def count_events_by_type_and_context(
    world: World,
    workspace_id: str,
    start: str | None,
    end: str | None,
    context: str,
    node_id: str | None,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Return the events by type, context and the day of their own date."""
    open_workspace(world, caller, workspace_id)
    node = asked_node(world, caller, workspace_id, node_id)
    period = read_period(world, start, end, MONTH, YEAR)

    scope = yield from event_scope(world, caller, workspace_id, node)
    calendar = Calendar(DAILY, zone_of(world, workspace_id))
    wanted = everything if context == ALL else lambda key: key.endswith(f"/{context}")
    series = yield from count_by_step(world, scope, EVENTS_BY_DATE, period, calendar, wanted)
    data = [
        {"category": event_type, "context": where, **_timeseries(steps)}
        for key, steps in series.items()
        for event_type, where in [key.split("/")]
    ]
    return Reply({"parameters": {**period.echo, "nodeId": node_id, "context": context}, "data": data})


def get_purchase_kpis(
    world: World,
    workspace_id: str,
    start: str | None,
    end: str | None,
    type: str,  # noqa: A002 - the parameter's name in the spec
    node_id: str | None,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Return the key figures of purchases, in one context or all."""
    open_workspace(world, caller, workspace_id)
    node = asked_node(world, caller, workspace_id, node_id)
    period = read_period(world, start, end, MONTH)

    scope = yield from event_scope(world, caller, workspace_id, node)
    sums = yield from sum_by_key(world, scope, ORDERS, period)
    everywhere = purchases(sums)
    asked = everywhere if type == ALL else purchases(sums, [type])
    figures = purchase_figures(asked, everywhere, currency_of(world, workspace_id))
    return Reply({"parameters": {**period.echo, "nodeId": node_id, "type": type}, "data": figures})


def get_ecommerce_kpis(
    world: World, workspace_id: str, start: str | None, end: str | None, node_id: str | None, caller: Caller
) -> Generator[None, None, Reply]:
    """Return the key figures of e-commerce."""
    open_workspace(world, caller, workspace_id)
    node = asked_node(world, caller, workspace_id, node_id)
    period = read_period(world, start, end, MONTH)

    scope = yield from event_scope(world, caller, workspace_id, node)
    sums = yield from sum_by_key(world, scope, ORDERS, period)
    carts = yield from sum_by_key(world, scope, EVENTS_BY_DATE, period, lambda key: key.startswith(f"{CART}/"))
    left = carts.get(f"{CART}/{ECOMMERCE}", Sum()).count, sum(each.count for each in carts.values())
    figures = ecommerce_figures(purchases(sums, [ECOMMERCE]), purchases(sums), left, currency_of(world, workspace_id))
    return Reply({"parameters": period.echo, "data": figures})


def get_web_kpis(
    world: World, workspace_id: str, start: str | None, end: str | None, node_id: str | None, caller: Caller
) -> Generator[None, None, Reply]:
    """Return the key figures of the web."""
    open_workspace(world, caller, workspace_id)
    node = asked_node(world, caller, workspace_id, node_id)
    period = read_period(world, start, end, MONTH)

    scope = yield from event_scope(world, caller, workspace_id, node)
    sums = yield from sum_by_key(world, scope, EVENTS_BY_DATE, period, lambda key: key.endswith(f"/{WEB}"))
    data = [
        {
            "name": name,
            "category": "eventsKPI",
            "type": "keyValue",
            "values": [{"key": name, "value": sums.get(f"{event_type}/{WEB}", Sum()).count}],
        }
        for name, event_type in PAGE_FIGURES.items()
    ]
    return Reply({"parameters": {**period.echo, "nodeId": node_id}, "data": data})


def _timeseries(steps: dict[str, int]) -> dict[str, object]:
    values = [{"datetime": step, "value": count} for step, count in steps.items()]
    return {"type": "timeseries", "values": values}

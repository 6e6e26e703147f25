"""How many customers there are, since when, how they can be reached, and what one of them did."""

from collections import Counter, defaultdict
from collections.abc import Generator

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.aggregation import entry_ids
from understudy.vendors.contacthub.analytics.count_queries import TURN, CountQuery, CountSum, count_by_step, sum_by_key
from understudy.vendors.contacthub.analytics.event_categories import CATEGORY_OF
from understudy.vendors.contacthub.analytics.kpis import buying_kpis, purchase_sums
from understudy.vendors.contacthub.analytics.node_scope import (
    NodeScope,
    customer_scope,
    customer_scope_and_period,
    customers_in,
    requested_node,
)
from understudy.vendors.contacthub.analytics.periods import (
    FIRST_CELL,
    LONGEST_OF_CHANGES,
    MONTH,
    YEAR,
    Period,
    open_ended,
    read_period,
)
from understudy.vendors.contacthub.configuration.workspace_locale import currency_of, time_zone_of
from understudy.vendors.contacthub.counts.increments import ADDED, CHANGES, CHANNELS, EVERYONE, ORDER, order_increment
from understudy.vendors.contacthub.counts.time_buckets import DAILY, WEEKLY, Calendar
from understudy.vendors.contacthub.customers.customer_store import find_customer
from understudy.vendors.contacthub.nodes.nodes import nodes_of
from understudy.vendors.contacthub.nodes.send_sources import PROVIDER as SEND
from understudy.vendors.contacthub.paging import WHOLE, page_info
from understudy.vendors.contacthub.retention.expiry import drop_expired
from understudy.vendors.contacthub.tables import CUSTOMERS, EVENTS, SOURCES
from understudy.vendors.contacthub.workspace_access import enter_workspace

PLAN = "CONTACTPLAN"
LONGEST = {DAILY: YEAR, WEEKLY: 5 * YEAR}
"""The most months that a mode's range has, where it is not ten years (notes, section 9)."""


def count_customer_events_by_category(
    state: VendorState,
    workspace_id: str,
    customer_id: str,
    start: str | None,
    end: str | None,
    mode: str,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Return a customer's events by category and step."""
    most = LONGEST.get(mode, 10 * YEAR)
    rows, period = yield from _events_of(state, caller, workspace_id, customer_id, start, end, most)

    calendar = Calendar(mode, time_zone_of(state, workspace_id))
    series: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        series[CATEGORY_OF[row["data"]["type"]]][calendar.step_at(row["data"]["date"])] += 1
    data = [
        {
            "category": category,
            "type": "timeseries",
            "values": [{"datetime": step, "value": str(count)} for step, count in sorted(steps.items())],
        }
        for category, steps in sorted(series.items())
    ]
    return Reply({"parameters": {**period.echo, "mode": mode}, "data": data})


def get_customer_buying_behaviors(
    state: VendorState, workspace_id: str, customer_id: str, start: str | None, end: str | None, caller: Caller
) -> Generator[None, None, Reply]:
    """Return the key figures of what a customer bought."""
    rows, period = yield from _events_of(state, caller, workspace_id, customer_id, start, end)

    sums: defaultdict[tuple[str, str], CountSum] = defaultdict(CountSum)
    for row in rows:
        if row["data"]["type"] == ORDER:
            mark = order_increment(row)
            sums[mark.key, mark.column].add(mark)
    figures = buying_kpis(purchase_sums(sums), currency_of(state, workspace_id))
    return Reply({"parameters": period.echo, "data": figures})


def get_workspace_stats(state: VendorState, workspace_id: str, caller: Caller) -> Generator[None, None, Reply]:
    """Return a workspace, and how many customers its entry nodes hold."""
    workspace = enter_workspace(state, caller, workspace_id)["data"]
    scope = yield from customer_scope(state, caller, workspace_id, None)
    return Reply(
        {name: workspace[name] for name in ("id", "name", "status")} | {"customers": customers_in(state, scope)}
    )


def list_node_stats(state: VendorState, workspace_id: str, caller: Caller) -> Generator[None, None, Reply]:
    """Return the workspace's nodes with their customers and connections, on one page."""
    enter_workspace(state, caller, workspace_id)
    allowed = caller.claims.get("nodes")
    nodes = [node for node in nodes_of(state, workspace_id) if allowed is None or node["id"] in allowed]
    sources = [row["data"] for row in state.collection(SOURCES).find("workspaceId", workspace_id)]
    elements = []
    for node in nodes:
        scope = yield from customer_scope(state, caller, workspace_id, node)
        connected = [source for source in sources if source["enabled"] and node["id"] in source["nodes"]]
        elements.append(
            {
                "id": node["id"],
                "name": node["data"]["name"],
                "type": node["kind"],
                "customers": customers_in(state, scope),
                "plan": any(source["provider"] == PLAN for source in connected),
                "send": next((_send(source) for source in connected if source["provider"] == SEND), None),
            }
        )
    page = page_info(len(elements), max(len(elements), WHOLE), 0, is_search=True)
    return Reply({"elements": elements, "page": page})


def count_customers(
    state: VendorState, workspace_id: str, node_id: str | None, caller: Caller
) -> Generator[None, None, Reply]:
    """Return how many customers the workspace, or a node, holds."""
    node = requested_node(state, caller, workspace_id, node_id)

    scope = yield from customer_scope(state, caller, workspace_id, node)
    values = [{"key": "total", "value": customers_in(state, scope)}]
    data = {"category": "CustomersSnapshot", "type": "keyValue", "values": values}
    return Reply({"parameters": {"nodeId": node_id}, "data": data})


def count_customers_by_creation_date(
    state: VendorState,
    workspace_id: str,
    start: str | None,
    end: str | None,
    mode: str,
    node_id: str | None,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Return the customers by the step in which they were registered."""
    spans = YEAR, LONGEST.get(mode, 10 * YEAR)
    scope, period = yield from customer_scope_and_period(state, caller, workspace_id, node_id, start, end, *spans)

    calendar = Calendar(mode, time_zone_of(state, workspace_id))
    values = yield from _customers_by_step(state, scope, ADDED, open_ended(period, end), calendar)
    data = [{"category": "addedCustomers", "type": "timeseries", "values": values}]
    return Reply({"parameters": {**period.echo, "mode": mode, "nodeId": node_id}, "data": data})


def count_customers_by_channel(
    state: VendorState, workspace_id: str, node_id: str | None, caller: Caller
) -> Generator[None, None, Reply]:
    """Return how many customers can be reached by e-mail, by mobile phone, by both and by neither."""
    node = requested_node(state, caller, workspace_id, node_id)

    scope = yield from customer_scope(state, caller, workspace_id, node)
    sums = yield from sum_by_key(state, CountQuery(scope, CUSTOMERS, CHANNELS, FIRST_CELL))
    values = [{"key": channel, "value": str(sums.get((EVERYONE, channel), CountSum()).count)} for channel in CHANNELS]
    data = {"category": "communicationChannels", "type": "keyValue", "values": values}
    return Reply({"parameters": {"nodeId": node_id}, "data": data})


def count_customers_by_update_date(
    state: VendorState,
    workspace_id: str,
    start: str | None,
    end: str | None,
    type: str,  # noqa: A002 - the parameter's name in the spec
    node_id: str | None,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Return the customers by the day on which they were added, last changed or deleted."""
    spans = MONTH, LONGEST_OF_CHANGES[type]
    scope, period = yield from customer_scope_and_period(state, caller, workspace_id, node_id, start, end, *spans)

    calendar = Calendar(DAILY, time_zone_of(state, workspace_id))
    values = yield from _customers_by_step(state, scope, CHANGES[type], open_ended(period, end), calendar)
    data = [{"category": "customers", "type": "timeseries", "values": values}]
    return Reply({"parameters": {**period.echo, "nodeId": node_id, "type": type}, "data": data})


def _customers_by_step(
    state: VendorState, scope: NodeScope, column: str, period: Period, calendar: Calendar
) -> Generator[None, None, list[Json]]:
    series = yield from count_by_step(state, CountQuery(scope, CUSTOMERS, (column,), period), calendar)
    return [{"datetime": step, "value": count} for step, count in series.get(EVERYONE, {}).items()]


def _events_of(
    state: VendorState,
    caller: Caller,
    workspace_id: str,
    customer_id: str,
    start: str | None,
    end: str | None,
    most: int | None = None,
) -> Generator[None, None, tuple[list[Json], Period]]:
    """Read a customer's events in a range, usually a year; those past their months go first."""
    enter_workspace(state, caller, workspace_id)
    customer = find_customer(state, caller, workspace_id, customer_id)
    period = read_period(state, start, end, YEAR, most)

    yield from drop_expired(state, workspace_id)
    events = state.collection(EVENTS)
    keys = [key for entry_id in entry_ids(state, customer["id"]) for key in events.keys_of("data.customerId", entry_id)]
    found = []
    for number, row in enumerate(events.read(keys)):
        if number % TURN == TURN - 1:
            yield
        if row["data"]["date"] in period:
            found.append(row)
    return found, period


def _send(source: Json) -> Json:
    properties = source["properties"]
    return {"groupPk": properties["groupPk"], "userDbId": properties["userdbId"]}

"""Counts of customers by node, registration, change and channel, and analytics of one customer."""

from collections import Counter, defaultdict
from collections.abc import Generator

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.aggregation import entry_ids
from understudy.vendors.contacthub.analytics.count_queries import (
    ROWS_PER_STEP,
    CountQuery,
    CountSum,
    count_by_step,
    sum_by_key,
)
from understudy.vendors.contacthub.analytics.event_categories import CATEGORY_OF
from understudy.vendors.contacthub.analytics.kpis import buying_kpis, purchase_sums
from understudy.vendors.contacthub.analytics.node_scope import (
    NodeScope,
    customer_scope,
    customers_in,
    requested_customer_scope,
    scope_and_period,
)
from understudy.vendors.contacthub.analytics.periods import (
    MAX_MONTHS_BY_CHANGE,
    MONTH,
    UNDATED,
    YEAR,
    Period,
    open_ended,
    read_period,
)
from understudy.vendors.contacthub.configuration.workspace_locale import currency_of, time_zone_of
from understudy.vendors.contacthub.counts.increments import (
    ADDED,
    CHANNELS,
    COLUMN_BY_CHANGE,
    COMPLETED_ORDER,
    CUSTOMERS_KEY,
    order_increment,
)
from understudy.vendors.contacthub.counts.time_buckets import DAILY, WEEKLY, Calendar
from understudy.vendors.contacthub.customers.customer_store import find_customer
from understudy.vendors.contacthub.nodes.nodes import nodes_of
from understudy.vendors.contacthub.nodes.send_sources import PROVIDER as SEND
from understudy.vendors.contacthub.paging import MIN_WHOLE_PAGE_SIZE, page_info
from understudy.vendors.contacthub.retention.expiry import drop_expired
from understudy.vendors.contacthub.retention.visible_events import customers_visibility_test
from understudy.vendors.contacthub.tables import CUSTOMERS, EVENTS, SOURCES
from understudy.vendors.contacthub.workspace_access import enter_workspace

PLAN = "CONTACTPLAN"
MAX_MONTHS = {DAILY: YEAR, WEEKLY: 5 * YEAR}
"""Greatest length in months of a period by mode; ten years for other modes."""


def count_customer_events_by_category(
    state: VendorState,
    workspace_id: str,
    customer_id: str,
    start: str | None,
    end: str | None,
    mode: str,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Return the number of a customer's events by category and step of the series."""
    max_months = MAX_MONTHS.get(mode, 10 * YEAR)
    rows, period = yield from _events_and_period(state, caller, workspace_id, customer_id, start, end, max_months)

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
    """Return the KPIs of a customer's purchases."""
    rows, period = yield from _events_and_period(state, caller, workspace_id, customer_id, start, end)

    sums: defaultdict[tuple[str, str], CountSum] = defaultdict(CountSum)
    for row in rows:
        if row["data"]["type"] == COMPLETED_ORDER:
            increment = order_increment(row)
            sums[increment.key, increment.column].add(increment)
    figures = buying_kpis(purchase_sums(sums), currency_of(state, workspace_id))
    return Reply({"parameters": period.echo, "data": figures})


def get_workspace_stats(state: VendorState, workspace_id: str, caller: Caller) -> Generator[None, None, Reply]:
    """Return a workspace and the number of customers in its entry nodes."""
    workspace = enter_workspace(state, caller, workspace_id)["data"]
    scope = yield from customer_scope(state, caller, workspace_id, None)
    return Reply(
        {name: workspace[name] for name in ("id", "name", "status")} | {"customers": customers_in(state, scope)}
    )


def list_node_stats(state: VendorState, workspace_id: str, caller: Caller) -> Generator[None, None, Reply]:
    """Return the workspace's nodes with their numbers of customers and their connections, on one page."""
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
                "send": next((_send_settings(source) for source in connected if source["provider"] == SEND), None),
            }
        )
    page = page_info(len(elements), max(len(elements), MIN_WHOLE_PAGE_SIZE), 0, is_search=True)
    return Reply({"elements": elements, "page": page})


def count_customers(
    state: VendorState, workspace_id: str, node_id: str | None, caller: Caller
) -> Generator[None, None, Reply]:
    """Return the number of customers of the workspace or of a node."""
    scope = yield from requested_customer_scope(state, caller, workspace_id, node_id)
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
    """Return the number of customers by the step in which they were registered."""
    months = YEAR, MAX_MONTHS.get(mode, 10 * YEAR)
    scope, period = yield from scope_and_period(state, caller, workspace_id, node_id, CUSTOMERS, start, end, *months)

    calendar = Calendar(mode, time_zone_of(state, workspace_id))
    values = yield from _customers_by_step(state, scope, ADDED, open_ended(period, end), calendar)
    data = [{"category": "addedCustomers", "type": "timeseries", "values": values}]
    return Reply({"parameters": {**period.echo, "mode": mode, "nodeId": node_id}, "data": data})


def count_customers_by_channel(
    state: VendorState, workspace_id: str, node_id: str | None, caller: Caller
) -> Generator[None, None, Reply]:
    """Return the number of customers reachable by e-mail, by mobile phone, by both and by neither."""
    scope = yield from requested_customer_scope(state, caller, workspace_id, node_id)
    sums = yield from sum_by_key(state, CountQuery(scope, CUSTOMERS, CHANNELS, UNDATED))
    values = [
        {"key": channel, "value": str(sums.get((CUSTOMERS_KEY, channel), CountSum()).count)} for channel in CHANNELS
    ]
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
    """Return the number of customers by the day on which they were added, last changed or deleted."""
    months = MONTH, MAX_MONTHS_BY_CHANGE[type]
    scope, period = yield from scope_and_period(state, caller, workspace_id, node_id, CUSTOMERS, start, end, *months)

    calendar = Calendar(DAILY, time_zone_of(state, workspace_id))
    values = yield from _customers_by_step(state, scope, COLUMN_BY_CHANGE[type], open_ended(period, end), calendar)
    data = [{"category": "customers", "type": "timeseries", "values": values}]
    return Reply({"parameters": {**period.echo, "nodeId": node_id, "type": type}, "data": data})


def _customers_by_step(
    state: VendorState, scope: NodeScope, column: str, period: Period, calendar: Calendar
) -> Generator[None, None, list[Json]]:
    series = yield from count_by_step(state, CountQuery(scope, CUSTOMERS, (column,), period), calendar)
    return [{"datetime": step, "value": count} for step, count in series.get(CUSTOMERS_KEY, {}).items()]


def _events_and_period(
    state: VendorState,
    caller: Caller,
    workspace_id: str,
    customer_id: str,
    start: str | None,
    end: str | None,
    max_months: int | None = None,
) -> Generator[None, None, tuple[list[Json], Period]]:
    """Return a customer's events in a period, by default a year, after dropping expired events; and the period."""
    enter_workspace(state, caller, workspace_id)
    customer = find_customer(state, caller, workspace_id, customer_id)
    period = read_period(state, start, end, YEAR, max_months)

    yield from drop_expired(state, workspace_id)
    events = state.collection(EVENTS)
    keys = [key for entry_id in entry_ids(state, customer["id"]) for key in events.keys_of("data.customerId", entry_id)]
    is_visible = customers_visibility_test(state, customer["id"])
    found = []
    for number, row in enumerate(events.read(keys)):
        if number % ROWS_PER_STEP == ROWS_PER_STEP - 1:
            yield
        if row["data"]["date"] in period and (is_visible is None or is_visible(row["data"])):
            found.append(row)
    return found, period


def _send_settings(source: Json) -> Json:
    properties = source["properties"]
    return {"groupPk": properties["groupPk"], "userDbId": properties["userdbId"]}

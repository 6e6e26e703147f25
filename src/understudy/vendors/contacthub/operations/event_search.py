"""Searching events."""

from collections.abc import Callable, Collection, Generator, Sequence

from understudy.core.caller import Caller
from understudy.core.refused import Refused, Violation
from understudy.core.reply import Reply
from understudy.state.collection import Json
from understudy.state.world import World
from understudy.vendors.contacthub.findings import Findings, sift
from understudy.vendors.contacthub.models import event_model, event_types
from understudy.vendors.contacthub.places import open_node, open_workspace
from understudy.vendors.contacthub.queries import MOST_TEXTS
from understudy.vendors.contacthub.sorting import read_order
from understudy.vendors.contacthub.stamps import tidy_time
from understudy.vendors.contacthub.tables import EVENTS

Names = frozenset[str] | None


def search_events(
    world: World,
    workspace_id: str,
    customer_id: str | None,
    node_id: str | None,
    type: list[str] | None,  # noqa: A002 - the parameter's name in the spec
    context: list[str] | None,
    mode: str | None,
    date_from: str | None,
    date_to: str | None,
    size: int,
    sort: list[str] | None,
    page: int,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Answer a page of the events that pass all filters, the newest by date first unless sorted otherwise."""
    open_workspace(world, caller, workspace_id)
    nodes: Collection[str] | None = caller.claims.get("nodes")
    if node_id is not None:
        nodes = [open_node(world, caller, workspace_id, node_id)["id"]]
    earliest, latest = _read_date("dateFrom", date_from), _read_date("dateTo", date_to)
    types, contexts = _types(type, mode), None if context is None else frozenset(context)

    events = world.collection(EVENTS)
    index, value = ("workspaceId", workspace_id) if node_id is None else ("nodeId", node_id)
    unfiltered = events.count(index, value)
    if node_id is None and nodes is not None:
        unfiltered = sum(events.count("nodeId", each) for each in nodes)
    findings = Findings(read_order(sort, "data."), size, page)
    is_filtered = any(each is not None for each in (customer_id, types, contexts, earliest, latest))
    if not (is_filtered or sort or (node_id is None and nodes is not None)):
        findings.total = unfiltered
        rows = events.newest(index, value, *findings.stretch)
    else:
        if customer_id is not None:
            index, value = "data.customerId", customer_id
        passes = _filter(workspace_id, nodes, types, contexts, earliest, latest)
        yield from sift(events, events.keys_of(index, value)[::-1], _texts(types, contexts), passes, findings)
        rows = list(events.read(findings.keys()))
    return Reply(findings.page([row["data"] for row in rows], unfiltered))


def _filter(
    workspace_id: str,
    nodes: Collection[str] | None,
    types: Names,
    contexts: Names,
    earliest: str | None,
    latest: str | None,
) -> Callable[[Json], bool]:
    def passes(row: Json) -> bool:
        event = row["data"]
        return (
            (types is None or event["type"] in types)
            and (contexts is None or event["context"] in contexts)
            and (earliest is None or event["date"] >= earliest)
            and (latest is None or event["date"] <= latest)
            and (nodes is None or row["nodeId"] in nodes)
            and bool(row["workspaceId"] == workspace_id)
        )

    return passes


def _types(asked: list[str] | None, mode: str | None) -> Names:
    if mode is None:
        return None if asked is None else frozenset(asked)
    return frozenset(
        each for each in event_types() if event_model(each)["mode"] == mode and (asked is None or each in asked)
    )


def _texts(types: Names, contexts: Names) -> Sequence[str]:
    """Of texts that each event has one of, the fewest; none if those are too many to look for."""
    fewest = min((tuple(names) for names in (types, contexts) if names), key=len, default=())
    return fewest if len(fewest) <= MOST_TEXTS else ()


def _read_date(parameter: str, text: str | None) -> str | None:
    if text is None:
        return None
    date = tidy_time(text)
    if date is None:
        message = f"{parameter} is not in the calendar: {text}"
        raise Refused(400, message, violations=[Violation("query", parameter, "format", message, text)])
    return date

"""The consent log: what happened to customers' consents, and by whom."""

from collections.abc import Callable, Generator, Iterator
from typing import Any

import orjson

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused, Violation
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.consent_log import entries_of, find_entry
from understudy.vendors.contacthub.dotted import value_at
from understudy.vendors.contacthub.paging import page_of
from understudy.vendors.contacthub.queries.sorting import parse_sort
from understudy.vendors.contacthub.tables import CONSENT_LOGS, CUSTOMERS, NODES
from understudy.vendors.contacthub.workspace_access import enter_workspace

ENTRIES_A_TURN = 500
"""How many entries are looked at before other requests have their turn: about two milliseconds."""

Claim = Callable[[Json], bool]


def list_consent_logs(
    state: VendorState,
    workspace_id: str,
    customer_id: str | None,
    unique_key: str | None,
    start_date: str | None,
    end_date: str | None,
    type: str | None,  # noqa: A002 - the parameter's name in the spec
    property: str | None,  # noqa: A002 - the parameter's name in the spec
    sort: list[str] | None,
    nodes: str | None,
    size: int,
    page: int,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Answer a page of the log, the newest entry first unless ``sort`` says otherwise. Days are those of UTC."""
    enter_workspace(state, caller, workspace_id)
    known_by = None if unique_key is None else _read_unique_key(unique_key)
    wanted = {"customerId": customer_id, "type": type, "property": property}
    wanted = {name: value for name, value in wanted.items() if value is not None}
    among = None if nodes is None else {node.strip() for node in nodes.split(",")}
    is_of_customer = _of_customer(state, known_by)

    found: list[Json] = []
    for number, (row, entry) in enumerate(_entries(state, customer_id), start=1):
        is_wanted = (
            row["workspaceId"] == workspace_id
            and wanted.items() <= entry.items()
            and (among is None or row["nodeId"] in among)
            and (start_date or "") <= entry["date"][:10] <= (end_date or "9999-12-31")
            and is_of_customer(entry)
        )
        if is_wanted:
            found.append(entry)
        if number % ENTRIES_A_TURN == 0:
            yield
    found.sort(key=lambda entry: (entry["date"], entry["id"]), reverse=True)
    for key in reversed(parse_sort(sort)):
        found.sort(key=key.rank, reverse=key.is_descending)
    return Reply(page_of(found, size, page))


def get_consent_log(
    state: VendorState,
    workspace_id: str,
    id: str,  # noqa: A002 - the parameter's name in the spec
    caller: Caller,
) -> Reply:
    """Answer an entry of the log."""
    enter_workspace(state, caller, workspace_id)
    entry = find_entry(state, workspace_id, id)
    if entry is None:
        raise Refused(404, f"consent log not found {id}")
    return Reply(entry)


def _entries(state: VendorState, customer_id: str | None) -> Iterator[tuple[Json, Json]]:
    """Go through the log: each entry with its row."""
    log = state.collection(CONSENT_LOGS)
    rows = log if customer_id is None else log.find("data.customerId", customer_id)
    return ((row, entry) for row in rows for entry in entries_of(row))


def _read_unique_key(text: str) -> dict[str, Any]:
    """Return the values that a unique key asks for, by their dotted paths; refuse one that is no JSON object."""
    try:
        key = orjson.loads(text)
    except orjson.JSONDecodeError:
        key = None
    if not isinstance(key, dict):
        message = "uniqueKey is not a JSON object"
        raise Refused(400, message, violations=[Violation("query", "uniqueKey", "type", message, text)])
    return _leaves(key, "")


def _leaves(value: Any, path: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return {where: leaf for name, part in value.items() for where, leaf in _leaves(part, f"{path}.{name}").items()}
    return {path.removeprefix("."): value}


def _of_customer(state: VendorState, known_by: dict[str, Any] | None) -> Claim:
    """Return the claim that an entry is of a customer with these values; case counts as in the customer's node.

    An empty key means nobody. Whoever was deleted is not known by anything but the id.
    """
    if known_by is None:
        return lambda _: True
    answers: dict[str, bool] = {}

    def claim(entry: Json) -> bool:
        customer_id = entry["customerId"]
        if customer_id not in answers:
            answers[customer_id] = _has(state, customer_id, known_by)
        return answers[customer_id]

    return claim


def _has(state: VendorState, customer_id: str, known_by: dict[str, Any]) -> bool:
    customer = state.collection(CUSTOMERS).get(customer_id)
    if customer is None or not known_by:
        return False
    node = state.collection(NODES).view(customer["nodeId"])
    unique = {} if node is None else node["data"].get("uniqueCustomer") or {}
    has = {path: value_at(customer, path) for path in known_by}
    if unique.get("caseSensitive", False):
        return has == known_by
    return {path: _folded(value) for path, value in has.items()} == {
        path: _folded(value) for path, value in known_by.items()
    }


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value

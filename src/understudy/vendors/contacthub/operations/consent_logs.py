"""Operations that read the log of consents."""

import re
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

ENTRIES_PER_STEP = 500
"""Number of entries that are read in one step: about two milliseconds."""

PATH_SEPARATORS = re.compile(r"""[./\[\]'"]+""")
"""Text between the names in a dotted path, ``$.a.b``, ``$['a']['b']`` and ``/a/b``."""

EntryTest = Callable[[Json], bool]


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
    nodes: list[str] | None,
    size: int,
    page: int,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Return a page of the log; the default order is newest first. ``start_date`` and ``end_date`` are days in UTC."""
    enter_workspace(state, caller, workspace_id)
    key_values = None if unique_key is None else _read_unique_key(unique_key)
    wanted = {name: value for name, value in {"customerId": customer_id, "type": type}.items() if value is not None}
    path = None if property is None else _dotted(property)
    node_ids = None if nodes is None else set(nodes)
    is_of_customer = _of_customer(state, key_values)

    found: list[Json] = []
    unfiltered = 0  # those of the customer asked for, or of the workspace
    for number, (row, entry) in enumerate(_entries(state, customer_id), start=1):
        is_of_workspace = row["workspaceId"] == workspace_id
        unfiltered += is_of_workspace
        is_wanted = (
            is_of_workspace
            and wanted.items() <= entry.items()
            and (path is None or f"{entry['property'] or ''}.".startswith(f"{path}."))
            and (node_ids is None or row["nodeId"] in node_ids)
            and (start_date or "") <= entry["date"][:10] <= (end_date or "9999-12-31")
            and is_of_customer(entry)
        )
        if is_wanted:
            found.append(entry)
        if number % ENTRIES_PER_STEP == 0:
            yield
    found.sort(key=lambda entry: (entry["date"], entry["id"]), reverse=True)
    for key in reversed(parse_sort(sort)):
        found.sort(key=key.rank, reverse=key.is_descending)
    return Reply(page_of(found, size, page, unfiltered))


def get_consent_log(
    state: VendorState,
    workspace_id: str,
    id: str,  # noqa: A002 - the parameter's name in the spec
    caller: Caller,
) -> Reply:
    """Return an entry of the log."""
    enter_workspace(state, caller, workspace_id)
    entry = find_entry(state, workspace_id, id)
    if entry is None:
        raise Refused(404, f"consent log not found {id}")
    return Reply(entry)


def _entries(state: VendorState, customer_id: str | None) -> Iterator[tuple[Json, Json]]:
    """Return an iterator over the entries of the log, each with its row."""
    log = state.collection(CONSENT_LOGS)
    rows = log if customer_id is None else log.find("data.customerId", customer_id)
    return ((row, entry) for row in rows for entry in entries_of(row))


def _dotted(path: str) -> str:
    """Return the dotted path of a property given as such, as a JSON path or as a JSON pointer.

    A path that does not start in the customer starts in its consents.
    """
    names = [name for name in PATH_SEPARATORS.split(path) if name not in ("", "$")]
    return ".".join(names if names[:1] == ["consents"] else ["consents", *names])


def _read_unique_key(text: str) -> dict[str, Any]:
    """Return the values of a unique key by their dotted paths; refuse a text that is no JSON object."""
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


def _of_customer(state: VendorState, key_values: dict[str, Any] | None) -> EntryTest:
    """Return the test for an entry of a customer with these values; ``None`` accepts every entry.

    Case matters if it does in the customer's node. An empty key matches no customer, and no key a deleted one.
    """
    if key_values is None:
        return lambda _: True
    results: dict[str, bool] = {}

    def test(entry: Json) -> bool:
        customer_id = entry["customerId"]
        if customer_id not in results:
            results[customer_id] = _has_values(state, customer_id, key_values)
        return results[customer_id]

    return test


def _has_values(state: VendorState, customer_id: str, key_values: dict[str, Any]) -> bool:
    customer = state.collection(CUSTOMERS).get(customer_id)
    if customer is None or not key_values:
        return False
    node = state.collection(NODES).view(customer["nodeId"])
    unique = {} if node is None else node["data"].get("uniqueCustomer") or {}
    values = {path: value_at(customer, path) for path in key_values}
    if unique.get("caseSensitive", False):
        return values == key_values
    return {path: _casefolded(value) for path, value in values.items()} == {
        path: _casefolded(value) for path, value in key_values.items()
    }


def _casefolded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value

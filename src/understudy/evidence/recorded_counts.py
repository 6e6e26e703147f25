"""Numbers of recorded calls by operation, status and outcome: of a server, and of HTTP archives."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from understudy.core.world_names import CONTROL_PATH
from understudy.http.mounted_vendor import MountedVendor
from understudy.state.journal import CallKey, Exchange
from understudy.traffic.exchange_check import ExchangeChecker

UNKNOWN_OUTCOME = "unknown"
"""Outcome of an answer of another server, which gives no cause."""

MAX_PREFIX = 3
"""Number of path segments that may stand before a document's base path: a world, a vendor's name, a proxy's path."""


def read_counts(rows: Iterable[Mapping[str, Any]]) -> Counter[CallKey]:
    """Return the numbers of calls that the control API has answered, or that a worker has passed on."""
    found = Counter[CallKey]()
    for row in rows:
        found[CallKey(row["vendor"], row["operation"], row["status"], row["outcome"])] += row["count"]
    return found


def count_exchanges(exchanges: Iterable[Exchange], vendors: Mapping[str, MountedVendor]) -> Counter[CallKey]:
    """Return the numbers of exchanges, by the operations that the archive names, or that have the method and path.

    Calls of the control API are left out.
    """
    finders = {name: _Finder(each) for name, each in vendors.items()}
    found = Counter[CallKey]()
    for each in exchanges:
        path = each.path.decode("latin-1")
        if path.startswith(CONTROL_PATH):
            continue
        if each.vendor:
            found[CallKey(each.vendor, each.operation, each.status, each.outcome)] += 1
            continue
        vendor, operation = next(
            ((name, id_) for name, finder in finders.items() if (id_ := finder.find(each.method, path))), ("", "")
        )
        outcome = each.outcome if each.status < 400 else UNKNOWN_OUTCOME
        found[CallKey(vendor, operation, each.status, outcome)] += 1
    return found


class _Finder:
    """Finder of a vendor's operations by method and path, which may begin with a world or a mount's prefix."""

    def __init__(self, vendor: MountedVendor) -> None:
        self._base = vendor.document.base_path.split("/")[1:]
        self._checker = ExchangeChecker(vendor.document, vendor.operations)
        self._first = frozenset(each.path.split("/")[1] for each in vendor.operations)

    def find(self, method: str, path: str) -> str:
        """Return the operationId; an empty text if there is none."""
        parts = path.split("/")[1:]
        for start in range(min(MAX_PREFIX + 1, len(parts))):
            below = parts[start:]
            is_certain = not start or self._base or below[0] in self._first
            if below[: len(self._base)] != self._base or not is_certain:
                continue
            found = self._checker.find(method, "/" + "/".join(below[len(self._base) :]))
            if found is not None:
                return found.operation.id
        return ""

"""Erasure of a customer from the update stream: its updates stay, without their data."""

from collections.abc import Iterable, Iterator

from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.tables import UPDATES

UPDATES_PER_STEP = 500
"""Number of updates checked in one step."""


def erase_from_updates(state: VendorState, customer_ids: Iterable[str]) -> Iterator[None]:
    """Reduce the updates of these customers and their events to ids, in steps, the newest update first.

    Newest first, because only the later updates of an event that waited for its customer have the customer's id.
    """
    stream = state.collection(UPDATES)
    erased_ids = set(customer_ids)
    for number, key in enumerate(reversed(stream.keys()), start=1):
        if number % UPDATES_PER_STEP == 0:
            yield
        row = stream.get(key)
        if row is None or erased_ids.isdisjoint((row["data"]["id"], row["data"].get("customerId"))):
            continue
        erased_ids.add(row["data"]["id"])
        stream.put({**row, "data": {"id": row["data"]["id"]}})

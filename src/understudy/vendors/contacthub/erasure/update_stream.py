"""Taking what is known of a customer out of the stream of updates: that something happened stays, not what."""

from collections.abc import Iterable, Iterator

from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.tables import UPDATES

UPDATES_PER_STEP = 500
"""How many updates are looked at before other requests have their turn."""


def erase_from_updates(state: VendorState, customer_ids: Iterable[str]) -> Iterator[None]:
    """Leave nothing but the ids of these customers and their events in the stream of updates.

    The newest comes first: an event that waited for its customer is known by then.
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

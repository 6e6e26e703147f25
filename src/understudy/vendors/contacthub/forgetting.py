"""Taking a customer out of everything that is kept."""

from collections.abc import Generator

from understudy.state.world import World
from understudy.vendors.contacthub.tables import UPDATES
from understudy.vendors.contacthub.updates import CUSTOMER, EVENT, last_offset

TURN = 250
"""How many updates are looked at before other requests have their turn."""


def strip_updates(world: World, customer_id: str) -> Generator[None, None, None]:
    """Leave of a deleted customer and its events only their ids in the stream of updates.

    The stream is read backwards: an event may have been without its customer before, never afterwards.
    """
    stream = world.collection(UPDATES)
    events: set[str] = set()
    for number in range(last_offset(world), 0, -1):
        if number % TURN == 0:
            yield
        row = stream.get(str(number))
        if row is None:
            continue
        data = row["data"]
        if row["kind"] == EVENT and data.get("customerId") == customer_id:
            events.add(data["id"])
        if (row["kind"] == CUSTOMER and data["id"] == customer_id) or (row["kind"] == EVENT and data["id"] in events):
            stream.put(row | {"data": {"id": data["id"]}})

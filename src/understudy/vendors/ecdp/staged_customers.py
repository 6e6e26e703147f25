"""Customers changed by a request, stored only if the whole request is accepted."""

from understudy.core.json_types import Json
from understudy.state.collection import Collection
from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.customer_identifiers import fold

COUNTER = "customers"


class StagedCustomers:
    """Staged changes to customers: visible to later look-ups of the same request, committed all at once."""

    def __init__(self, state: VendorState) -> None:
        self._customers = state.collection("customers")
        self._counters = state.collection("counters")
        self._changed = Collection(self._customers.table)
        counter = self._counters.get(COUNTER)
        self._last = 0 if counter is None else int(counter["last"])
        self._seen = self._customers.changes

    def find(self, index: str, text: str) -> Json | None:
        """Return the customer with this value of an identifier, including the staged changes."""
        value = fold(index, text)
        changed = self._changed.first(index, value)
        if changed is not None:
            return changed
        found = self._customers.first(index, value)
        return None if found is None or found["id"] in self._changed else found

    def put(self, customer: Json) -> None:
        """Add a new or changed customer to the staged ones."""
        self._changed.put(customer)

    def next_id(self) -> str:
        """Return an unused customer number, as text."""
        self._last += 1
        while str(self._last) in self._customers:
            self._last += 1
        return str(self._last)

    def is_current(self) -> bool:
        """Return whether nobody else has changed customers since the first one was staged."""
        return self._customers.changes == self._seen

    def commit(self) -> None:
        """Store all staged customers."""
        self._customers.put_all(self._changed)
        self._counters.put({"id": COUNTER, "last": self._last})

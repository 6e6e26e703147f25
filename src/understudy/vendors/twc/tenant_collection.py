"""One tenant's part of a collection. Two tenants may use the same id for different things."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Cause, Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.tables import CLIENTS, EVENTS, JOBS, ROUNDS, SENT, SUBSCRIPTIONS

NOUNS = {
    CLIENTS: "client",
    EVENTS: "event",
    SUBSCRIPTIONS: "eventSubscription",
    JOBS: "job",
    ROUNDS: "job",
    SENT: "job",
}
"""What the vendor calls an object of each collection where it says no."""


class TenantCollection:
    """The objects of one tenant in one collection, by their own ids."""

    __slots__ = ("_new_id", "_noun", "_rows", "_tenant")

    def __init__(self, state: VendorState, name: str, tenant: str) -> None:
        self._rows = state.collection(name)
        self._new_id = state.new_id
        self._tenant = tenant
        self._noun = NOUNS[name]

    def get(self, key: str) -> Json | None:
        """Return a copy of the tenant's object with this id."""
        row = self._rows.get(self._key(key))
        return None if row is None else row["value"]

    def get_or_refuse(self, key: str) -> Json:
        """Return a copy of the tenant's object with this id, or refuse with 404."""
        found = self.get(key)
        if found is None:
            raise self.missing()
        return found

    def missing(self) -> Refused:
        """Return the refusal for an object that is not there."""
        return Refused(404, f"{self._noun} not found")

    def put(self, value: Json) -> None:
        """Store an object in place of the one with its id."""
        self._rows.put({"key": self._key(value["id"]), "tenant": self._tenant, "value": value})

    def add(self, value: Json) -> Json:
        """Store a new object under its own id, or a new one if it has none, and return it; refuse an id in use."""
        key = value.get("id") or self._new_id()
        if self._key(key) in self._rows:
            raise Refused(400, "There is already one with this id", code="idexists", data=self._noun)
        whole = {**value, "id": key}
        self.put(whole)
        return whole

    def values(self) -> list[Json]:
        """Return copies of all the tenant's objects, oldest first."""
        return [row["value"] for row in self._rows.find("tenant", self._tenant)]

    def _key(self, key: str) -> str:
        return f"{self._tenant}\n{key}"


def open_tenant_collection(state: VendorState, name: str, caller: Caller, tenant: str) -> TenantCollection:
    """Return the part of a collection that belongs to ``tenant``; refuse a caller from another realm.

    Someone let in without being known may ask for any tenant.
    """
    if not caller.is_anyone and caller.claims["realm"] != tenant:
        raise Refused(403, "Access is denied", cause=Cause.CREDENTIALS)
    return TenantCollection(state, name, tenant)

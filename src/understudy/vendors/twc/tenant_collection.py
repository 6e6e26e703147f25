"""Part of a collection that belongs to one tenant. Two tenants may use the same id for different objects.

A row may be ``removed``: its object is not found, and its id stays in use. A row may be a ``sample``, an object that
the vendor's page prints: it is found as any other, and a new object with its id takes its place.
"""

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
"""Noun for an object of each collection in the vendor's error responses."""


class TenantCollection:
    """Objects of one tenant in one collection, by their ids."""

    __slots__ = ("_new_id", "_noun", "_rows", "_tenant")

    def __init__(self, state: VendorState, name: str, tenant: str) -> None:
        self._rows = state.collection(name)
        self._new_id = state.new_id
        self._tenant = tenant
        self._noun = NOUNS[name]

    def get(self, key: str) -> Json | None:
        """Return a copy of the tenant's object with this id."""
        row = self._rows.get(self._key(key))
        return None if row is None or row.get("removed") else row["value"]

    def get_or_refuse(self, key: str) -> Json:
        """Return a copy of the tenant's object with this id, or refuse with 404."""
        found = self.get(key)
        if found is None:
            raise self.missing()
        return found

    def missing(self) -> Refused:
        """Return the refusal of an unknown id."""
        return Refused(404, f"{self._noun} not found")

    def put(self, value: Json) -> None:
        """Store an object, in place of the object with the same id if there is one."""
        self._put(value)

    def put_sample(self, value: Json) -> None:
        """Store an object as a sample."""
        self._put(value, sample=True)

    def remove(self, value: Json) -> None:
        """Store an object that is no longer found."""
        self._put(value, removed=True)

    def add(self, value: Json) -> Json:
        """Store a new object, with a new id if it has none, and return it; refuse an id in use."""
        key = value.get("id") or self._new_id()
        row = self._rows.get(self._key(key))
        if row is not None and not row.get("sample"):
            raise Refused(400, "There is already one with this id", code="idexists", data=self._noun)
        stored = {**value, "id": key}
        self.put(stored)
        return stored

    def values(self) -> list[Json]:
        """Return copies of all objects of the tenant but samples, oldest first."""
        rows = self._rows.find("tenant", self._tenant)
        return [row["value"] for row in rows if not (row.get("removed") or row.get("sample"))]

    def _put(self, value: Json, **marks: bool) -> None:
        self._rows.put({"key": self._key(value["id"]), "tenant": self._tenant, "value": value, **marks})

    def _key(self, key: str) -> str:
        return f"{self._tenant}\n{key}"


def open_tenant_collection(state: VendorState, name: str, caller: Caller, tenant: str) -> TenantCollection:
    """Return a tenant's part of a collection; refuse a caller from another realm."""
    check_tenant(caller, tenant)
    return TenantCollection(state, name, tenant)


def check_tenant(caller: Caller, tenant: str) -> None:
    """Refuse a caller from another realm.

    A caller with unknown credentials, accepted under ``--auth any``, may use any tenant.
    """
    if not caller.is_anyone and caller.claims["realm"] != tenant:
        raise Refused(403, "Access is denied", cause=Cause.CREDENTIALS)

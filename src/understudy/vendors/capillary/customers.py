"""Customers, and the look-up by their identifiers."""

from collections.abc import Mapping

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.field_types import IDENTIFIER_TYPES

FIRST_USER_ID = 564000001
SPELLINGS = {kind.lower(): kind for kind in IDENTIFIER_TYPES}
WAITING = "waiting"
"""Member of a row of ``identifiers``: the numbers of younger customers that have, or have had, the same one."""


def find_customer(state: VendorState, kind: str, value: str) -> int | None:
    """Return the user id of the customer with an identifier of this kind, such as ``mobile``, in any case."""
    if canonical_type(kind) == "userId":
        found = state.collection("customers").get(value)
    else:
        found = state.collection("identifiers").get(_identifier(kind, value))
    return None if found is None else int(found["userId"])


def add_customer(state: VendorState, identifiers: Mapping[str, str]) -> int:
    """Store a customer with these identifiers and return the new user id."""
    customers = state.collection("customers")
    user_id = FIRST_USER_ID + len(customers)
    while str(user_id) in customers:
        user_id += 1
    customer = {"id": str(user_id), "userId": user_id, "identifiers": dict(identifiers)}
    customers.put(customer)
    index_identifiers(state, None, customer)
    return user_id


def index_identifiers(state: VendorState, before: Json | None, after: Json | None) -> None:
    """Update the look-up by identifiers for a written customer; ``None`` for a new or a deleted one."""
    rows = state.collection("identifiers")
    for kind, value in (before or {}).get("identifiers", {}).items():
        found = rows.get(_identifier(kind, value))
        if found is not None and before is not None and found["userId"] == before["userId"]:
            _remove(state, found)
    for kind, value in (after or {}).get("identifiers", {}).items():
        _add(state, _identifier(kind, value), (after or {})["userId"])


def _add(state: VendorState, identifier: str, user_id: int) -> None:
    """Add an identifier of a customer; an older customer with the same one keeps it, and this one waits."""
    rows = state.collection("identifiers")
    found = rows.get(identifier)
    if found is None:
        rows.put({"identifier": identifier, "userId": user_id})
    elif found["userId"] != user_id and user_id not in found.get(WAITING, ()):
        rows.put({**found, WAITING: [*found.get(WAITING, ()), user_id]})


def _remove(state: VendorState, found: Json) -> None:
    """Remove an identifier, or give it to the first waiting customer that has it still."""
    rows = state.collection("identifiers")
    rows.delete(found["identifier"])
    waiting = found.get(WAITING, [])
    for number, user_id in enumerate(waiting):
        customer = state.collection("customers").get(str(user_id)) or {}
        own = {_identifier(kind, value) for kind, value in customer.get("identifiers", {}).items()}
        if user_id != found["userId"] and found["identifier"] in own:
            rest = waiting[number + 1 :]
            rows.put({"identifier": found["identifier"], "userId": user_id, **({WAITING: rest} if rest else {})})
            return


def _identifier(kind: str, value: str) -> str:
    kind = canonical_type(kind)
    plain = value.removeprefix("+") if kind == "mobile" else value.lower() if kind == "email" else value
    return f"{kind}:{plain}"


def canonical_type(kind: str) -> str:
    """Return a type of identifier as the vendor's list spells it, whatever its case; any other text unchanged."""
    return SPELLINGS.get(kind.lower(), kind)

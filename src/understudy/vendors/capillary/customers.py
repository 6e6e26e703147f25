"""Customers, and the look-up by their identifiers."""

from collections.abc import Mapping

from understudy.state.vendor_state import VendorState

FIRST_USER_ID = 564000001


def find_customer(state: VendorState, kind: str, value: str) -> int | None:
    """Return the user id of the customer with an identifier of this kind, such as ``mobile`` or ``userId``."""
    if kind == "userId":
        found = state.collection("customers").get(value)
    else:
        found = state.collection("identifiers").get(_identifier(kind, value))
    return None if found is None else int(found["userId"])


def add_customer(state: VendorState, identifiers: Mapping[str, str]) -> int:
    """Store a customer with these identifiers and return the new user id."""
    customers = state.collection("customers")
    user_id = FIRST_USER_ID + len(customers)
    customers.put({"id": str(user_id), "userId": user_id})
    for kind, value in identifiers.items():
        state.collection("identifiers").put({"identifier": _identifier(kind, value), "userId": user_id})
    return user_id


def _identifier(kind: str, value: str) -> str:
    plain = value.removeprefix("+") if kind == "mobile" else value.lower() if kind == "email" else value
    return f"{kind}:{plain}"

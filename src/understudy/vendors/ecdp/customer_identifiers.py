"""Identifiers of a customer: their comparison, and the look-up by them."""

from collections.abc import Callable, Mapping
from hashlib import md5, sha256

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.options import ANY_MATCHING

FIELDS = ("email", "phone", "crmId", "guid", "visitorId")
"""Identifiers stored with a customer; each value belongs to one customer."""

FIELD_BY_MATCH = {
    "email": "email",
    "phonenumber": "phone",
    "crmid": "crmId",
    "guid": "guid",
    "visitorid": "visitorId",
}
"""Field for each ``matchBy``, in lower case: the spec allows any case."""

INDEX_BY_PARAMETER = {
    "customerId": "id",
    "customerEmail": "email",
    "customerEmailMd5": "emailMd5",
    "customerEmailSha256": "emailSha256",
    "customerPhone": "phone",
    "customerCrmId": "crmId",
}
"""Index for each parameter that may name an event's customer, in the order of the vendor's page."""


def fold_email(text: str) -> str:
    """Return an e-mail address in the form that is compared and hashed: trimmed, in lower case."""
    return text.strip().lower()


FOLD: Mapping[str, Callable[[str], str]] = {
    "email": fold_email,
    "emailMd5": str.lower,
    "emailSha256": str.lower,
    "guid": str.lower,
}
"""Function for each index that makes equal values identical; values of other indexes are compared unchanged."""


def fold(index: str, text: str) -> str:
    """Return a value in the form in which the index holds it."""
    return FOLD[index](text) if index in FOLD else text


def hash_md5(email: str) -> str:
    """Return the MD5 hash of an e-mail address, in lower-case hexadecimal digits."""
    return md5(fold_email(email).encode(), usedforsecurity=False).hexdigest()


def hash_sha256(email: str) -> str:
    """Return the SHA-256 hash of an e-mail address, in lower-case hexadecimal digits."""
    return sha256(fold_email(email).encode()).hexdigest()


def default_matching(state: VendorState) -> str | None:
    """Return the matching mode that the business unit prescribes, or ``None`` if any may be used."""
    setting = state.collection("settings").view("matching")
    return None if setting is None or setting["value"] == ANY_MATCHING else setting["value"]


def check_matching(state: VendorState, match_by: str) -> None:
    """Refuse another field than that by which the business unit finds its customers, if it has one."""
    wanted = default_matching(state)
    if wanted is not None and wanted.lower() != match_by.lower():
        raise Refused(400, f"matchBy: must be {wanted}, as in the settings of the business unit")


def find_customer(state: VendorState, index: str, text: str) -> Json | None:
    """Return the customer with this value of one identifier."""
    return state.collection("customers").first(index, fold(index, text))


def customer_of(state: VendorState, body: Json) -> Json:
    """Return the customer that the identifiers of an event belong to; refuse if there is none or more than one.

    An identifier that belongs to no customer is ignored if another one does: no page of the vendor states that all
    must match. Identifiers of different customers are refused, because any choice would be a guess.
    """
    found: dict[str, Json] = {}
    for parameter, index in INDEX_BY_PARAMETER.items():
        given = body.get(parameter)
        customer = None if given is None else find_customer(state, index, as_text(given))
        if customer is not None:
            found[customer["id"]] = customer
    if not found:
        raise Refused(404, "No customer has any of the identifiers given.")
    if len(found) > 1:
        raise Refused(400, "The identifiers belong to different customers.")
    return next(iter(found.values()))


def as_text(value: str | float) -> str:
    """Return an id, given as text or as a number, as text (JSON's 7.0 is a 7)."""
    return value if isinstance(value, str) else str(int(value))

"""Who is meant: the identifiers of a customer, and how each is compared."""

from collections.abc import Callable, Mapping
from hashlib import md5, sha256

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState

FIELDS = ("email", "phone", "crmId", "guid", "visitorId")
"""The identifiers that a customer is saved with; each value belongs to one customer."""

INDEX_BY_PARAMETER = {
    "customerId": "id",
    "customerEmail": "email",
    "customerEmailMd5": "emailMd5",
    "customerEmailSha256": "emailSha256",
    "customerPhone": "phone",
    "customerCrmId": "crmId",
}
"""The identifiers that an event may name its customer by, in the order of the vendor's page."""


def fold_email(text: str) -> str:
    """Return an e-mail address as it is compared and hashed."""
    return text.strip().lower()


FOLD: Mapping[str, Callable[[str], str]] = {
    "email": fold_email,
    "emailMd5": str.lower,
    "emailSha256": str.lower,
    "guid": str.lower,
}
"""How values of an index are compared; those not listed, as they are."""


def fold(index: str, text: str) -> str:
    """Return a value as the index holds it."""
    return FOLD[index](text) if index in FOLD else text


def hash_md5(email: str) -> str:
    """Return the MD5 hash of an e-mail address, in lower-case hexadecimal digits."""
    return md5(fold_email(email).encode(), usedforsecurity=False).hexdigest()


def hash_sha256(email: str) -> str:
    """Return the SHA-256 hash of an e-mail address, in lower-case hexadecimal digits."""
    return sha256(fold_email(email).encode()).hexdigest()


def find_customer(state: VendorState, index: str, text: str) -> Json | None:
    """Return the customer with this value of one identifier."""
    return state.collection("customers").first(index, fold(index, text))


def customer_of(state: VendorState, body: Json) -> Json:
    """Return the one customer that the identifiers of an event lead to.

    An identifier that leads nowhere is passed over as long as another one leads to a customer: the vendor does not say
    that all must match. Those that lead to different customers are refused, because any choice would be a guess.
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
    """Return an id as text, whether it came as a text or as a number (JSON's 7.0 is a 7)."""
    return value if isinstance(value, str) else str(int(value))

"""Handlers of purchases: posted at creation, cancelled at most once."""

from collections.abc import Iterator
from itertools import islice

from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.absent_values import without_nulls
from understudy.vendors.crmcom.errors import Key
from understudy.vendors.crmcom.lookups import Buyer, find_classification, find_contact, find_taps
from understudy.vendors.crmcom.purchase_records import cancel_posted, find_repeated, post_purchase, purchase_response
from understudy.vendors.crmcom.wallets import primary_account

READ_PER_STEP = 64
"""Number of purchases that are compared with the filters before other requests may run."""


def create_purchase(state: VendorState, body: Json) -> Reply:
    """Post a purchase of a contact: subtract its spend from the wallet, add its award, and return its id."""
    sent = without_nulls(body)
    repeated = find_repeated(state, sent)
    if repeated:
        return Reply({"id": repeated["id"]})
    contact = find_contact(state, sent)
    place = find_taps(state, sent)
    classification = find_classification(state, sent)
    buyer = Buyer(contact, primary_account(state, contact))
    return Reply({"id": post_purchase(state, sent, buyer, place, classification)["id"]})


def list_purchases(
    state: VendorState,
    page: int,
    size: int,
    contact_id: str | None = None,
    from_date: int | None = None,
    to_date: int | None = None,
    classification_id: str | None = None,
) -> Steps[Reply]:
    """Return a page of the purchases that fit the filters, newest first."""
    purchases = state.collection("purchases")
    keys = (purchases.keys() if contact_id is None else purchases.keys_of("contact.id", contact_id))[::-1]
    start = (page - 1) * size
    if (from_date, to_date, classification_id) != (None, None, None):
        keys = yield from _fitting(state, keys, from_date, to_date, classification_id)
    found = map(purchases.get, islice(keys, start, start + size))
    paging = {"page": page, "size": size, "total": len(keys), "has_more": start + size < len(keys)}
    return Reply({"paging": paging, "content": [purchase_response(purchase) for purchase in found if purchase]})


def get_purchase(state: VendorState, id: str) -> Reply:  # noqa: A002 - the parameter's name in the spec
    """Return a purchase, posted or cancelled."""
    return Reply(purchase_response(_find_purchase(state, id)))


def cancel_purchase(state: VendorState, id: str) -> Reply:  # noqa: A002 - the parameter's name in the spec
    """Cancel a posted purchase: reverse its spend and its award."""
    return Reply({"id": cancel_posted(state, _find_purchase(state, id))["id"]})


def _fitting(
    state: VendorState, keys: list[str], from_date: int | None, to_date: int | None, classification_id: str | None
) -> Steps[list[str]]:
    """Return the keys of the purchases within the times, both included, that have the classification."""

    def is_wanted(purchase: ReadOnlyJson) -> bool:
        is_in_time = (from_date is None or purchase["date"] >= from_date) and (
            to_date is None or purchase["date"] <= to_date
        )
        return is_in_time and classification_id in (None, purchase.get("classification", {}).get("id"))

    found: list[str] = []
    rest: Iterator[str] = iter(keys)
    while some := list(islice(rest, READ_PER_STEP)):
        pairs = ((key, state.collection("purchases").get(key)) for key in some)
        found += [key for key, purchase in pairs if purchase and is_wanted(purchase)]
        yield
    return found


def _find_purchase(state: VendorState, purchase_id: str) -> Json:
    found = state.collection("purchases").get(purchase_id)
    if found is None:
        raise Refused(404, f"No purchase has id {purchase_id!r}.", code=Key.NOT_FOUND)
    return found

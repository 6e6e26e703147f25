"""Handlers of the older Web API methods of purchases, which the token of a login opens."""

from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.absent_values import without_nulls
from understudy.vendors.crmcom.envelope import envelope
from understudy.vendors.crmcom.event_identifiers import find_buyer, find_event, find_event_classification, find_place
from understudy.vendors.crmcom.purchase_events import as_purchase, show
from understudy.vendors.crmcom.purchase_records import cancel_posted, find_repeated, post_purchase
from understudy.vendors.crmcom.security import require_session


def create_purchase_event(state: VendorState, body: Json) -> Reply:
    """Post a purchase of an account, and return it."""
    require_session(state, body["token"])
    sent = without_nulls(body)
    repeated = find_repeated(state, {"reference_number": sent["reference_number"]})
    if repeated:
        return envelope(show(repeated, sent.get("fields_set")))
    buyer = find_buyer(state, sent["accounts_receivable_identifier"])
    place = find_place(state, sent)
    classification = find_event_classification(state, sent)
    purchase = post_purchase(state, as_purchase(state, sent), buyer, place, classification)
    return envelope(show(purchase, sent.get("fields_set")))


def get_purchase_event(
    state: VendorState, token: str, customer_event_identifier: str, fields_set: str | None = None
) -> Reply:
    """Return a purchase, posted or cancelled; the identifier is a text such as ``number=P00000061``."""
    require_session(state, token)
    by, _, value = customer_event_identifier.partition("=")
    return envelope(show(find_event(state, {by: value}), fields_set))


def cancel_purchase_event(state: VendorState, body: Json) -> Reply:
    """Cancel a posted purchase, and return it."""
    require_session(state, body["token"])
    sent = without_nulls(body)
    cancelled = cancel_posted(state, find_event(state, sent["customer_event_identifier"]))
    return envelope(show(cancelled, sent.get("fields_set")))

"""Identifiers of the older methods: each names an account, place, classification, product or event by one field."""

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.errors import Key
from understudy.vendors.crmcom.lookups import DEFAULT_SKU, Buyer, TappedMerchant, found_or_refuse, place_of
from understudy.vendors.crmcom.wallets import primary_account

PLACES = ("performed_by_unit_identifier", "performed_by_tap_identifier", "performed_by_business_unit_identifier")
"""Fields of which a purchase has one; units, acquiring points and business units are the same outlets and merchants."""


def find_buyer(state: VendorState, named: Json) -> Buyer:
    """Return the contact and the account that an account's identifier names; its number is the contact's code."""
    noun = "accounts receivable"
    if "id" in named:
        account = found_or_refuse(state.collection("accounts").get(named["id"]), noun, "id", named["id"])
        owner = state.collection("contacts").get(account["contact_id"])
        return Buyer(found_or_refuse(owner, "contact", "id", account["contact_id"]), account)
    token = named.get("access_token_identifier")
    by, index = ("number", "code") if "number" in named else ("name", "name")
    if token:
        by, index, named = "authentication code", "cim", {"authentication code": token["authentication_code"]}
    found = state.collection("contacts").find(index, named[by])
    if len(found) > 1:
        raise Refused(400, f"{len(found)} {noun} have {by} {named[by]!r}.", code=Key.CONTACT_NOT_UNIQUE)
    contact = found_or_refuse(found[0] if found else None, noun, by, named[by])
    return Buyer(contact, primary_account(state, contact))


def find_place(state: VendorState, body: Json) -> TappedMerchant:
    """Return the outlet, or else the merchant, that one of a purchase's three places names."""
    field = next(name for name in PLACES if name in body)
    named = body[field]
    by = next(iter(each for each in ("id", "code", "alternative_code") if each in named))
    outlet = _record(state, "outlets", by, named[by])
    if outlet is not None:
        return place_of(state, outlet)
    noun = field.removesuffix("_identifier").removeprefix("performed_by_").replace("_", " ")
    merchant = found_or_refuse(_record(state, "merchants", by, named[by]), noun, by, named[by])
    return TappedMerchant(merchant, merchant)


def find_event_classification(state: VendorState, body: Json) -> Json | None:
    """Return the classification that a purchase names, or None if it names none."""
    named = body.get("classification_identifier")
    if not named:
        return None
    by = "id" if "id" in named else "alternative_code"
    return found_or_refuse(_record(state, "classifications", by, named[by]), "classification", by, named[by])


def sku_of(state: VendorState, named: Json | None) -> str:
    """Return the SKU of the product that an identifier names: the default one's without identifier."""
    if not named:
        return DEFAULT_SKU
    if "id" in named:
        found = found_or_refuse(state.collection("products").get(named["id"]), "product", "id", named["id"])
        return str(found["sku"])
    return str(named.get("code") or named["alternative_code"])


def find_event(state: VendorState, named: Json) -> Json:
    """Return the purchase that an event's identifier names."""
    purchases = state.collection("purchases")
    if "id" in named:
        return found_or_refuse(purchases.get(named["id"]), "customer event", "id", named["id"])
    return found_or_refuse(purchases.first("code", named["number"]), "customer event", "number", named["number"])


def _record(state: VendorState, collection: str, by: str, value: str) -> Json | None:
    records = state.collection(collection)
    return records.get(value) if by == "id" else records.first("code", value)

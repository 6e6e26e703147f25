"""Look-ups of the records that a request names, by id or by code; an unknown record is refused."""

from dataclasses import dataclass

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.errors import Key
from understudy.vendors.crmcom.settings import setting

DEFAULT_SKU = "DEFAULT"


@dataclass(frozen=True, slots=True)
class Buyer:
    """Contact who buys, and the account whose wallet is used."""

    contact: Json
    account: Json


@dataclass(frozen=True, slots=True)
class TappedMerchant:
    """Merchant of a purchase, and its tap: the outlet, or the merchant if no outlet is named."""

    merchant: Json
    tap: Json


def find_contact(state: VendorState, body: Json) -> Json:
    """Return the contact that ``contact_id`` or ``cim`` names."""
    contacts = state.collection("contacts")
    if "cim" in body:
        return found_or_refuse(contacts.first("cim", body["cim"]), "contact", "cim", body["cim"])
    return found_or_refuse(contacts.get(body["contact_id"]), "contact", "id", body["contact_id"])


def find_taps(state: VendorState, body: Json) -> TappedMerchant:
    """Return the place that ``merchant_tap``, ``outlet_tap`` or both name."""
    if "outlet_tap" not in body:
        merchant = _find(state, "merchants", "merchant_tap", body["merchant_tap"])
        return TappedMerchant(merchant, merchant)
    outlet = _find(state, "outlets", "outlet_tap", body["outlet_tap"])
    if "merchant_tap" not in body:
        return place_of(state, outlet)
    merchant = _find(state, "merchants", "merchant_tap", body["merchant_tap"])
    if outlet["merchant_id"] != merchant["id"]:
        message = f"Outlet {outlet['code']!r} does not belong to merchant {merchant['code']!r}."
        raise Refused(400, message, code=Key.INVALID_REQUEST)
    return TappedMerchant(merchant, outlet)


def place_of(state: VendorState, outlet: Json) -> TappedMerchant:
    """Return an outlet with its merchant."""
    return TappedMerchant(_find(state, "merchants", "merchant", {"id": outlet["merchant_id"]}), outlet)


def find_classification(state: VendorState, body: Json) -> Json | None:
    """Return the classification that the body names, or None if it names none."""
    if "classification" not in body:
        return None
    return _find(state, "classifications", "classification", body["classification"])


def find_product(state: VendorState, sku: str) -> Json:
    """Return the product with an SKU; if there is none, the default product under the requested SKU (inferred)."""
    products = state.collection("products")
    found = products.first("sku", sku)
    if found is None and setting(state, "unknown_product") != "refused":
        found = products.first("sku", DEFAULT_SKU)
    return {**found_or_refuse(found, "product", "sku", sku), "sku": sku}


def found_or_refuse(found: Json | None, noun: str, by: str, value: object) -> Json:
    """Return a record that was looked for; refuse its request if there is none."""
    if found is None:
        raise Refused(400, f"No {noun} has {by} {value!r}.", code=Key.NOT_FOUND)
    return found


def _find(state: VendorState, collection: str, field: str, named: Json) -> Json:
    records = state.collection(collection)
    if "code" in named:
        return found_or_refuse(records.first("code", named["code"]), field, "code", named["code"])
    return found_or_refuse(records.get(named["id"]), field, "id", named["id"])

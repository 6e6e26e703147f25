"""Look-ups of the records that a request names, by id or by code; an unknown record is refused."""

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.errors import Key

DEFAULT_SKU = "DEFAULT"


def find_contact(state: VendorState, body: Json) -> Json:
    """Return the contact that ``contact_id`` or ``cim`` names."""
    contacts = state.collection("contacts")
    if "cim" in body:
        return _found_or_refuse(contacts.first("cim", body["cim"]), "contact", "cim", body["cim"])
    return _found_or_refuse(contacts.get(body["contact_id"]), "contact", "id", body["contact_id"])


def find_taps(state: VendorState, body: Json) -> tuple[Json, Json]:
    """Return the merchant and the tap of a purchase: the outlet, or the merchant if no outlet is named."""
    if "outlet_tap" not in body:
        merchant = _find(state, "merchants", "merchant_tap", body["merchant_tap"])
        return merchant, merchant
    outlet = _find(state, "outlets", "outlet_tap", body["outlet_tap"])
    if "merchant_tap" not in body:
        return _find(state, "merchants", "merchant", {"id": outlet["merchant_id"]}), outlet
    merchant = _find(state, "merchants", "merchant_tap", body["merchant_tap"])
    if outlet["merchant_id"] != merchant["id"]:
        message = f"Outlet {outlet['code']!r} does not belong to merchant {merchant['code']!r}."
        raise Refused(400, message, code=Key.INVALID_REQUEST)
    return merchant, outlet


def find_classification(state: VendorState, body: Json) -> Json | None:
    """Return the classification that the body names, or None if it names none."""
    if "classification" not in body:
        return None
    return _find(state, "classifications", "classification", body["classification"])


def find_product(state: VendorState, sku: str) -> Json:
    """Return the product with an SKU; if there is none, the default product under the requested SKU (inferred)."""
    products = state.collection("products")
    found = products.first("sku", sku) or products.first("sku", DEFAULT_SKU)
    return {**_found_or_refuse(found, "product", "sku", sku), "sku": sku}


def _find(state: VendorState, collection: str, field: str, named: Json) -> Json:
    records = state.collection(collection)
    if "code" in named:
        return _found_or_refuse(records.first("code", named["code"]), field, "code", named["code"])
    return _found_or_refuse(records.get(named["id"]), field, "id", named["id"])


def _found_or_refuse(found: Json | None, noun: str, by: str, value: object) -> Json:
    if found is None:
        raise Refused(400, f"No {noun} has {by} {value!r}.", code=Key.NOT_FOUND)
    return found

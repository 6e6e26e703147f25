"""Start data of CRM.COM: contacts, merchants, products of the cast, and the records that the spec's examples name."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from understudy.core.cast import Cast
from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.crmcom.cast_mapping import contact, line
from understudy.vendors.crmcom.lookups import DEFAULT_SKU
from understudy.vendors.crmcom.operations.purchases import cancel_purchase, create_purchase
from understudy.vendors.crmcom.options import SETTINGS

EXAMPLE_TOKEN = "0EXAMPLE0TOKEN0OF0THE0OLD0FORM00"  # noqa: S105 - the spec's example, no secret
_PURCHASE_COUNT = 60
_DAY = 24 * 60 * 60

_CLASSIFICATIONS = (
    {"id": "00000000-0000-4000-8000-00000000d001", "code": "IN-STORE", "name": "In store"},
    {"id": "00000000-0000-4000-8000-00000000d002", "code": "ONLINE", "name": "Online"},
    {"id": "00000000-0000-4000-8000-00000000d003", "code": "CCC", "name": "Page's classification"},
)
_MERCHANTS = (
    {"id": "00000000-0000-4000-8000-00000000b001", "code": "EXAMPLE-MERCHANT", "name": "Example Merchant"},
    {"id": "00000000-0000-4000-8000-00000000b002", "code": "EXAMPLE-OTHER-MERCHANT", "name": "Example Other Merchant"},
    {"id": "00000000-0000-4000-8000-00000000b003", "code": "EK123456", "name": "Page's merchant"},
)
_OUTLETS = (
    {
        "id": "00000000-0000-4000-8000-00000000b101",
        "code": "EXAMPLE-OUTLET",
        "name": "Example Outlet",
        "merchant_id": "00000000-0000-4000-8000-00000000b001",
    },
    {
        "id": "00000000-0000-4000-8000-00000000b102",
        "code": "CD123456",
        "name": "Page's outlet",
        "merchant_id": "00000000-0000-4000-8000-00000000b003",
    },
)
_PRODUCTS = (
    {"id": "00000000-0000-4000-8000-00000000e000", "sku": DEFAULT_SKU, "name": "Default product"},
    {"id": "00000000-0000-4000-8000-00000000e001", "sku": "EXAMPLE-ESPRESSO", "name": "Espresso"},
    {"id": "00000000-0000-4000-8000-00000000e002", "sku": "EXAMPLE-CAKE", "name": "Cake"},
    {"id": "00000000-0000-4000-8000-00000000e003", "sku": "FREDESPR001", "name": "Page's product"},
)
_CONTACTS = (
    {
        "id": "00000000-0000-4000-8000-00000000a001",
        "code": "EXAMPLE-CONTACT-1",
        "name": "Example Member",
        "cim": "UNDERSTUDY0000000001",
    },
    {
        "id": "00000000-0000-4000-8000-00000000a002",
        "code": "EXAMPLE-CONTACT-2",
        "name": "Example Newcomer",
        "cim": "UNDERSTUDY0000000002",
    },
    {
        "id": "00000000-0000-4000-8000-00000000a003",
        "code": "PAGE-CONTACT-1",
        "name": "Page's contact",
        "cim": "4A30966F684B0269AD91",
    },
)
"""Contacts of the spec's examples, and of the vendor's page, whose request works as it is printed there."""

_POSTED_PURCHASE: Json = {
    "id": "00000000-0000-4000-8000-00000000c001",
    "cim": "UNDERSTUDY0000000001",
    "reference_number": "RECEIPT-1001",
    "classification": {"code": "IN-STORE"},
    "payment_medium_identifier": "55550000",
    "performed_on": 1750000000,
    "products": [
        {"product_sku": "EXAMPLE-ESPRESSO", "quantity": 2, "net_amount": 6.0, "tax_amount": 0.6, "total_amount": 6.6},
    ],
    "spend_request": {"amount": 1.5},
    "merchant_tap": {"code": "EXAMPLE-MERCHANT"},
    "outlet_tap": {"code": "EXAMPLE-OUTLET"},
}
_CANCELLED_PURCHASE: Json = {
    "id": "00000000-0000-4000-8000-00000000c002",
    "cim": "UNDERSTUDY0000000001",
    "reference_number": "RECEIPT-1002",
    "performed_on": 1750000600,
    "products": [{"product_sku": "EXAMPLE-CAKE", "net_amount": 4.5, "tax_amount": 0.45, "total_amount": 4.95}],
    "merchant_tap": {"code": "EXAMPLE-MERCHANT"},
}


def start(state: VendorState, cast: Cast, options: Mapping[str, Any]) -> Steps[dict[str, str]]:
    """Add the start data to a new world; return the API key, the user of tokens, and all that a purchase names."""
    _add_credentials(state, options)
    for name in SETTINGS:
        state.collection("settings").put({"name": name, "value": options[name]})
    yield from _put_all(state, "classifications", _CLASSIFICATIONS)
    yield from _add_shops_and_products(state, cast)
    yield from _add_contacts(state, cast)
    yield from _add_purchases(state, cast)
    for example in (_POSTED_PURCHASE, _CANCELLED_PURCHASE):
        create_purchase(state, example)
    cancel_purchase(state, _CANCELLED_PURCHASE["id"])
    _add_account(state, _CONTACTS[2]["id"], "100.00", "1000.00")  # last: it shifts no other record's id

    first = next(iter(state.collection("contacts")))
    outlet = next(iter(state.collection("outlets")))
    merchant = state.collection("merchants").get(outlet["merchant_id"]) or {}
    return {
        "api_key": options["api_key"],
        "cim": first["cim"],
        "contact_id": first["id"],
        "merchant": merchant["code"],
        "outlet": outlet["code"],
        "classification": _CLASSIFICATIONS[0]["code"],
        **{name: options[name] for name in ("username", "password", "organisation")},
    }


def _add_credentials(state: VendorState, options: Mapping[str, Any]) -> None:
    state.collection("api_keys").put({"key": options["api_key"], "name": options["username"]})
    state.collection("users").put({field: options[field] for field in ("username", "password", "organisation")})
    state.collection("sessions").put({"token": EXAMPLE_TOKEN, "user": options["username"], "expires_at": None})


def _add_shops_and_products(state: VendorState, cast: Cast) -> Steps[None]:
    """Add the cast's merchants, shops and products, then those of the spec's examples."""
    merchants = ({"id": found.id, "code": found.code, "name": found.name} for found in cast.merchants)
    outlets = (
        {"id": shop.id, "code": shop.code, "name": shop.name, "merchant_id": cast.merchants[shop.merchant].id}
        for shop in cast.shops
    )
    products = ({"id": found.id, "sku": found.sku, "name": found.name} for found in cast.products)
    yield from _put_all(state, "merchants", chain(merchants, _MERCHANTS))
    yield from _put_all(state, "outlets", chain(outlets, _OUTLETS))
    yield from _put_all(state, "products", chain(products, _PRODUCTS))


def _add_contacts(state: VendorState, cast: Cast) -> Steps[None]:
    """Add the cast's people as contacts, each with an account; the first contact has a second, empty account."""
    for position, person in enumerate(cast.people):
        state.collection("contacts").put(contact(person))
        real, alternative = state.rng.randrange(200), state.rng.randrange(4000)
        if position == 0:
            real, alternative = 500, 5000
        _add_account(state, person.id, f"{real}.00", f"{alternative}.00")
        yield
    yield from _put_all(state, "contacts", _CONTACTS)
    _add_account(state, _CONTACTS[0]["id"], "250.00", "2500.00")
    _add_account(state, _CONTACTS[1]["id"], "1.00", "0.00")
    first = next(iter(state.collection("contacts")))
    second = {"id": state.new_id(), "contact_id": first["id"], "primary_of": None}
    state.collection("accounts").put({**second, "balance": "0.00", "alternative_balance": "0.00"})


def _add_account(state: VendorState, contact_id: str, balance: str, alternative_balance: str) -> None:
    account = {"id": state.new_id(), "contact_id": contact_id, "primary_of": contact_id}
    state.collection("accounts").put({**account, "balance": balance, "alternative_balance": alternative_balance})


def _add_purchases(state: VendorState, cast: Cast) -> Steps[None]:
    """Add purchases of the cast's people in the cast's shops; every tenth purchase is cancelled."""
    if not (cast.people and cast.shops and cast.products):
        return
    for number in range(1, _PURCHASE_COUNT + 1):
        bought = create_purchase(state, _purchase(state, cast, number))
        if number % 10 == 0:
            cancel_purchase(state, bought.body["id"])
        yield


def _purchase(state: VendorState, cast: Cast, number: int) -> Json:
    person = state.rng.choice(cast.people)
    shop = state.rng.choice(cast.shops_of(person.country))
    products = cast.products_of(person.locale)
    lines = [line(state.rng.choice(products), state.rng.randint(1, 3)) for _ in range(number % 3 + 1)]
    return {
        "contact_id": person.id,
        "reference_number": f"START-{number:05d}",
        "classification": {"code": "IN-STORE" if number % 4 else "ONLINE"},
        "currency_code": products[0].currency,
        "performed_on": int(person.registered_at.timestamp()) + state.rng.randrange(30 * _DAY),
        "products": lines,
        "outlet_tap": {"code": shop.code},
    }


def _put_all(state: VendorState, collection: str, records: Iterable[Json]) -> Steps[None]:
    for record in records:
        state.collection(collection).put(record)
        yield

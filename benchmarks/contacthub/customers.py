"""Customers for benchmarks: full-size ones, made from the spec, and typical ones, from the start data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from benchmarks.servers import HOST
from benchmarks.templates import DIGITS
from understudy.app import Understudy
from understudy.contract.document import Document
from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.customer_store import new_customer, store_customer
from understudy.vendors.contacthub.customers.document_changes import WRITABLE_PROPERTIES, new_document
from understudy.vendors.contacthub.sequences import raise_number
from understudy.vendors.contacthub.start_data.fixed_ids import ENTRY_NODE, SHOP_SYSTEM, WORKSPACE
from understudy.vendors.contacthub.tables import CUSTOMERS

VENDOR = "contacthub"
FIRST_INTERNAL_ID = 1_000_000
"""First internal id, so large that all have the same number of digits."""
ELEMENTS = 2
"""Number of elements of each list of a full-size customer."""
NUMBERS = {"number": 45.4642, "integer": 2009}
TEXTS = {"locale": "it_IT", "timezone": "Europe/Rome"}
"""Values of properties that are restricted, though they have no format."""
TEXT_BY_FORMAT = {"date": "1990-02-28", "date-time": "2026-01-31T12:00:00.000Z", "email": "someone@example.com"}
"""Values by format; times are written as most clients write them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Path of the customers, and the headers of a client that may read and create them."""

    path: str
    headers: Mapping[str, str]

    @classmethod
    def of(cls, understudy: Understudy) -> "Place":
        """Return the path and headers of the development client."""
        credentials = understudy.credentials(f"http://{HOST}")[VENDOR]
        headers = {
            "Authorization": f"Bearer {credentials['token']}",
            "Content-Type": "application/json",
            "Accept": "*/*",
        }
        return cls(f"{urlsplit(credentials['base_url']).path}/workspaces/{credentials['workspace']}/customers", headers)

    def address(self, number: int | str) -> str:
        """Return the path of the customer with a number."""
        return f"{self.path}/{customer_id(number)}"


def state_of(understudy: Understudy) -> VendorState:
    """Return Contacthub's state in the main world, which requests without a prefix use."""
    return understudy.worlds.get_or_create().vendors[VENDOR]


def customer_id(number: int | str) -> str:
    """Return the id of the customer with a number."""
    return f"00000000-0000-4000-8000-{number:0>{DIGITS}}"


def external_id(number: int | str) -> str:
    """Return the external id of the customer with a number."""
    return f"bench-{number:0>{DIGITS}}"


def email(number: int | str) -> str:
    """Return the e-mail address of the customer with a number, which is unique in its node."""
    return f"bench-{number:0>{DIGITS}}@example.com"


def full_customer(document: Document) -> Json:
    """Return the body that creates a customer with every property of the spec."""
    properties = document.raw["components"]["schemas"]["Customer"]["properties"]
    body = {name: _full(document, properties[name], name, 1) for name in WRITABLE_PROPERTIES}
    return body | {"extended": {"loyaltyLevel": "gold", "visits": 12}}


def typical_customers(state: VendorState) -> list[Json]:
    """Return the bodies that would create the customers of the start data that are people of the cast."""
    found = [customer for customer in state.collection(CUSTOMERS) if customer["nodeId"] == ENTRY_NODE]
    people = [customer for customer in found if not customer["externalId"].startswith("customer-")]
    return [{name: customer[name] for name in WRITABLE_PROPERTIES} for customer in people]


def numbered(body: Json, number: int | str) -> Json:
    """Return a copy of a body with the ids and the e-mail address of a number."""
    base = {**body["base"], "contacts": {**body["base"]["contacts"], "email": email(number)}}
    return {**body, "nodeId": ENTRY_NODE, "externalId": external_id(number), "base": base}


def add_customers(state: VendorState, bodies: Sequence[Json], count: int) -> None:
    """Store ``count`` customers with the ids of the numbers from 0 on, made of these bodies in turn.

    They are stored as the vendor's own operation does it, but without the consents' log.
    """
    raise_number(state, CUSTOMERS, FIRST_INTERNAL_ID)
    for number in range(count):
        blank = new_customer(state, ENTRY_NODE, SHOP_SYSTEM) | {"id": customer_id(number)}
        body = numbered(bodies[number % len(bodies)], number)
        store_customer(state, WORKSPACE, new_document(blank, body, blank["updatedAt"]))


def _full(document: Document, schema: Any, name: str, place: int) -> Any:
    """Return a value of a property with all members; ``place`` is the number of its element in a list, from 1."""
    node = document.resolve(schema)
    if "enum" in node:
        return node["enum"][0]
    match node["type"]:
        case "object":
            properties = node.get("properties", {})
            return {inner: _full(document, part, inner, place) for inner, part in properties.items()}
        case "array":
            return [_full(document, node["items"], name, each) for each in range(1, ELEMENTS + 1)]
        case "boolean":
            return True
        case "string":
            return TEXTS.get(name) or TEXT_BY_FORMAT.get(node.get("format"), f"full {name} {place}")
        case kind:
            return NUMBERS[kind]

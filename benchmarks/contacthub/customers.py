"""The customers that are measured: full-size ones, made from the spec, and typical ones, of the start's people."""

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
from understudy.vendors.contacthub.customers.customer_document import PARTS, new_document
from understudy.vendors.contacthub.customers.customer_store import new_customer, store_customer
from understudy.vendors.contacthub.sequences import raise_number
from understudy.vendors.contacthub.start_data.fixed_ids import ENTRY_NODE, SHOP_SYSTEM, WORKSPACE
from understudy.vendors.contacthub.tables import CUSTOMERS

VENDOR = "contacthub"
FIRST_INTERNAL_ID = 1_000_000
"""Internal ids begin here, so that all have as many digits."""
ELEMENTS = 2
"""How many elements each list of a full-size customer has."""
NUMBERS = {"number": 45.4642, "integer": 2009}
TEXTS = {"locale": "it_IT", "timezone": "Europe/Rome"}
"""Texts that are not free, though no format says so."""
TEXT_BY_FORMAT = {"date": "1990-02-28", "date-time": "2026-01-31T12:00:00.000Z", "email": "someone@example.com"}
"""Times are as most clients write them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where customers are, and the headers of a client that may read and create them."""

    path: str
    headers: Mapping[str, str]

    @classmethod
    def of(cls, understudy: Understudy) -> "Place":
        """Return the place of the development client's customers."""
        known = understudy.credentials(f"http://{HOST}")[VENDOR]
        headers = {"Authorization": f"Bearer {known['token']}", "Content-Type": "application/json", "Accept": "*/*"}
        return cls(f"{urlsplit(known['base_url']).path}/workspaces/{known['workspace']}/customers", headers)

    def address(self, number: int | str) -> str:
        """Return the path of the customer with a number."""
        return f"{self.path}/{customer_id(number)}"


def world_of(understudy: Understudy) -> VendorState:
    """Return the vendor's part of the world that requests without a prefix are for."""
    return understudy.worlds.get_or_create().vendors[VENDOR]


def customer_id(number: int | str) -> str:
    """Return the id of the customer with a number."""
    return f"00000000-0000-4000-8000-{number:0>{DIGITS}}"


def external_id(number: int | str) -> str:
    """Return the external id of the customer with a number."""
    return f"bench-{number:0>{DIGITS}}"


def email(number: int | str) -> str:
    """Return the e-mail address of the customer with a number: the node knows it by that."""
    return f"bench-{number:0>{DIGITS}}@example.com"


def full_customer(document: Document) -> Json:
    """Return what creates a customer with every property that the spec knows of one."""
    properties = document.raw["components"]["schemas"]["Customer"]["properties"]
    body = {name: _full(document, properties[name], name, 1) for name in PARTS}
    return body | {"extended": {"loyaltyLevel": "gold", "visits": 12}}


def typical_customers(world: VendorState) -> list[Json]:
    """Return what would create those customers of the start that are people of the cast."""
    known = [customer for customer in world.collection(CUSTOMERS) if customer["nodeId"] == ENTRY_NODE]
    people = [customer for customer in known if not customer["externalId"].startswith("customer-")]
    return [{name: customer[name] for name in PARTS} for customer in people]


def numbered(body: Json, number: int | str) -> Json:
    """Return what creates the customer with a number, like another one."""
    base = {**body["base"], "contacts": {**body["base"]["contacts"], "email": email(number)}}
    return {**body, "nodeId": ENTRY_NODE, "externalId": external_id(number), "base": base}


def settle(world: VendorState, bodies: Sequence[Json], count: int) -> None:
    """Keep so many customers under the ids of their numbers, from 0 on, made of these bodies in turn.

    They are kept as the vendor's own operation keeps them, but for the consents' log.
    """
    raise_number(world, CUSTOMERS, FIRST_INTERNAL_ID)
    for number in range(count):
        blank = new_customer(world, ENTRY_NODE, SHOP_SYSTEM) | {"id": customer_id(number)}
        body = numbered(bodies[number % len(bodies)], number)
        store_customer(world, WORKSPACE, new_document(blank, body, blank["updatedAt"]))


def _full(document: Document, schema: Any, name: str, place: int) -> Any:
    """Return a value for a property with all that it may hold; ``place`` is its element's in its list."""
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

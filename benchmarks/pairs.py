"""Pairs of requests that are measured: GET and POST of one resource a vendor."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from benchmarks.servers import HOST
from benchmarks.templates import DIGITS, MARK, Template
from understudy.app import Understudy, create_app
from understudy.core.json_types import Json
from understudy.settings import Settings
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.tables import EVENTS
from understudy.vendors.twc.tenant_collection import TenantCollection

Credentials = Mapping[str, str]

INVALID = "00000000-0000-4000-8000-0000000000ff"
"""Id of a record that breaks the spec: contenders have to refuse to send it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Resource that is read and posted.

    ``existing``: id of a record that every new world has, from the spec's examples; it is the one that is read, unless
    ``reads`` is the number of records to post first and read in turn, by the ``key`` that each was posted with.
    ``scheme``: security scheme that checks the header ``credential``. ``others``: further headers, with the names of
    their development credentials. ``required``: field without which a body breaks the spec. ``add_invalid``: stores the
    record ``INVALID`` in a world.
    """

    noun: str
    vendor: str
    path: str
    existing: str
    key: str
    scheme: str
    credential: str
    required: str
    posted_status: int
    body: Callable[[Credentials], Json]
    add_invalid: Callable[[VendorState, Credentials], None]
    others: Mapping[str, str] = field(default_factory=dict)
    reads: int = 0
    remark: str = ""
    has_targets: bool = False


def _event(_credentials: Credentials) -> Json:
    order = {"order": "order-1001", "total": 12900, "currency": "EUR", "lines": ["EXAMPLE-ESPRESSO", "EXAMPLE-CAKE"]}
    return {
        "entity_id": "order-1001",
        "entity_name": "ORDER",
        "event_source": "APPLICATION",
        "event_type": "ENTITY_EVENT",
        "event_payload": {
            "entity_id": "order-1001",
            "operation": "CREATE",
            "base64_encoded_payload_json": b64encode(json.dumps(order).encode()).decode(),
            "key_attributes": {"channel": "web", "store": "carnaby"},
        },
    }


def _add_invalid_event(state: VendorState, credentials: Credentials) -> None:
    TenantCollection(state, EVENTS, credentials["tenant"]).put({"id": INVALID})


def _purchase(credentials: Credentials) -> Json:
    skus = ("EXAMPLE-ESPRESSO", "EXAMPLE-CAKE")
    return {
        "cim": credentials["cim"],
        "classification": {"code": "IN-STORE"},
        "payment_medium_identifier": "55550000",
        "performed_on": 1760000000,
        "currency_code": "EUR",
        "products": [{"product_sku": sku, "net_amount": 4.5, "tax_amount": 0.45, "total_amount": 4.95} for sku in skus],
        "merchant_tap": {"code": credentials["merchant"]},
        "outlet_tap": {"code": credentials["outlet"]},
    }


def _add_invalid_purchase(state: VendorState, _credentials: Credentials) -> None:
    state.collection("purchases").put({"id": INVALID, "state": "SPOILT"})


PAIRS = {
    pair.noun: pair
    for pair in (
        Pair(
            noun="event",
            vendor="twc",
            path="/services/eventcollector/api/v1/events",
            existing="2b6f1a5e-90c4-4d5b-8a77-1f0e6c3d9a01",
            key="id",
            scheme="tenant_token",
            credential="Authorization",
            required="event_payload",
            posted_status=201,
            body=_event,
            add_invalid=_add_invalid_event,
            others={"X-TWC-Tenant": "tenant"},
            reads=512,
            remark="a plain record",
            has_targets=True,
        ),
        Pair(
            noun="purchase",
            vendor="crmcom",
            path="/purchases",
            existing="00000000-0000-4000-8000-00000000c001",
            key="reference_number",
            scheme="api_key",
            credential="api_key",
            required="products",
            posted_status=200,
            body=_purchase,
            add_invalid=_add_invalid_purchase,
            remark="the slowest operation that there is, no target",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Client:
    """Client of a pair: path, headers, and the body of a POST without its key."""

    pair: Pair
    path: str
    headers: Mapping[str, str]
    posted: Json

    @classmethod
    def of(cls, pair: Pair, understudy: Understudy) -> "Client":
        """Return a client with fresh credentials.

        They are valid at every contender, as main worlds of one seed sign tokens with the same key.
        """
        credentials: dict[str, Any] = understudy.credentials(f"http://{HOST}")[pair.vendor]
        sign_in = understudy.vendors[pair.vendor].vendor.sign_in
        signed = sign_in(understudy.worlds.get_or_create().vendors[pair.vendor]) if sign_in else {}
        headers = {
            pair.credential: signed[pair.credential],
            **{name: credentials[credential] for name, credential in pair.others.items()},
            "Content-Type": "application/json",
            "Accept": "*/*",
        }
        return cls(
            pair, urlsplit(credentials["base_url"]).path.rstrip("/") + pair.path, headers, pair.body(credentials)
        )

    @property
    def unknown_headers(self) -> dict[str, str]:
        """Headers with an unknown credential."""
        return {**self.headers, self.pair.credential: f"{self.headers[self.pair.credential]}-unknown"}

    def body(self, number: str) -> bytes:
        """Return the body that is posted under a number."""
        return json.dumps({**self.posted, self.pair.key: f"BENCH-{number}"}).encode()

    def broken_body(self) -> bytes:
        """Return a body that breaks the spec."""
        return json.dumps({name: value for name, value in self.posted.items() if name != self.pair.required}).encode()

    def address(self, number: str = "0" * DIGITS) -> str:
        """Return the path of a record that is read: by number if several are read in turn, else the existing one."""
        return f"{self.path}/{f'BENCH-{number}' if self.pair.reads else self.pair.existing}"

    def reading(self) -> Template:
        """Return the template of the GET."""
        return Template.of(f"GET {self.address(MARK)}", self.headers, numbers=self.pair.reads or 1)

    def posting(self) -> Template:
        """Return the template of the POST."""
        return Template.of(f"POST {self.path}", self.headers, self.body(MARK), status=self.pair.posted_status)


def create_with_invalid(pair: Pair, settings: Settings) -> Understudy:
    """Return an application with the record ``INVALID`` in its start world."""
    understudy = create_app(settings)
    start = understudy.worlds.start_world
    pair.add_invalid(start.vendors[pair.vendor], start.credentials[pair.vendor])
    return understudy

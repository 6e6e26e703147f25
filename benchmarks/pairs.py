"""The pairs of requests that are measured: one resource a vendor, read and posted."""

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

Known = Mapping[str, str]

SPOILT = "00000000-0000-4000-8000-0000000000ff"
"""One that contenders keep in a form that the spec forbids, to see whether they let it out."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One resource, read and posted.

    ``known`` is the id of one that every new world has: the spec's examples name it. It is what is read, unless
    ``reads`` says how many are to be posted first and read in turn, by the ``key`` that each was posted with.
    ``scheme`` is the security scheme that checks the header ``credential``; ``others`` are further headers and the
    development credentials that they carry. A body without the field ``required`` breaks the spec. ``spoil`` puts
    ``SPOILT`` into a world.
    """

    noun: str
    vendor: str
    path: str
    known: str
    key: str
    scheme: str
    credential: str
    required: str
    posted_status: int
    body: Callable[[Known], Json]
    spoil: Callable[[VendorState, Known], None]
    others: Mapping[str, str] = field(default_factory=dict)
    reads: int = 0
    remark: str = ""
    has_targets: bool = False


def _event(_known: Known) -> Json:
    told = {"order": "order-1001", "total": 12900, "currency": "EUR", "lines": ["EXAMPLE-ESPRESSO", "EXAMPLE-CAKE"]}
    return {
        "entity_id": "order-1001",
        "entity_name": "ORDER",
        "event_source": "APPLICATION",
        "event_type": "ENTITY_EVENT",
        "event_payload": {
            "entity_id": "order-1001",
            "operation": "CREATE",
            "base64_encoded_payload_json": b64encode(json.dumps(told).encode()).decode(),
            "key_attributes": {"channel": "web", "store": "carnaby"},
        },
    }


def _spoil_event(world: VendorState, known: Known) -> None:
    TenantCollection(world, EVENTS, known["tenant"]).put({"id": SPOILT})


def _purchase(known: Known) -> Json:
    skus = ("EXAMPLE-ESPRESSO", "EXAMPLE-CAKE")
    return {
        "cim": known["cim"],
        "classification": {"code": "IN-STORE"},
        "payment_medium_identifier": "55550000",
        "performed_on": 1760000000,
        "currency_code": "EUR",
        "products": [{"product_sku": sku, "net_amount": 4.5, "tax_amount": 0.45, "total_amount": 4.95} for sku in skus],
        "merchant_tap": {"code": known["merchant"]},
        "outlet_tap": {"code": known["outlet"]},
    }


def _spoil_purchase(world: VendorState, _known: Known) -> None:
    world.collection("purchases").put({"id": SPOILT, "state": "SPOILT"})


PAIRS = {
    pair.noun: pair
    for pair in (
        Pair(
            noun="event",
            vendor="twc",
            path="/services/eventcollector/api/v1/events",
            known="2b6f1a5e-90c4-4d5b-8a77-1f0e6c3d9a01",
            key="id",
            scheme="tenant_token",
            credential="Authorization",
            required="event_payload",
            posted_status=201,
            body=_event,
            spoil=_spoil_event,
            others={"X-TWC-Tenant": "tenant"},
            reads=512,
            remark="a plain record",
            has_targets=True,
        ),
        Pair(
            noun="purchase",
            vendor="crmcom",
            path="/purchases",
            known="00000000-0000-4000-8000-00000000c001",
            key="reference_number",
            scheme="api_key",
            credential="api_key",
            required="products",
            posted_status=200,
            body=_purchase,
            spoil=_spoil_purchase,
            remark="the dearest operation that there is, no target",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Client:
    """What a client of a pair sends: to where, with which headers, and how a posted one looks but for its key."""

    pair: Pair
    path: str
    headers: Mapping[str, str]
    posted: Json

    @classmethod
    def of(cls, pair: Pair, understudy: Understudy) -> "Client":
        """Return a client with fresh credentials.

        They are good at every contender: main worlds of one seed sign their tokens alike.
        """
        known: dict[str, Any] = understudy.credentials(f"http://{HOST}")[pair.vendor]
        sign_in = understudy.vendors[pair.vendor].vendor.sign_in
        signed = sign_in(understudy.worlds.get_or_create().vendors[pair.vendor]) if sign_in else {}
        headers = {
            pair.credential: signed[pair.credential],
            **{name: known[credential] for name, credential in pair.others.items()},
            "Content-Type": "application/json",
            "Accept": "*/*",
        }
        return cls(pair, urlsplit(known["base_url"]).path.rstrip("/") + pair.path, headers, pair.body(known))

    @property
    def nobody(self) -> dict[str, str]:
        """The headers of one whose credential nobody knows."""
        return {**self.headers, self.pair.credential: f"{self.headers[self.pair.credential]}-unknown"}

    def body(self, number: str) -> bytes:
        """Return what is posted under a number."""
        return json.dumps({**self.posted, self.pair.key: f"BENCH-{number}"}).encode()

    def broken_body(self) -> bytes:
        """Return a body that breaks the spec."""
        return json.dumps({name: value for name, value in self.posted.items() if name != self.pair.required}).encode()

    def address(self, number: str = "0" * DIGITS) -> str:
        """Return the path of one that is read: the number's if they are read in turn, or else the known one's."""
        return f"{self.path}/{f'BENCH-{number}' if self.pair.reads else self.pair.known}"

    def reading(self) -> Template:
        """Return the request that reads one."""
        return Template.of(f"GET {self.address(MARK)}", self.headers, numbers=self.pair.reads or 1)

    def posting(self) -> Template:
        """Return the request that posts one."""
        return Template.of(f"POST {self.path}", self.headers, self.body(MARK), status=self.pair.posted_status)


def create_spoilt(pair: Pair, settings: Settings) -> Understudy:
    """Return an understudy that keeps one of a pair's in a form that the spec forbids."""
    understudy = create_app(settings)
    start = understudy.worlds.start_world
    pair.spoil(start.vendors[pair.vendor], start.credentials[pair.vendor])
    return understudy

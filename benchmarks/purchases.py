"""The requests that are measured: CRM.COM's purchases, one read and one posted."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from benchmarks.servers import HOST, ServerFailed, understudy_command

VENDOR = "crmcom"
READ = "00000000-0000-4000-8000-00000000c001"
"""A purchase of every new world: the spec's examples name it."""
SPOILT = "00000000-0000-4000-8000-0000000000ff"
"""A purchase that contenders keep in a form that the spec forbids, to see whether they let it out."""
SKUS = ("EXAMPLE-ESPRESSO", "EXAMPLE-CAKE")
DIGITS = 12


@dataclass(frozen=True, slots=True)
class Template:
    """A request as it goes over the wire. One with a ``tail`` has a number of its own before it, in 12 digits."""

    method: str
    head: bytes
    tail: bytes = b""

    def numbered(self, number: int) -> bytes:
        """Return the request with this number."""
        return self.head + b"%0*d" % (DIGITS, number) + self.tail if self.tail else self.head


@dataclass(frozen=True, slots=True)
class Purchases:
    """Where purchases are, and what a client sends to read one and to post one."""

    path: str
    headers: Mapping[str, str]
    posted: Mapping[str, Any]

    @classmethod
    def of(cls, known: Mapping[str, str]) -> "Purchases":
        """Return the purchases of a world by its development credentials."""
        lines = [{"product_sku": sku, "net_amount": 4.5, "tax_amount": 0.45, "total_amount": 4.95} for sku in SKUS]
        posted = {
            "cim": known["cim"],
            "classification": {"code": "IN-STORE"},
            "payment_medium_identifier": "55550000",
            "performed_on": 1760000000,
            "currency_code": "EUR",
            "products": lines,
            "merchant_tap": {"code": known["merchant"]},
            "outlet_tap": {"code": known["outlet"]},
        }
        headers = {"api_key": known["api_key"], "Content-Type": "application/json", "Accept": "*/*"}
        return cls(f"{urlsplit(known['base_url']).path}/purchases", headers, posted)

    def body(self, reference: str) -> bytes:
        """Return a purchase to post."""
        return json.dumps({**self.posted, "reference_number": reference}).encode()

    def reading(self) -> Template:
        """Return the request that reads one."""
        return Template("GET", _head(f"GET {self.path}/{READ}", self.headers) + b"\r\n")

    def posting(self) -> Template:
        """Return the request that posts one, with a reference number of its own."""
        mark = "#" * DIGITS
        body = self.body(f"BENCH-{mark}")
        head = _head(f"POST {self.path}", {**self.headers, "Content-Length": str(len(body))})
        before, _, after = (head + b"\r\n" + body).partition(mark.encode())
        return Template("POST", before, after)


def known_purchases() -> Purchases:
    """Return the purchases of the start scenario, by what ``understudy credentials`` prints."""
    command = [understudy_command(), "credentials", "--json", "--vendor", VENDOR]
    printed = subprocess.run(command, check=False, capture_output=True)
    if printed.returncode:
        raise ServerFailed(printed.stderr.decode().strip())
    return Purchases.of(json.loads(printed.stdout)[VENDOR])


def _head(line: str, headers: Mapping[str, str]) -> bytes:
    named = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{line} HTTP/1.1\r\nHost: {HOST}\r\n{named}".encode()

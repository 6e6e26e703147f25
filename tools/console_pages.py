"""Pages of the console that are tested and drawn, and the worlds, calls and faults that they show."""

import json
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from understudy.client import Control, RemoteWorld

CONSOLE = "/_understudy/console"
PAGES: Mapping[str, str] = {
    "overview": "/",
    "operations": f"{CONSOLE}/operations?q=customer&world=checkout-42",
    "operation": f"{CONSOLE}/operations/crmcom/create_purchase",
    "references": f"{CONSOLE}/reference",
    "reference": f"{CONSOLE}/reference/crmcom",
    "journal": f"{CONSOLE}/journal",
    "call": f"{CONSOLE}/journal/main/2",
    "refused-call": f"{CONSOLE}/journal/main/{{refused}}",
    "compared-calls": f"{CONSOLE}/journal/main/{{refused}}/compare",
    "state": f"{CONSOLE}/state",
    "records": f"{CONSOLE}/state/main/crmcom/contacts",
    "record": f"{CONSOLE}/state/main/crmcom/contacts/record?key={{contact}}",
    "new-record": f"{CONSOLE}/state/main/crmcom/contacts/new",
    "worlds": f"{CONSOLE}/worlds",
    "world": f"{CONSOLE}/worlds/checkout-42",
    "comparison": f"{CONSOLE}/worlds/main/compare/checkout-42",
    "record-comparison": f"{CONSOLE}/worlds/main/compare/checkout-42?vendor=crmcom&collection=contacts&key={{contact}}",
    "faults": f"{CONSOLE}/faults?world=checkout-42&kind=status",
    "clock": f"{CONSOLE}/clock?world=checkout-42",
    "deliveries": f"{CONSOLE}/deliveries?world=checkout-42",
    "delivery": f"{CONSOLE}/deliveries/{{delivery}}?world=checkout-42",
    "data": f"{CONSOLE}/data?kind=contacthub.customers&locale=it_IT&count=6",
}
"""Path of each page by the name of its screenshot; places in braces are values that ``fill`` returns."""


def fill(root: str) -> dict[str, str]:
    """Give the pages of a started server something to show; return the values of the places in paths."""
    with Control(root) as control:
        return _fill(control)


def _fill(control: Control) -> dict[str, str]:
    main = RemoteWorld(control)
    main.clock.freeze("2026-03-02T09:30:00Z")
    for vendor in ("ecdp", "crmcom", "contacthub"):
        _call(control.root, main.introduce(vendor))
    other = main.fork("checkout-42")
    other.faults.add("status", vendor="crmcom", operation="create_purchase", status=503, times=2)
    other.faults.add("latency", vendor="contacthub", delay=1.5, distribution="normal", spread=0.4)
    other.faults.add("throttle", vendor="ecdp", retry_after=30, lasting=2_592_000)
    contacts = other.collection("crmcom", "contacts")
    first, second, third = contacts.read(limit=3)
    contacts.put(first["id"], {**first, "first_name": "Ada", "last_name": "Lovelace", "note": "<b>moved</b>"})
    contacts.delete(second["id"])
    contacts.put("new-contact", {**third, "id": "new-contact"})
    _deliver(other)
    other.clock.move(days=9)
    deliveries = _attempted(other)
    other.keep("before-checkout")
    for number in range(1, 5):
        RemoteWorld(control, f"suite-worker-{number}").create(seed=number)
    return {"contact": str(first["id"]), "delivery": deliveries[0]["id"], "refused": str(_call_ecdp(main))}


class _Receiver(BaseHTTPRequestHandler):
    """Receiver of deliveries that takes all of them."""

    def do_POST(self) -> None:
        """Take a delivery."""
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - as the library has it
        """Log nothing."""


def _deliver(world: RemoteWorld) -> None:
    """Have a world's messages delivered: reminders where nothing listens, the others to a receiver in this process."""
    receiver = ThreadingHTTPServer(("127.0.0.1", 0), _Receiver)
    Thread(target=receiver.serve_forever, daemon=True).start()
    rules = [
        {"destination": "*REMINDER", "target": "http://127.0.0.1:9/reminders", "retries": {"attempts": 3}},
        {"destination": "*", "target": f"http://127.0.0.1:{receiver.server_port}/hook", "ordered": True},
    ]
    world.control.call("PUT", "worlds", world.name, "deliveries", "settings", body={"deliveries": rules})


def _attempted(world: RemoteWorld) -> list[Any]:
    """Return the world's deliveries as soon as each was attempted."""
    for _ in range(100):
        found: list[Any] = world.control.get("worlds", world.name, "deliveries")["deliveries"]
        if found and all(each["attempts"] for each in found):
            return found
        time.sleep(0.1)
    raise SystemExit("no delivery was attempted")


def _call_ecdp(main: RemoteWorld) -> int:
    """Save two customers at ECDP, of whom the second is refused, then read; return the number of the refused call."""
    vendor = main.vendor("ecdp")
    headers = {"x-api-key": vendor.credentials["api_key"], "content-type": "application/json"}
    for mode, email in (("AddOrUpdate", "ada@example.com"), ("Replace", 3)):
        body = json.dumps({"mode": mode, "matchBy": "Email", "data": [{"email": email, "firstName": "Ada"}]}).encode()
        _send(Request(f"{vendor.url}/customers", body, headers, method="POST"))  # noqa: S310 - of this machine
    refused = int(main.browse(limit=1)["newest"])
    for number in range(40):
        name = "segments" if number % 4 == 0 else "customerattributes"
        _send(Request(f"{vendor.url}/{name}", headers=headers))  # noqa: S310 - of this machine
    return refused


def _call(root: str, connection: Mapping[str, object]) -> None:
    """Make a call of a vendor that is refused and one of no operation."""
    for path in ("/no-such-path", "/customers"):
        _send(Request(f"{root}{connection['path']}{path}", json.dumps({}).encode(), method="POST"))  # noqa: S310


def _send(request: Request) -> None:
    try:
        urlopen(request, timeout=10).close()  # noqa: S310 - of a server on this machine
    except HTTPError as refused:
        refused.close()

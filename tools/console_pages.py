"""Pages of the console that are tested and drawn, and the worlds, calls and faults that they show."""

import json
from collections.abc import Mapping
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
    "worlds": f"{CONSOLE}/worlds",
    "world": f"{CONSOLE}/worlds/checkout-42",
    "comparison": f"{CONSOLE}/worlds/main/compare/checkout-42",
    "record-comparison": f"{CONSOLE}/worlds/main/compare/checkout-42?vendor=crmcom&collection=contacts&key={{contact}}",
    "faults": f"{CONSOLE}/faults?world=checkout-42&kind=status",
    "clock": f"{CONSOLE}/clock?world=checkout-42",
    "data": f"{CONSOLE}/data?kind=contacthub.customers&locale=it_IT",
}
"""Path of each page by the name of its screenshot; places in braces are values that ``fill`` returns."""


def fill(root: str) -> dict[str, str]:
    """Give the pages of a started server something to show; return the values of the places in paths."""
    control = Control(root)
    main = RemoteWorld(control)
    main.clock.freeze("2026-03-02T09:30:00Z")
    for vendor in ("ecdp", "crmcom", "contacthub"):
        _call(root, main.introduce(vendor))
    other = main.fork("checkout-42")
    other.faults.add("status", vendor="crmcom", operation="create_purchase", status=503, times=2)
    other.faults.add("latency", vendor="contacthub", delay=1.5, distribution="normal", spread=0.4)
    other.faults.add("throttle", vendor="ecdp", retry_after=30, lasting=604_800)
    contacts = other.collection("crmcom", "contacts")
    first, second, third = contacts.read(limit=3)
    contacts.put(first["id"], {**first, "first_name": "Ada", "last_name": "Lovelace", "note": "<b>moved</b>"})
    contacts.delete(second["id"])
    contacts.put("new-contact", {**third, "id": "new-contact"})
    other.clock.move(days=3)
    other.keep("before-checkout")
    for number in range(1, 5):
        RemoteWorld(control, f"suite-worker-{number}").create(seed=number)
    return {"contact": str(first["id"])}


def _call(root: str, connection: Mapping[str, object]) -> None:
    """Make a call of a vendor that is refused and one of no operation."""
    for path in ("/no-such-path", "/customers"):
        request = Request(f"{root}{connection['path']}{path}", json.dumps({}).encode(), method="POST")  # noqa: S310
        try:
            urlopen(request, timeout=10).close()  # noqa: S310 - of a server on this machine
        except HTTPError as refused:
            refused.close()

"""Page ``/``: the vendors, how to call them, and what has been called."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from understudy.console.control import ControlRefused
from understudy.console.paths import CONSOLE, OWN_PATHS
from understudy.console.services import Services
from understudy.http.mounted_vendor import MountedVendor

FIDELITIES = ("behaviour", "resource", "sample")
PROVENANCES = ("documented", "older-version", "sibling-page", "inferred")
PARTS = ("path", "shapes", "errors")
MAX_NAMES, MAX_NAME_LENGTH = 50, 64


@dataclass(frozen=True, slots=True)
class VendorCard:
    """Vendor on the overview: its name, title and base path, and numbers of operations by fidelity and provenance."""

    name: str
    title: str
    base_path: str
    fidelity: Sequence[tuple[str, int]]
    provenance: Sequence[tuple[str, int]]


def add_overview(app: Flask, services: Services) -> None:
    """Add the overview."""
    cards = [vendor_card(each) for each in services.vendors.values()]
    operation_count = sum(len(each.operations) for each in services.vendors.values())

    @app.get("/")
    def overview() -> str:
        """Show the vendors; numbers of worlds and calls only to those who may use the control API."""
        try:
            counts = services.control.call("count_calls")
            worlds = len(services.control.call("list_worlds"))
            refused = None
        except ControlRefused as error:
            counts, worlds, refused = [], 0, error
        return render_template(
            "overview.html",
            vendors=cards,
            operation_count=operation_count,
            world_count=worlds,
            call_count=sum(each["count"] for each in counts),
            refused_count=sum(each["count"] for each in counts if each["outcome"] != "accepted"),
            refused=refused,
        )

    @app.get(f"{OWN_PATHS}/")
    @app.get(OWN_PATHS)
    @app.get(f"{CONSOLE}/")
    @app.get(CONSOLE)
    def lead_to_overview() -> Response:
        """Lead to the overview."""
        return redirect("/")

    @app.get(f"{CONSOLE}/world-names")
    def world_names() -> Markup:
        """Return options for the choice of a world: names that contain a text."""
        text = (request.args.get("world") or request.args.get("other") or "")[:MAX_NAME_LENGTH]
        found = services.control.call("list_worlds", name=text, limit=MAX_NAMES)
        found = found or services.control.call("list_worlds", limit=MAX_NAMES)
        return Markup("").join(Markup('<option value="{}"></option>').format(each["name"]) for each in found)


def vendor_card(mounted: MountedVendor) -> VendorCard:
    """Return a vendor's card."""
    fidelity = Counter(endpoint.fidelity for endpoint in mounted.endpoints.values())
    provenance = Counter(weakest(operation.provenance) for operation in mounted.operations if operation.provenance)
    title = str(mounted.document.raw.get("info", {}).get("title", ""))
    return VendorCard(
        mounted.vendor.name,
        title,
        mounted.base_path,
        [(name, fidelity[name]) for name in FIDELITIES if fidelity[name]],
        [(name, provenance[name]) for name in PROVENANCES if provenance[name]],
    )


def weakest(provenance: Mapping[str, str]) -> str:
    """Return the least sure provenance of an operation's path, shapes and errors."""
    given = {provenance.get(part) for part in PARTS}
    return next((name for name in reversed(PROVENANCES) if name in given), PROVENANCES[-1])

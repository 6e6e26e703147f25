"""Page ``/``: the vendors, how to call them, and what has been called."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask, abort, g, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from understudy.console.asgi_client import run_on_loop
from understudy.console.call_chart import CallChart, call_chart
from understudy.console.control import ControlRefused
from understudy.console.first_commands import FirstCall, first_call, first_commands
from understudy.console.paths import CONSOLE, OWN_PATHS
from understudy.console.services import Services
from understudy.http.connexion_adapter import LOOP
from understudy.http.mounted_vendor import MountedVendor
from understudy.http.own_urls import own_root

FIDELITIES = ("behaviour", "resource", "recording", "sample")
PROVENANCES = ("documented", "older-version", "sibling-page", "inferred")
PARTS = ("path", "shapes", "errors")
MAX_NAMES, MAX_NAME_LENGTH = 50, 64
SHOWN_WORLDS = 8
SPAN_SECONDS, SPANS = 10, 60
"""Spans of the chart: ten minutes."""

MAX_CHARTED = 1000
"""Number of worlds up to which the page has the chart at once: with more, it would be late."""

Shares = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class VendorCard:
    """Vendor on the overview: its name, title and base path, and numbers of operations by fidelity and provenance."""

    name: str
    title: str
    base_path: str
    operations: int
    is_foreign: bool
    fidelity: Shares
    provenance: Sequence[tuple[str, Shares]]


@dataclass(frozen=True, slots=True)
class Activity:
    """Numbers of worlds and calls, and the last worlds made.

    Without a ``chart``, the page asks for it once it is shown.
    """

    worlds: int
    names: Sequence[str]
    calls: int
    refused: int
    chart: CallChart | None


def add_overview(app: Flask, services: Services) -> None:
    """Add the overview and its parts."""

    @cache
    def cards() -> tuple[VendorCard, ...]:
        return tuple(vendor_card(each) for each in services.vendors.values())

    @cache
    def call() -> FirstCall | None:
        known = run_on_loop(request.environ["asgi.scope"][LOOP], services.start_credentials)
        return first_call(services.vendors, known)

    @app.get("/", endpoint="root")  # unless a vendor at the root has an operation there
    @app.get(f"{CONSOLE}/")
    def overview() -> str:
        """Show the vendors; worlds, calls and commands only to those who may use the control API."""
        activity, refused = None, None
        commands: tuple[tuple[str, str], ...] = ()
        try:
            activity = _activity(services, max_charted=MAX_CHARTED)
        except ControlRefused as error:
            refused = error
        chosen = call() if activity else None
        if chosen is not None:
            scope = request.environ["asgi.scope"]
            root = own_root(scope, dict(scope["headers"]))
            commands = tuple(first_commands(chosen, root, g.world, has_token=services.token is not None))
        return render_template(
            "overview.html",
            vendors=cards(),
            operation_count=sum(each.operations for each in cards()),
            totals=_totals(cards()),
            activity=activity,
            refused=refused,
            commands=commands,
            chosen=chosen,
        )

    @app.get(f"{CONSOLE}/calls")
    def recent_calls() -> str:
        """Return the numbers of worlds and calls, and the chart, which the overview renews."""
        return render_template("activity.html", activity=_activity(services))

    @app.get(f"{CONSOLE}/credentials/<vendor>")
    def credentials(vendor: str) -> str:
        """Show the credentials of a vendor in the chosen world."""
        if vendor not in services.vendors:
            abort(404, f"there is no API {vendor!r}")
        return render_template("credentials.html", vendor=vendor, **_credentials(services, vendor))

    @app.get(f"{OWN_PATHS}/")
    @app.get(OWN_PATHS)
    def lead_to_overview() -> Response:
        """Lead to the overview."""
        return redirect(url_for("overview"))

    @app.get(f"{CONSOLE}/world-names")
    def world_names() -> Markup:
        """Return options for the choice of a world: names that contain a text."""
        text = request.args.get("world", "")[:MAX_NAME_LENGTH]
        found = services.control.call("list_worlds", name=text, limit=MAX_NAMES)
        found = found or services.control.call("list_worlds", limit=MAX_NAMES)
        return Markup("").join(Markup('<option value="{}"></option>').format(each["name"]) for each in found)


def _activity(services: Services, max_charted: int | None = None) -> Activity:
    """Return the numbers of worlds and calls; raise ``ControlRefused`` for those who may not know them."""
    counts = services.control.call("count_calls")
    first = services.control.answer("list_worlds", limit=1)
    total = int(first.header("understudy-total") or 0)
    last = services.control.call("list_worlds", limit=SHOWN_WORLDS, offset=max(total - SHOWN_WORLDS, 0))
    recent = None
    if max_charted is None or total <= max_charted:
        recent = services.control.call("count_recent_calls", seconds=SPAN_SECONDS, spans=SPANS)
    return Activity(
        total,
        [each["name"] for each in reversed(last)],
        sum(each["count"] for each in counts),
        sum(each["count"] for each in counts if each["outcome"] != "accepted"),
        call_chart(recent) if recent else None,
    )


def _credentials(services: Services, vendor: str) -> dict[str, Any]:
    """Return the credentials of a vendor in the chosen world; those of every new world if it is not in use."""
    try:
        found = services.control.call("list_credentials", world=g.world)
    except ControlRefused as refused:
        if refused.status != 404:
            raise
        loop = request.environ["asgi.scope"][LOOP]
        return {"credentials": dict(run_on_loop(loop, services.start_credentials)[vendor]), "environment": {}}
    own = next(each for each in found if each["vendor"] == vendor)
    return {"credentials": own["credentials"], "environment": own["environment"]}


def vendor_card(mounted: MountedVendor) -> VendorCard:
    """Return a vendor's card."""
    fidelity = Counter(endpoint.fidelity for endpoint in mounted.endpoints.values())
    described = [operation.provenance for operation in mounted.operations if operation.provenance]
    parts = {part: Counter(each.get(part, PROVENANCES[-1]) for each in described) for part in PARTS}
    return VendorCard(
        mounted.vendor.name,
        str(mounted.document.raw.get("info", {}).get("title", "")),
        mounted.base_path,
        len(mounted.operations),
        mounted.document.is_foreign,
        _shares(fidelity, FIDELITIES),
        [(part, shares) for part, counts in parts.items() if (shares := _shares(counts, PROVENANCES))],
    )


def _shares(counts: Mapping[str, int], names: Sequence[str]) -> Shares:
    return [(name, counts[name]) for name in names if counts[name]]


def _totals(cards: Sequence[VendorCard]) -> Sequence[tuple[str, Shares]]:
    """Return the numbers of all operations by fidelity, and by the provenance of each part."""
    made, parts = Counter[str](), {part: Counter[str]() for part in PARTS}
    for card in cards:
        made.update(dict(card.fidelity))
        for part, shares in card.provenance:
            parts[part].update(dict(shares))
    rows = [("fidelity", _shares(made, FIDELITIES)), *((part, _shares(parts[part], PROVENANCES)) for part in PARTS)]
    return [(name, shares) for name, shares in rows if shares]


def weakest(provenance: Mapping[str, str]) -> str:
    """Return the least sure provenance of an operation's path, shapes and errors."""
    given = {provenance.get(part) for part in PARTS}
    return next((name for name in reversed(PROVENANCES) if name in given), PROVENANCES[-1])

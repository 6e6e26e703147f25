"""Pages of deliveries: what the vendors of a world send, the attempts, and the rules by which they are made."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, g, redirect, render_template, request
from werkzeug.wrappers import Response

from understudy.console.control import ControlClient, ControlRefused
from understudy.console.form_values import filled
from understudy.console.paths import CONSOLE
from understudy.console.services import Services
from understudy.console.templating import page_url
from understudy.console.worlds import Answer, no_world
from understudy.core.json_types import Json

PER_PAGE = 50
NARROWING = ("vendor", "kind", "destination", "state")
KINDS = ("webhook", "sqs", "sns")


def add_deliveries(app: Flask, services: Services) -> None:
    """Add the list of deliveries, the page of each, and their rules."""
    control = services.control
    vendors = list(services.vendors)
    states = services.control_api.document.raw["components"]["schemas"]["DeliveryState"]["enum"]

    @app.get(f"{CONSOLE}/deliveries")
    def deliveries() -> Answer:
        """Show the deliveries, the newest first, and the rules."""
        return _show(control, vendors, states)

    @app.get(f"{CONSOLE}/deliveries/<delivery>")
    def delivery(delivery: str) -> str:
        """Show one delivery with its attempts."""
        return render_template("delivery.html", each=control.call("get_delivery", world=g.world, delivery=delivery))

    @app.post(f"{CONSOLE}/deliveries/<delivery>/resend")
    def resend_delivery(delivery: str) -> Response:
        """Make a delivery due again."""
        control.call("resend_delivery", world=g.world, delivery=delivery)
        return redirect(page_url("delivery", delivery=delivery), 303)

    @app.get(f"{CONSOLE}/deliveries/replay")
    @app.get(f"{CONSOLE}/deliveries/rules")
    def deliveries_of_form() -> Response:
        """Lead from the addresses of forms, which are no deliveries, to the page."""
        return redirect(page_url("deliveries"), 303)

    @app.post(f"{CONSOLE}/deliveries/replay")
    def replay_deliveries() -> Answer:
        """Make all deliveries due again that fit."""
        try:
            control.call("replay_deliveries", dict(filled(request.form, *NARROWING)), world=g.world)
        except ControlRefused as refused:
            return _show(control, vendors, states, refused)
        return redirect(page_url("deliveries", **filled(request.form, *NARROWING)), 303)

    @app.post(f"{CONSOLE}/deliveries/rules")
    def set_rule() -> Answer:
        """Put a rule before those of the world, or remove one."""
        try:
            rules = _own_rules(control)
            body = {"deliveries": changed_rules(rules, request.form)}
            control.call("set_delivery_settings", body, world=g.world)
        except ControlRefused as refused:
            return _show(control, vendors, states, refused)
        return redirect(page_url("deliveries", _anchor="rules"), 303)


def _show(
    control: ControlClient, vendors: list[str], states: list[str], refused: ControlRefused | None = None
) -> Answer:
    given = filled(request.args, *NARROWING)
    page = max(request.args.get("page", 1, int), 1)
    error = refused
    try:
        rules = control.call("get_delivery_settings", world=g.world)
    except ControlRefused as unknown:
        return no_world(unknown)
    try:
        found, total, dropped = newest(control, given, page)
    except ControlRefused as narrowed:
        found, total, dropped, error = [], 0, 0, narrowed
    text = render_template(
        "deliveries.html",
        deliveries=found,
        total=total,
        dropped=dropped,
        page=page,
        per_page=PER_PAGE,
        given=given,
        vendors=vendors,
        kinds=KINDS,
        states=states,
        rules=rules,
        can_edit=not _has_secrets(rules["deliveries"]),
        refused=error,
        form=request.form,
    )
    return (text, error.status) if error else text


def newest(control: ControlClient, given: Mapping[str, str], page: int) -> tuple[list[Json], int, int]:
    """Return a page of the deliveries that fit, the newest first, how many fit, and how many are kept no more."""
    total = control.call("list_deliveries", world=g.world, limit=1, **given)["total"]
    stop = total - (page - 1) * PER_PAGE
    start = max(stop - PER_PAGE, 0)
    found = control.call("list_deliveries", world=g.world, offset=start, limit=max(stop - start, 1), **given)
    return (found["deliveries"][: stop - start][::-1] if stop > 0 else []), found["total"], found["dropped"]


def _own_rules(control: ControlClient) -> list[Json]:
    """Return the world's rules; raise ``ControlRefused`` if they have credentials, which are not shown."""
    rules: list[Json] = control.call("get_delivery_settings", world=g.world)["deliveries"]
    if _has_secrets(rules):
        raise ControlRefused(409, "the rules of this world sign what they send: set them by the control API")
    return rules


def _has_secrets(rules: list[Json]) -> bool:
    return any("signing" in rule for rule in rules)


def changed_rules(rules: list[Json], form: Mapping[str, str]) -> list[Json]:
    """Return the rules without one, or with a new one before them."""
    removed = form.get("remove", "")
    if removed:
        return [rule for number, rule in enumerate(rules) if str(number) != removed]
    made: dict[str, Any] = {"destination": form.get("destination", "").strip()}
    made["target"] = form.get("target", "").strip() or None
    if form.get("ordered"):
        made["ordered"] = True
    return [made, *rules]

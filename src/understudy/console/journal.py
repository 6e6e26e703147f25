"""Pages ``journal``: the exchanges of a world as they happen, and one exchange."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from understudy.console.asgi_client import AsgiRequest, run_on_loop, send_from_thread
from understudy.console.control import ControlRefused
from understudy.console.exchange_views import FORMS, compare, fault_of, replayed_request, text_of_side, view_of
from understudy.console.paths import CONSOLE
from understudy.console.services import Services
from understudy.console.streams import EVENTS
from understudy.core.json_types import Json
from understudy.core.world_names import WORLD_NAME
from understudy.http.connexion_adapter import LOOP

FILTERS = ("text", "vendor", "operation", "method", "status", "outcome", "mentions")
"""Query parameters that narrow the journal, as those of the control API's ``browse_exchanges``."""

OUTCOMES = ("accepted", "contract", "credentials", "rule", "route", "fault", "breach")
STATUSES = ("2xx", "3xx", "4xx", "5xx")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
PAGE = 50
MAX_NUMBER = 2**53 - 1
NO_WORLD = 404


def add_journal(app: Flask, services: Services) -> None:
    """Add the pages of the journal."""
    app.jinja_env.filters["side"] = text_of_side

    @app.get(f"{CONSOLE}/journal")
    def journal() -> str:
        """Show the newest exchanges that fit the filters in the address, or those before a number."""
        found, refused = _browse(services, before=_number("before"))
        operations = {each.id for served in services.vendors.values() for each in served.operations}
        return render_template(
            "journal.html",
            found=found,
            refused=refused,
            filters=_filters(request.args),
            vendors=list(services.vendors),
            operations=sorted(operations),
            events=EVENTS,
            outcomes=OUTCOMES,
            statuses=STATUSES,
            methods=METHODS,
        )

    @app.get(f"{CONSOLE}/journal/new")
    def new_exchanges() -> str:
        """Return the rows of exchanges after a number, below the element that asks for the next ones."""
        after = _number("after") or 0
        found, refused = _browse(services, after=after)
        return render_template("journal_rows.html", found=found, refused=refused, after=after, is_update=True)

    @app.get(f"{CONSOLE}/journal/<world>/<int(max=9007199254740991):number>")
    def exchange(world: str, number: int) -> str:
        """Show one exchange."""
        return _show_exchange(services, world, number)

    @app.get(f"{CONSOLE}/journal/<world>/<int(max=9007199254740991):number>/code")
    def exchange_code(world: str, number: int) -> str:
        """Return one exchange as code, to be copied."""
        form = request.args.get("form", "curl")
        return render_template("exchange_code.html", **_code(services, world, number, form))

    @app.get(f"{CONSOLE}/journal/<world>/<int(max=9007199254740991):number>/har")
    def exchange_har(world: str, number: int) -> Response:
        """Return one exchange as a file."""
        answer = services.control.answer("export_exchange", world=world, number=number)
        name = f'attachment; filename="exchange-{number}.har"'
        return Response(answer.body, content_type="application/json", headers={"Content-Disposition": name})

    @app.get(f"{CONSOLE}/journal/<world>/<int(max=9007199254740991):number>/compare")
    def compare_exchanges(world: str, number: int) -> str:
        """Show what differs between an exchange and another, by default the previous call of its operation."""
        _choose_world(world)
        found = services.control.call("get_exchange", world=world, number=number)
        other_world, other = request.args.get("other_world", world), _number("other")
        if other is None:
            other = _previous(services, world, found)
        earlier = None if other is None else services.control.call("get_exchange", world=other_world, number=other)
        return render_template(
            "exchange_compare.html",
            found=found,
            earlier=earlier,
            other_world=other_world,
            differences=[] if earlier is None else compare(earlier, found),
        )

    _add_actions(app, services)


def _add_actions(app: Flask, services: Services) -> None:
    """Add the forms of an exchange: make a fault of it, replay it."""

    @app.post(f"{CONSOLE}/journal/<world>/<int(max=9007199254740991):number>/fault")
    def make_fault(world: str, number: int) -> Any:
        """Add a fault that strikes calls of the same operation."""
        try:
            found = services.control.call("get_exchange", world=world, number=number)
            added = services.control.call("add_fault", fault_of(found, request.form), world=world)
        except ControlRefused as refused:
            return _show_exchange(services, world, number, fault_refused=refused), refused.status
        return redirect(url_for("exchange", world=world, number=number, fault=added["id"]), 303)

    @app.post(f"{CONSOLE}/journal/<world>/<int(max=9007199254740991):number>/replay")
    def replay(world: str, number: int) -> Any:
        """Send the request again, to another world or to the same, and lead to what differs between the answers."""
        try:
            target = _target_world()
            archive = services.control.call("export_exchange", world=world, number=number, reveal=True)
            entry = archive["log"]["entries"][0]
            own = _own_credentials(services, entry["_understudy"]["vendor"], target)
            _send(services, replayed_request(entry, world, target, own))
            newest = services.control.call("browse_exchanges", world=target, limit=1)["newest"]
        except ControlRefused as refused:
            return _show_exchange(services, world, number, replay_refused=refused), refused.status
        compared = {"world": target, "number": newest, "other_world": world, "other": number}
        return redirect(url_for("compare_exchanges", **compared), 303)


def _target_world() -> str:
    target = request.form.get("target", "").strip()
    if not WORLD_NAME.fullmatch(target):
        raise ControlRefused(422, f"{target!r} is no name of a world")
    return target


def _own_credentials(services: Services, vendor: str, world: str) -> Mapping[str, str]:
    """Return the headers of a vendor's development client in a world, if the form asks for them."""
    sign_in = services.vendors[vendor].vendor.sign_in
    if sign_in is None or not request.form.get("sign_in"):
        return {}
    loop = request.environ["asgi.scope"][LOOP]
    headers: Mapping[str, str] = run_on_loop(loop, lambda: sign_in(services.open_world(world).vendors[vendor]))
    return headers


def _send(services: Services, sent: AsgiRequest) -> None:
    scope = request.environ["asgi.scope"]
    send_from_thread(scope[LOOP], services.vendor_requests, scope, sent)


def _show_exchange(services: Services, world: str, number: int, **refusals: ControlRefused) -> str:
    _choose_world(world)
    found = services.control.call("get_exchange", world=world, number=number)
    return render_template(
        "exchange.html",
        found=found,
        view=view_of(found),
        previous=_previous(services, world, found),
        fault=_fault(services, world, found),
        refusals=refusals,
        **_code(services, world, number, "curl"),
    )


def _code(services: Services, world: str, number: int, form: str) -> Json:
    """Return what the template of an exchange's code shows: the code, or why there is none."""
    _choose_world(world)
    chosen = form if form in FORMS else "curl"
    shown: Json = {"form": chosen, "forms": FORMS, "code": "", "code_refused": None, "number": number}
    try:
        answer = services.control.answer("write_exchange_code", world=world, number=number, form=chosen)
        shown["code"] = answer.body.decode()
    except ControlRefused as refused:
        shown["code_refused"] = refused
    return shown


def _previous(services: Services, world: str, found: Mapping[str, Any]) -> int | None:
    """Return the number of the previous call of an exchange's operation; ``None`` if the journal has none."""
    if not found["operation"] or found["number"] == 1:
        return None
    asked = {"vendor": found["vendor"], "operation": found["operation"], "before": found["number"], "limit": 1}
    try:
        exchanges = services.control.call("browse_exchanges", world=world, **asked)["exchanges"]
    except ControlRefused:  # the operation is no longer served: its document has changed
        return None
    return exchanges[0]["number"] if exchanges else None


def _fault(services: Services, world: str, found: Mapping[str, Any]) -> Json | None:
    """Return the fault that struck an exchange, if the world still has it."""
    if "fault" not in found:
        return None
    faults = services.control.call("list_faults", world=world)
    return next((each for each in faults if each["id"] == found["fault"]), None)


def _browse(services: Services, **bounds: int | None) -> tuple[Json, ControlRefused | None]:
    """Return the exchanges that fit the filters in the address; the refusal too, if they name what is not there."""
    try:
        filters = {name: text for name, text in _filters(request.args).items() if text}
        found: Json = services.control.call("browse_exchanges", world=g.world, limit=PAGE, **filters, **bounds)
    except ControlRefused as refused:
        if refused.status in {401, 403}:
            raise
        return {"newest": 0, "exchanges": []}, refused
    else:
        return found, None


def _filters(given: MultiDict[str, str]) -> dict[str, str]:
    return {name: given.get(name, "").strip() for name in FILTERS}


def _number(name: str) -> int | None:
    """Return a number in the address; ``None`` for none."""
    text = request.args.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or int(text[:20]) > MAX_NUMBER:
        raise ControlRefused(400, f"{name}={text[:50]} is no number of an exchange")
    return int(text) or None


def _choose_world(name: str) -> None:
    """Have the page be about a world that its path names."""
    if WORLD_NAME.fullmatch(name):
        g.world = name

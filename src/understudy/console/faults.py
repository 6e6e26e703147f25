"""Page of the faults of a world, with a form that has the fields of the chosen kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Flask, g, redirect, render_template, request
from werkzeug.wrappers import Response

from understudy.console.control import ControlRefused
from understudy.console.form_values import as_number, filled
from understudy.console.paths import CONSOLE
from understudy.console.services import Services
from understudy.console.templating import page_url
from understudy.console.worlds import Answer, no_world
from understudy.core.json_types import Json
from understudy.state.faults import DELIVERY_KINDS, PROPERTIES_BY_KIND, REQUIRED_BY_KIND, STATUS

COMMON = ("when", "nth", "probability", "seed", "times", "lasting")
"""Properties that a fault of each kind may have, besides vendor and operation."""

OF_CALLS = frozenset(("when",))
"""Members that a fault of messages does not have."""

SUMMARIES: Mapping[str, str] = {
    "latency": "the right answer, late",
    "status": "an error in the vendor's shape, or a canned answer",
    "throttle": "429 with Retry-After",
    "drop": "a connection that closes without an answer",
    "truncate": "a connection that closes within the body",
    "slow": "a body in twenty pieces",
    "malformed": "a body that is no JSON",
    "duplicate": "a message that comes twice",
    "late": "a message that comes after a delay",
    "out_of_order": "a message that comes after the next one",
    "lost": "a message that never comes",
    "wrong_signature": "a message signed with another secret",
}
"""Effect of each kind for the client."""

LONG = frozenset(("body", "headers"))
"""Properties that are given as JSON, in a field of several lines."""


@dataclass(frozen=True, slots=True)
class Field:
    """Field of the form: a property of a fault with its schema in the control API's document."""

    name: str
    schema: Json
    is_required: bool

    @property
    def widget(self) -> str:
        """Widget by the schema: ``long``, ``choice``, ``check``, ``number`` or ``text``."""
        if self.name in LONG:
            return "long"
        if "enum" in self.schema:
            return "choice"
        return {"boolean": "check", "integer": "number", "number": "number"}.get(self.schema.get("type", ""), "text")

    @property
    def hint(self) -> str:
        """Description, without the kinds that it is of: the form has no others."""
        text = str(self.schema.get("description", "")).replace("`", "")
        text = text.partition(": ")[2] if text.startswith("Of ") and ": " in text else text
        return text[:1].upper() + text[1:]


def add_faults(app: Flask, services: Services) -> None:
    """Add the page of faults."""
    control = services.control
    schemas = services.control_api.document.raw["components"]["schemas"]
    properties = schemas["NewFault"]["properties"]
    kinds = [name for name in properties["kind"]["enum"] if name in PROPERTIES_BY_KIND]

    def show(given: Mapping[str, str], refused: ControlRefused | None = None) -> Answer:
        try:
            found = control.call("list_faults", world=g.world)
        except ControlRefused as unknown:
            return no_world(unknown)
        kind = given.get("kind", "")
        kind = kind if kind in kinds else STATUS
        text = render_template(
            "faults.html",
            faults=found,
            kind=kind,
            groups=_groups(kinds),
            is_of_messages=kind in DELIVERY_KINDS,
            fields=[field for field in _fields(kind, properties) if field.name not in COMMON],
            common=[field for field in _fields(kind, properties) if field.name in COMMON],
            operations={name: [each.id for each in served.operations] for name, served in services.vendors.items()},
            given=given,
            refused=refused,
        )
        return (text, refused.status) if refused else text

    @app.get(f"{CONSOLE}/faults")
    def faults() -> Answer:
        """Show the faults, and the form for a kind; its fields can be given in the address."""
        return show(request.args)

    @app.post(f"{CONSOLE}/faults")
    def add_fault() -> Answer:
        """Add a fault."""
        try:
            control.call("add_fault", new_fault(request.form, properties), world=g.world)
        except ControlRefused as refused:
            return show(request.form, refused)
        return redirect(page_url("faults"), 303)

    @app.post(f"{CONSOLE}/faults/clear")
    def clear_faults() -> Response:
        """Remove all faults."""
        control.call("clear_faults", world=g.world)
        return redirect(page_url("faults"), 303)

    @app.post(f"{CONSOLE}/faults/<fault>/remove")
    def remove_fault(fault: str) -> Response:
        """Remove a fault."""
        control.call("remove_fault", world=g.world, fault=fault)
        return redirect(page_url("faults"), 303)


def _groups(kinds: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the kinds with their summaries: those that strike calls, and those that strike messages."""
    named = [(name, SUMMARIES.get(name, "")) for name in kinds]
    return [
        ("of calls", [each for each in named if each[0] not in DELIVERY_KINDS]),
        ("of deliveries", [each for each in named if each[0] in DELIVERY_KINDS]),
    ]


def _fields(kind: str, properties: Json) -> list[Field]:
    wanted = PROPERTIES_BY_KIND[kind] | {*COMMON} - (OF_CALLS if kind in DELIVERY_KINDS else frozenset())
    required = REQUIRED_BY_KIND.get(kind, "")
    return [Field(name, schema, name == required) for name, schema in properties.items() if name in wanted]


def new_fault(form: Mapping[str, str], properties: Json) -> dict[str, Any]:
    """Return the body of the request for a fault; ``target`` is ``vendor`` or ``vendor/operation``."""
    found: dict[str, Any] = {}
    for name, text in filled(form, *properties).items():
        found[name] = _value(name, text, properties[name])
    vendor, _, operation = form.get("target", "").partition("/")
    return found | ({"vendor": vendor} if vendor else {}) | ({"operation": operation} if operation else {})


def _value(name: str, text: str, schema: Json) -> Any:
    if name in LONG:
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text  # a body may be a text; the control API refuses such headers
    if schema.get("type") == "boolean":
        return text == "true"
    return as_number(text) if schema.get("type") in {"integer", "number"} else text

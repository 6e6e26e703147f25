"""Page of one operation: its contract, its evidence, and a form that sends a request to it."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import orjson
from flask import Flask, abort, g, render_template, request

from understudy.console.asgi_client import TIMEOUT, AsgiRequest, AsgiResponse, run_on_loop, send_from_thread
from understudy.console.control import ControlRefused
from understudy.console.operations import call_numbers, operation_rows
from understudy.console.paths import CONSOLE
from understudy.console.request_drafts import (
    MAX_SEED,
    Draft,
    accepted_examples,
    body_bytes,
    draft_of_example,
    example_names,
    field_name,
    generated_draft,
    headers_of,
    target_of,
    vendor_roles,
    with_stored_ids,
)
from understudy.console.schema_tree import SchemaNode, SchemaTree
from understudy.console.services import Services
from understudy.console.snippets import RequestText, curl, fetch, httpx
from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.examples import examples_of
from understudy.core.json_types import Json
from understudy.core.media_types import is_json
from understudy.core.status_phrases import phrase_of
from understudy.core.world_names import world_prefix
from understudy.evidence.evidence_file import evidence_path
from understudy.evidence.operation_evidence import OperationEvidence, vendor_report
from understudy.http.connexion_adapter import LOOP
from understudy.http.mounted_vendor import MountedVendor
from understudy.http.own_urls import own_root
from understudy.resources.request_credentials import signed
from understudy.state.worlds import TooManyWorlds

NOBODY = "-"
"""Value of the field for a role: no credentials are sent."""

USER_AGENT = "understudy-console"
MAX_EXAMPLES = 30
"""Number of examples of a body that a page shows; the document has the others."""

MAX_SHOWN = 200_000
"""Characters of an answer's body that a page shows."""


@dataclass(frozen=True, slots=True)
class ShownMedia:
    """Media type of a body: its schema as a tree, and its examples by name."""

    name: str
    schema: SchemaNode
    examples: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ShownResponse:
    """Declared response of an operation."""

    status: str
    description: str
    headers: Sequence[tuple[str, str]]
    media: Sequence[ShownMedia]


@dataclass(frozen=True, slots=True)
class SentRequest:
    """Request that a form has sent, and its answer."""

    request: RequestText
    status: int
    phrase: str
    headers: Sequence[tuple[str, str]]
    json: str | None
    text: str
    size: int
    milliseconds: float
    is_whole: bool

    @property
    def snippets(self) -> Sequence[tuple[str, str]]:
        """Request as text for each client, by the client's name."""
        return [("curl", curl(self.request)), ("httpx", httpx(self.request)), ("fetch", fetch(self.request))]


def add_operation_page(app: Flask, services: Services) -> None:
    """Add the page of an operation, and the answer to its form."""

    @lru_cache(maxsize=8)
    def evidence(vendor: str) -> Mapping[str, OperationEvidence]:
        mounted = services.vendors[vendor]
        report = vendor_report(mounted, is_shipped=evidence_path(vendor).is_file() and not mounted.document.is_foreign)
        return {each.operation: each for each in report.operations}

    @lru_cache(maxsize=8)
    def roles(vendor: str) -> Sequence[str]:
        return vendor_roles(services.vendors[vendor])

    def find(vendor: str, operation_id: str) -> tuple[MountedVendor, Operation]:
        mounted = services.vendors.get(vendor)
        found = mounted.by_id.get(operation_id) if mounted else None
        if mounted is None or found is None:
            abort(404, f"there is no operation {operation_id!r} of {vendor!r}")
        return mounted, found

    def page(mounted: MountedVendor, found: Operation, draft: Draft, example: str, **values: Any) -> str:
        return render_template(
            "operation.html",
            **_contract(mounted, found),
            **_form(found, draft, roles(found.vendor)),
            row=next(row for row in operation_rows(mounted) if row.id == found.id),
            evidence=evidence(found.vendor)[found.id],
            is_foreign=mounted.document.is_foreign,
            calls=_calls(services, found),
            examples=example_names(mounted.document, found),
            example=example,
            seed=_seed(),
            **values,
        )

    @app.get(f"{CONSOLE}/operations/<vendor>/<path:operation_id>")
    def operation(vendor: str, operation_id: str) -> str:
        """Show an operation, and a form filled with valid values."""
        mounted, found = find(vendor, operation_id)
        draft = _draft(services, mounted, found, example_names(mounted.document, found))
        return page(mounted, found, draft, request.args.get("example", ""))

    @app.post(f"{CONSOLE}/operations/<vendor>/<path:operation_id>")
    def send_request(vendor: str, operation_id: str) -> tuple[str, int] | str:
        """Send the form's request in the chosen world, and show it with its answer."""
        mounted, found = find(vendor, operation_id)
        try:
            sent, failure = _send(services, mounted, found, request.form), None
        except (ControlRefused, ValueError, LookupError, TooManyWorlds) as error:
            sent, failure = None, ControlRefused(getattr(error, "status", 422), str(error))
        except TimeoutError:
            sent, failure = None, ControlRefused(504, f"no answer within {TIMEOUT} seconds")
        values = {"sent": sent, "failure": failure}
        if "HX-Request" in request.headers:
            return render_template("sent_request.html", vendor=vendor, operation=found, **values)
        return page(mounted, found, _draft_of_form(request.form), "", **values)


def _calls(services: Services, operation: Operation) -> Any:
    try:
        return call_numbers(services).get((operation.vendor, operation.id))
    except ControlRefused:
        return None


def _seed() -> int:
    text = request.args.get("seed", "")
    return min(int(text), MAX_SEED) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _draft(services: Services, mounted: MountedVendor, operation: Operation, names: Sequence[str]) -> Draft:
    """Return the draft that the address asks for: of an example, of a seed, or the first that is likely accepted."""
    example = request.args.get("example", "")
    if example in names:
        return draft_of_example(mounted.document, operation, example)
    if "seed" not in request.args and not mounted.document.is_foreign:
        accepted = accepted_examples(mounted.document, operation)
        return draft_of_example(mounted.document, operation, accepted[0] if accepted else "")
    draft = generated_draft(mounted.document, operation, _seed())
    return with_stored_ids(operation, draft, _records(services, operation)) if mounted.document.is_foreign else draft


def _records(services: Services, operation: Operation) -> Mapping[str, Json]:
    """Return the first record of each collection that a path names, in the chosen world."""
    found = {}
    try:
        collections = services.control.call("list_collections", world=g.world)
        for name in [each["name"] for each in collections if each["vendor"] == operation.vendor and each["records"]]:
            if name in operation.path.split("/"):
                records = services.control.call(
                    "list_records", world=g.world, vendor=operation.vendor, collection=name, limit=1
                )["records"]
                found[name] = records[0]
    except (ControlRefused, IndexError):
        return found
    return found


def _draft_of_form(form: Mapping[str, str]) -> Draft:
    return Draft(dict(form), form.get("media", ""), form.get("body", ""), form.get("role", ""))


def _contract(mounted: MountedVendor, operation: Operation) -> dict[str, Any]:
    document, tree = mounted.document, SchemaTree(mounted.document)
    body = operation.body.node if operation.body else {}
    return {
        "vendor": operation.vendor,
        "base_path": mounted.base_path,
        "operation": operation,
        "description": str(operation.node.get("description", "")).strip(),
        "parameters": [(each, tree.of(each.node.get("schema", {}))) for each in operation.parameters],
        "body": body,
        "body_media": _media(document, tree, body),
        "responses": [_response(document, tree, status, each.node) for status, each in operation.responses.items()],
        "security": [[each.scheme for each in alternative] for alternative in operation.security],
    }


def _form(operation: Operation, draft: Draft, roles: Sequence[str]) -> dict[str, Any]:
    return {
        "draft": draft,
        "fields": [(each, field_name(each), draft.texts.get(field_name(each), "")) for each in operation.parameters],
        "media_types": list(operation.body.media) if operation.body else [],
        "roles": roles,
        "nobody": NOBODY,
    }


def _media(document: Document, tree: SchemaTree, node: Mapping[str, Any]) -> list[ShownMedia]:
    return [
        ShownMedia(
            name,
            tree.of(part.get("schema", {})),
            dict(islice(_shown_examples(document, part), MAX_EXAMPLES)),
        )
        for name, part in node.get("content", {}).items()
    ]


def _shown_examples(document: Document, node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, each["value"]) for name, each in examples_of(document, node).items() if "value" in each)


def _response(document: Document, tree: SchemaTree, status: str, node: Mapping[str, Any]) -> ShownResponse:
    headers = [
        (name, str(document.resolve(each).get("description", ""))) for name, each in node.get("headers", {}).items()
    ]
    return ShownResponse(status, str(node.get("description", "")), headers, _media(document, tree, node))


def _send(services: Services, mounted: MountedVendor, operation: Operation, form: Mapping[str, str]) -> SentRequest:
    """Send a form's request; raise ``ValueError`` for one that cannot be sent."""
    scope = request.environ["asgi.scope"]
    media = form.get("media", "")
    body = body_bytes(form.get("body", ""), media) if operation.body else b""
    headers = headers_of(operation, form, media if body else "", form.get("headers", ""))
    target = target_of(operation, form)
    role = form.get("role", "")
    if role != NOBODY and operation.security:
        target, credentials = _signed(services, mounted, operation, target, role)
        given = {name.lower() for name, _ in headers}
        headers += [(name, value) for name, value in credentials.items() if name.lower() not in given]
    root = own_root(scope, dict(scope["headers"]))
    whole = world_prefix(g.world) + mounted.base_path + target
    path, _, query = whole.partition("?")
    own = [("host", root.partition("//")[2]), ("user-agent", USER_AGENT)]
    if body:
        own.append(("content-length", str(len(body))))
    sent = AsgiRequest(operation.method.upper(), path, query, (*own, *headers), body)
    started = time.perf_counter()
    answer = send_from_thread(scope[LOOP], services.vendor_requests, scope, sent)
    took = time.perf_counter() - started
    return _shown(RequestText(sent.method, root + whole, headers, body), answer, took * 1000)


def _signed(
    services: Services, mounted: MountedVendor, operation: Operation, target: str, role: str
) -> tuple[str, Mapping[str, str]]:
    """Return a target and headers with the credentials of a role; of a user's document, the one development client."""
    loop = request.environ["asgi.scope"][LOOP]
    name = mounted.vendor.name
    world = run_on_loop(loop, lambda: services.open_world(g.world))
    sign_in = mounted.vendor.sign_in
    if sign_in is not None:
        return target, run_on_loop(loop, lambda: sign_in(world.vendors[name], role))
    return signed(operation, target, world.credentials[name])


def _shown(sent: RequestText, answer: AsgiResponse, milliseconds: float) -> SentRequest:
    text = answer.body.decode("utf-8", "replace")
    indented = None
    if is_json(answer.header("content-type").partition(";")[0].strip()) and len(text) <= MAX_SHOWN:
        try:
            indented = orjson.dumps(orjson.loads(answer.body), option=orjson.OPT_INDENT_2).decode()
        except orjson.JSONDecodeError:
            indented = None
    return SentRequest(
        sent,
        answer.status,
        phrase_of(answer.status),
        [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers],
        indented,
        text[:MAX_SHOWN],
        len(answer.body),
        milliseconds,
        answer.is_whole,
    )

"""The composition root: the one place that knows the concrete parts and puts them together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from understudy import __version__
from understudy.casting.dressed import Cast
from understudy.casting.scenario import Scenario, load_scenario
from understudy.contract.document import Document, load_document
from understudy.contract.operations import Operation, compile_operations
from understudy.contract.remap import check_moves, load_moves, remap
from understudy.control import operations as control
from understudy.core.clock import Clock
from understudy.core.resources import data_folder
from understudy.core.vendor import Vendor
from understudy.dashboard.pages import Row, create_dashboard
from understudy.http.frame import Api, build_frame
from understudy.http.lane import Lane
from understudy.http.stage import App, Mount, Stage
from understudy.settings import Settings
from understudy.state.world import World
from understudy.state.worlds import Scene, Worlds
from understudy.vendors.discovery import find_specs, load_vendor

CONTROL_SPEC = Path(control.__file__).with_name("control.yaml")


@dataclass(frozen=True, slots=True)
class Served:
    """A vendor as it is served: its document, its operations and their lanes, and its place."""

    vendor: Vendor
    document: Document
    operations: tuple[Operation, ...]
    lanes: Mapping[str, Lane]
    mount: Mount
    base_path: str

    def rows(self) -> Iterator[Row]:
        """Yield a row an operation, for tables."""
        for operation in self.operations:
            yield Row(
                operation.vendor,
                operation.tag,
                operation.id,
                operation.method.upper(),
                operation.path,
                operation.summary,
                self.lanes[operation.id].fidelity,
                ", ".join(operation.provenance.get(part, "unknown") for part in ("path", "shapes", "errors")),
            )


@dataclass(frozen=True, slots=True)
class Understudy:
    """A stand-in, ready to be served: an ASGI app, its worlds, and the vendors in them."""

    asgi: App
    worlds: Worlds
    served: Mapping[str, Served]

    def credentials(self, base_url: str, world: str = "main") -> dict[str, dict[str, Any]]:
        """Return, by vendor, the base URL and what a client needs for its first successful call in a world."""
        prefix = "" if world == "main" else f"/@{world}"
        known = self.worlds.start.known
        return {
            name: {"base_url": f"{base_url}{prefix}{served.base_path}", **known[name]}
            for name, served in self.served.items()
        }


def create_app(settings: Settings) -> Understudy:
    """Read the specs, find the behaviour, compile every operation; raise ``Misconfigured`` for what does not fit."""
    served = {name: _serve(document, settings) for name, document in _documents(settings).items()}
    scenario = load_scenario(settings.scenario or data_folder("fixtures") / "scenarios" / "start.yaml")
    if settings.seed is not None:
        scenario = replace(scenario, seed=settings.seed)
    steering = _steer(settings, list(served))
    everyone = [*served.values(), steering]
    worlds = Worlds(lambda: _play(scenario, [each.vendor for each in everyone]))
    stage = Stage(worlds, settings.body_limit, settings.upload_limit)
    for each in everyone:
        stage.mount(each.mount)
    rows = [row for each in served.values() for row in each.rows()]
    frame = build_frame(
        create_dashboard(__version__, rows, {name: each.base_path for name, each in served.items()}),
        stage,
        [Api(each.document, each.base_path, each.lanes) for each in everyone],
    )
    return Understudy(frame, worlds, served)


def _documents(settings: Settings) -> dict[str, Document]:
    paths = find_specs(settings.specs, settings.vendors, settings.package)
    documents = {name: load_document(path, settings.cache) for name, path in paths.items()}
    if settings.remap is None:
        return documents
    moves = load_moves(settings.remap)
    check_moves(settings.remap, moves, documents)
    return {name: remap(document, moves) for name, document in documents.items()}


def _serve(document: Document, settings: Settings) -> Served:
    operations = tuple(compile_operations(document))
    vendor = load_vendor(document.name, operations, settings.package)
    base_path = f"/{document.name}{_base_path(document)}"
    mount = Mount(
        f"/{document.name}",
        vendor,
        hosts=frozenset(_hosts(document)),
        is_for_browsers=bool(document.raw.get("x-cors")),
        guesses={
            _base_path(document) + operation.path: operation.id
            for operation in operations
            if operation.provenance.get("path") == "inferred"
        },
    )
    return Served(vendor, document, operations, _lanes(document, operations, vendor, settings), mount, base_path)


def _steer(settings: Settings, vendors: list[str]) -> Served:
    document = load_document(CONTROL_SPEC, settings.cache)
    operations = tuple(compile_operations(document))
    vendor = control.control_vendor(__version__, vendors)
    mount = Mount(control.PREFIX, vendor)
    return Served(vendor, document, operations, _lanes(document, operations, vendor, settings), mount, control.PREFIX)


def _lanes(
    document: Document, operations: tuple[Operation, ...], vendor: Vendor, settings: Settings
) -> dict[str, Lane]:
    return {operation.id: Lane(document, operation, vendor, is_strict=settings.is_strict) for operation in operations}


def _base_path(document: Document) -> str:
    servers = document.raw.get("servers") or [{"url": "/"}]
    return str(urlsplit(servers[0]["url"]).path).rstrip("/")


def _hosts(document: Document) -> Iterator[str]:
    """Yield the vendor's own host names: of every server, with its variables' values filled in."""
    items = [document.raw, *document.raw["paths"].values()]
    for server in (server for item in items for server in item.get("servers", ())):
        variables = server.get("variables", {})
        values = [variable.get("enum", [variable["default"]]) for variable in variables.values()]
        for chosen in product(*values):
            host = urlsplit(server["url"].format(**dict(zip(variables, chosen, strict=True)))).hostname
            if host:
                yield host


def _play(scenario: Scenario, vendors: list[Vendor]) -> Scene:
    """Build the start: every vendor's part, filled from one cast."""
    cast = Cast(scenario)
    clock = Clock(scenario.clock)
    worlds = {vendor.name: World("start", vendor.name, clock, scenario.seed, vendor.tables) for vendor in vendors}
    known = {
        vendor.name: vendor.start(
            worlds[vendor.name],
            cast,
            {**scenario.settings.get(vendor.name, {}), **scenario.credentials.get(vendor.name, {})},
        )
        if vendor.start
        else {}
        for vendor in vendors
    }
    return Scene("start", clock, worlds, known)

"""The composition root: the one place that knows the concrete parts and puts them together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from understudy import __version__
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.preload import preload
from understudy.casting.scenario_file import find_scenario, open_scenario, shipped_scenarios
from understudy.contract.compiled_operations import Operation, compile_operations
from understudy.contract.document import Document, load_document
from understudy.contract.remap import check_moves, load_moves, remap
from understudy.control.connection_info import connection_info
from understudy.control.control_state import CONTROL_VENDOR, ControlState, Part
from understudy.core.clock import Clock
from understudy.core.vendor import Vendor
from understudy.core.world_names import CONTROL_PATH, MAIN
from understudy.dashboard.pages import OperationRow, create_dashboard
from understudy.http.connexion_adapter import Api, as_asgi, build_asgi_app
from understudy.http.dispatcher import Dispatcher
from understudy.http.endpoint import Endpoint
from understudy.http.local_access import LocalAccessMiddleware
from understudy.http.vendor_mount import App, Mount
from understudy.settings import Settings
from understudy.state.journal import Journal
from understudy.state.vendor_state import VendorState
from understudy.state.world import World
from understudy.state.worlds import START, Worlds
from understudy.vendors.discovery import find_specs, load_vendor

CONTROL = Path(__file__).with_name("control")


@dataclass(frozen=True, slots=True)
class MountedVendor:
    """A vendor as it is served: its document, its operations and their lanes, and its place."""

    vendor: Vendor
    document: Document
    operations: tuple[Operation, ...]
    endpoints: Mapping[str, Endpoint]
    mount: Mount
    base_path: str

    def rows(self) -> Iterator[OperationRow]:
        """Yield a row an operation, for tables."""
        for operation in self.operations:
            yield OperationRow(
                operation.vendor,
                operation.tag,
                operation.id,
                operation.method.upper(),
                operation.path,
                operation.summary,
                self.endpoints[operation.id].fidelity,
                ", ".join(operation.provenance.get(part, "unknown") for part in ("path", "shapes", "errors")),
            )


@dataclass(frozen=True, slots=True)
class Understudy:
    """A stand-in, ready to be served: an ASGI app, its worlds, and the vendors in them.

    ``steering`` is the control API, served as a vendor is, and ``backstage`` what it plays in.
    """

    asgi: App
    worlds: Worlds
    vendors: Mapping[str, MountedVendor]
    control_api: MountedVendor
    control_world: World

    @property
    def hosts(self) -> list[str]:
        """The vendors' own host names."""
        return sorted(host for served in self.vendors.values() for host in served.mount.hosts)

    def connections(self, world: str = MAIN) -> list[dict[str, Any]]:
        """Return each vendor's path in a world, what a client needs for its first call, and what its clients read."""
        known = self.worlds.start_world.credentials
        return [
            connection_info(each.document, each.base_path, world, known[name]) for name, each in self.vendors.items()
        ]

    def credentials(self, base_url: str, world: str = MAIN) -> dict[str, dict[str, Any]]:
        """Return, by vendor, the base URL and what a client needs for its first successful call in a world."""
        return {
            each["vendor"]: {"base_url": base_url + each["path"], **each["credentials"]}
            for each in self.connections(world)
        }


def create_app(settings: Settings) -> Understudy:
    """Read the specs, find the behaviour, compile every operation; raise ``Misconfigured`` for what does not fit."""
    served = {name: _mount(document, settings) for name, document in _documents(settings).items()}
    scenarios = _scenarios(settings)
    open_scenario(str(next(iter(scenarios.values()))))  # a mistake in the start is told now, not at the first request
    vendors = [each.vendor for each in served.values()]
    worlds = Worlds(lambda name, seed: _build_world(scenarios[name], seed, vendors, settings), [*scenarios])
    stage = Dispatcher(worlds.get_or_create, worlds.get, settings.body_limit, settings.upload_limit)
    for each in served.values():
        stage.mount(each.mount)
    rows = [row for each in served.values() for row in each.rows()]
    pages = create_dashboard(__version__, rows, {name: each.base_path for name, each in served.items()})
    steering, backstage = _mount_control_api(settings), _control_world(settings, worlds, served)
    frame = build_asgi_app(
        _control(settings, steering, backstage, as_asgi(pages)),
        stage,
        [Api(each.document, each.base_path, each.endpoints) for each in served.values()],
    )
    return Understudy(frame, worlds, served, steering, backstage)


def _scenarios(settings: Settings) -> dict[str, Path]:
    """Return the scenarios by name: the start first, then those that come along."""
    start = find_scenario(str(settings.scenario or START))
    return {start.stem: start} | {name: path for name, path in shipped_scenarios().items() if name != start.stem}


def _documents(settings: Settings) -> dict[str, Document]:
    paths = find_specs(settings.specs, settings.vendors, settings.package)
    documents = {name: load_document(path, settings.cache) for name, path in paths.items()}
    if settings.remap is None:
        return documents
    moves = load_moves(settings.remap)
    check_moves(settings.remap, moves, documents)
    return {name: remap(document, moves) for name, document in documents.items()}


def _mount(document: Document, settings: Settings) -> MountedVendor:
    operations = tuple(compile_operations(document))
    vendor = load_vendor(document.name, operations, settings.package)
    base_path = f"/{document.name}{document.base_path}"
    mount = Mount(
        f"/{document.name}",
        vendor,
        hosts=frozenset(_hosts(document)),
        allows_cors=bool(document.raw.get("x-cors")),
        inferred_paths={
            document.base_path + operation.path: operation.id
            for operation in operations
            if operation.provenance.get("path") == "inferred"
        },
    )
    return MountedVendor(
        vendor, document, operations, _endpoints(document, operations, vendor, settings), mount, base_path
    )


def _mount_control_api(settings: Settings) -> MountedVendor:
    """Serve the control API as a vendor is served. Without a token nobody is asked for one: see ``http/door.py``."""
    document = load_document(CONTROL / "control.yaml", settings.cache)
    operations = tuple(compile_operations(document))
    vendor = load_vendor(CONTROL_VENDOR, operations, __package__)
    if settings.token is None:
        operations = tuple(replace(operation, security=()) for operation in operations)
    lanes = _endpoints(document, operations, vendor, settings)
    return MountedVendor(vendor, document, operations, lanes, Mount(CONTROL_PATH, vendor), CONTROL_PATH)


def _control_world(settings: Settings, worlds: Worlds, served: Mapping[str, MountedVendor]) -> World:
    """Return the one world of the control API, in which it has all the others."""
    parts = {
        name: Part(
            each.vendor, each.document, {operation.id: operation for operation in each.operations}, each.base_path
        )
        for name, each in served.items()
    }
    backstage = ControlState(worlds, parts, version=__version__, token=settings.token)
    return World(CONTROL_VENDOR, backstage.clock, {CONTROL_VENDOR: backstage}, {})


def _control(settings: Settings, steering: MountedVendor, backstage: World, rest: App) -> App:
    """Return the app that answers for the control API, on a stage of its own, before ``rest``."""
    stage = Dispatcher(lambda _name: backstage, lambda _name: backstage, settings.upload_limit, settings.upload_limit)
    stage.mount(steering.mount)
    frame = build_asgi_app(rest, stage, [Api(steering.document, steering.base_path, steering.endpoints)])
    open_to_all = {
        CONTROL_PATH + path for _, path, node, _ in steering.document.operations() if node.get("security") == []
    }
    return LocalAccessMiddleware(frame, steering.mount, open_to_all, has_token=settings.token is not None)


def _endpoints(
    document: Document, operations: tuple[Operation, ...], vendor: Vendor, settings: Settings
) -> dict[str, Endpoint]:
    return {
        operation.id: Endpoint(document, operation, vendor, is_strict=settings.is_strict) for operation in operations
    }


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


def _build_world(path: Path, seed: int | None, vendors: list[Vendor], settings: Settings) -> World:
    """Build what a scenario's worlds begin as: every vendor's part, filled from one cast.

    Those whom the scenario leaves out meet nobody.
    """
    scenario = open_scenario(str(path))
    chosen = settings.seed if seed is None else seed
    if chosen is not None:
        scenario = replace(scenario, seed=chosen)
    cast, nobody = LazyCast(scenario), LazyCast(scenario.deserted())
    clock = Clock(scenario.clock)
    worlds = {vendor.name: VendorState(START, vendor.name, clock, scenario.seed, vendor.tables) for vendor in vendors}
    known = {
        vendor.name: vendor.start(
            worlds[vendor.name],
            cast if scenario.names(vendor.name) else nobody,
            {**scenario.settings.get(vendor.name, {}), **scenario.credentials.get(vendor.name, {})},
        )
        if vendor.start
        else {}
        for vendor in vendors
    }
    preload(cast, {vendor.name: vendor for vendor in vendors}, worlds)
    if scenario.clock is not None:
        clock.set(scenario.clock)  # it ran while the vendors' parts were filled
    return World(START, clock, worlds, known, Journal(settings.journal))

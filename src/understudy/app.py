"""Composition root: makes the application from its settings."""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from understudy import __version__
from understudy.casting.document_kinds import DocumentSource
from understudy.casting.engine.sampler_choice import prepare_sampler
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.preload import add_stated_records, preload
from understudy.casting.scenario import Scenario
from understudy.casting.scenario_file import find_scenario, find_scenarios, open_scenario, shipped_scenarios
from understudy.console.access import Access
from understudy.console.control import ControlClient
from understudy.console.lazy_pages import LazyPages
from understudy.console.paths import document_paths
from understudy.console.services import Services
from understudy.console.streams import ConsoleStreams, OpenStreams
from understudy.contract.compiled_operations import Operation, compile_operations
from understudy.contract.document import Document, load_document
from understudy.contract.foreign.loading import load_foreign, made_foreign
from understudy.contract.remap import check_moves, load_moves, remap
from understudy.contract.supported_openapi import METHOD_OVERRIDE, TRAILING_SLASH
from understudy.control.connection_info import connection_info
from understudy.control.control_state import CONTROL_VENDOR, ControlState
from understudy.core.clock import Clock
from understudy.core.misconfigured import Misconfigured
from understudy.core.steps import Steps
from understudy.core.vendor import Vendor
from understudy.core.world_names import CONTROL_PATH, MAIN
from understudy.deliveries.delivery_task import DeliveryTask
from understudy.deliveries.queue_library import check_library, needs_library
from understudy.deliveries.rules import DeliveryRule, InvalidRule, read_rules
from understudy.deliveries.targets import InvalidTarget, check_target
from understudy.http.connexion_adapter import as_asgi, build_asgi_app
from understudy.http.dispatcher import Dispatcher
from understudy.http.endpoint import CREDENTIALS_HINT, Endpoint
from understudy.http.local_access import LocalAccessMiddleware
from understudy.http.mounted_vendor import MountedVendor
from understudy.http.request_context import SizeLimits
from understudy.http.route_hints import RouteHints
from understudy.http.vendor_mount import ANY_LABEL, App, Mount
from understudy.settings import Settings
from understudy.state.journal import Journal
from understudy.state.vendor_state import VendorState
from understudy.state.world import World
from understudy.state.worlds import START, Worlds
from understudy.vendors.discovery import find_specs, load_user_vendor, load_vendor
from understudy.vendors.user_behaviour import behaviour_package, check_folders, check_vendor, folder_name

CONTROL = Path(__file__).with_name("control")
CONTROL_HINT = "send the token that the server was started with: Authorization: Bearer $UNDERSTUDY_TOKEN"


@dataclass(frozen=True, slots=True)
class Understudy:
    """Application ready to be served: an ASGI app, its worlds and its vendors by name.

    ``control_api`` is the control API, mounted like a vendor; ``control_world`` is the one world that it has.
    ``deliveries`` delivers what the vendors send, once a server has started it. ``notes`` are lines on what of the
    recorded calls answers nothing. ``streams`` are those of the console.
    """

    asgi: App
    worlds: Worlds
    vendors: Mapping[str, MountedVendor]
    control_api: MountedVendor
    control_world: World
    deliveries: DeliveryTask
    notes: tuple[str, ...] = ()
    streams: OpenStreams = field(default_factory=OpenStreams)

    @property
    def hosts(self) -> list[str]:
        """Host names of the real vendors, by which they are served without a path prefix."""
        return sorted(host for served in self.vendors.values() for host in served.mount.hosts)

    def connections(self, world: str = MAIN) -> list[dict[str, Any]]:
        """Return each vendor's connection info: its path in a world, credentials and environment names."""
        credentials = self.worlds.start_world.credentials
        return [
            connection_info(each.document, each.base_path, world, credentials[name])
            for name, each in self.vendors.items()
        ]

    def credentials(self, base_url: str, world: str = MAIN) -> dict[str, dict[str, Any]]:
        """Return, by vendor, the base URL and the credentials for a first successful call in a world."""
        return {
            each["vendor"]: {"base_url": base_url + each["path"], **each["credentials"]}
            for each in self.connections(world)
        }


def create_app(settings: Settings) -> Understudy:
    """Return the application: specs read, behaviour found, every operation compiled.

    Raises ``Misconfigured`` for a mistake in a spec, a vendor's package or the start scenario.
    """
    captures = (
        import_module("understudy.traffic.captures").Captures.read(settings.replays) if settings.replays else None
    )
    documents = _documents(settings, captures)
    mounted = _with_own_hosts(_mount(document, settings, captures, documents) for document in documents.values())
    if settings.refuses_findings:
        _refuse_findings(mounted)
    scenarios = _scenarios(settings)
    for path in dict.fromkeys([next(iter(scenarios.values())), *find_scenarios(settings.scenarios).values()]):
        _open_scenario(path, mounted, settings)  # a mistake is reported now, not at a request
    worlds = Worlds(
        lambda name, seed, start: _build_world(scenarios[name], seed, start, mounted, settings),
        [*scenarios],
        limit=settings.max_worlds,
        idle_seconds=settings.world_age,
    )
    control_api, control_world = _mount_control_api(settings), _control_world(settings, worlds, mounted)
    hints = _route_hints([*mounted.values(), control_api])
    limits = _limits(settings, settings.body_limit)
    dispatcher = Dispatcher(worlds.get_or_create, worlds.get, limits, hints, worlds.unrouted)
    for each in mounted.values():
        dispatcher.mount(each.mount)
    dispatcher.pass_on(document_paths(each.mount.prefix for each in mounted.values()))
    first = next(iter(mounted.values()))
    if len(mounted) == 1 and first.document.is_foreign:
        dispatcher.serve_at_root(first.mount.prefix, first.base_path)
    streams = OpenStreams()
    control_app = _control_app(settings, control_api, control_world, worlds, mounted, dispatcher, hints, streams)
    app = build_asgi_app(control_app, dispatcher, mounted.values())
    notes = tuple(captures.notes()) if captures else ()
    deliveries = _deliveries(settings, worlds, mounted)
    return Understudy(app, worlds, mounted, control_api, control_world, deliveries, notes, streams)


def _deliveries(settings: Settings, worlds: Worlds, mounted: Mapping[str, MountedVendor]) -> DeliveryTask:
    """Return the task of deliveries; raise ``Misconfigured`` for a target that is not allowed."""
    for destination, target in settings.deliver:
        try:
            check_target(target, settings.deliver_hosts)
            if needs_library(destination, target):
                check_library()
        except InvalidTarget as error:
            raise Misconfigured(f"--deliver {destination}={target}: {error}") from None
    rules = [DeliveryRule(destination, target) for destination, target in settings.deliver]
    vendors = {name: each.vendor for name, each in mounted.items()}
    return DeliveryTask(worlds, vendors, rules, settings.deliver_hosts)


def _with_own_hosts(mounted: Iterable[MountedVendor]) -> dict[str, MountedVendor]:
    """Return mounted vendors by name; a host that several have is none of a user's document's."""
    vendors = {each.vendor.name: each for each in mounted}
    count = Counter(host for each in vendors.values() for host in each.mount.hosts)
    for name, each in vendors.items():
        hosts = frozenset(host for host in each.mount.hosts if count[host] == 1)
        if each.document.is_foreign and hosts != each.mount.hosts:
            vendors[name] = replace(each, mount=replace(each.mount, hosts=hosts))
    return vendors


def _refuse_findings(mounted: Mapping[str, MountedVendor]) -> None:
    """Raise ``Misconfigured`` for a user's document of which a part is not obeyed."""
    for each in mounted.values():
        if each.document.is_foreign:
            import_module("understudy.resources.document_check").refuse_findings(each.document, each.operations)


def _route_hints(vendors: Iterable[MountedVendor]) -> RouteHints:
    """Return the hints for unknown paths: those of all operations, the control API's too."""
    hints = RouteHints()
    for each in vendors:
        for operation in each.operations:
            hints.add(each.base_path, operation.path, operation.method)
    return hints


def _scenarios(settings: Settings) -> dict[str, Path]:
    """Return the scenarios by name: the start scenario first, then users' own, then the packaged ones."""
    own = find_scenarios(settings.scenarios)
    name = str(settings.scenario or START)
    start = own[name] if name in own else find_scenario(name, own)
    return {start.stem: start} | {
        each: path for each, path in (shipped_scenarios() | own).items() if each != start.stem
    }


def _documents(settings: Settings, captures: Any) -> dict[str, Document]:
    """Return the documents to serve by name: the shipped ones, and users' own; else those made of recorded calls."""
    documents: dict[str, Document] = {}
    if captures and not settings.vendors and not settings.documents:
        made = import_module("understudy.traffic.captured_documents").captured_documents(captures.exchanges)
        entry = str(settings.replays[0])
        documents = {name: made_foreign(name, entry, raw) for name, raw in made.items()}
    elif settings.vendors or not settings.documents:
        paths = find_specs(settings.specs, settings.vendors, settings.package)
        documents = {name: load_document(path, settings.cache) for name, path in paths.items()}
    if settings.overlays:
        overlays = import_module("understudy.contract.foreign.overlays")
        overlays.check_extended(settings.overlays, [entry for _, entry in settings.documents])
    for name, entry in settings.documents:
        if name in documents:
            raise Misconfigured(f"{entry}: another vendor is named {name!r}: write OTHER-NAME={entry}")
        documents[name] = load_foreign(name, entry, settings.cache, settings.remote_hosts, settings.overlays)
    check_folders(settings.behaviour, [name for name, _ in settings.documents], settings.unserved)
    if settings.remap is None:
        return documents
    moves = load_moves(settings.remap)
    check_moves(moves, documents)
    return {name: remap(document, moves) for name, document in documents.items()}


def _mount(document: Document, settings: Settings, captures: Any, documents: Mapping[str, Document]) -> MountedVendor:
    operations = tuple(compile_operations(document))
    if document.is_foreign:
        vendor = _document_vendor(document, operations, settings)
    else:
        vendor = load_vendor(document.name, operations, settings.package)
    if captures:
        others = {host for each in documents.values() if each is not document for host in _hosts(each)}
        recordings = captures.take(document, operations, set(_hosts(document)), others)
        vendor = import_module("understudy.traffic.replayed_vendor").with_recordings(
            vendor, document, operations, recordings
        )
    if vendor.followed:
        vendor = import_module("understudy.resources.followed_calls").with_followed_calls(vendor, operations)
    base_path = f"/{document.name}{document.base_path}"
    mount = Mount(
        f"/{document.name}",
        vendor,
        hosts=frozenset(_hosts(document)),
        allows_cors=settings.allows_cors or bool(document.raw.get("x-cors")),
        takes_trailing_slash=bool(document.raw.get(TRAILING_SLASH)),
        takes_method_override=bool(document.raw.get(METHOD_OVERRIDE)),
        inferred_paths={
            document.base_path + operation.path: operation.id
            for operation in operations
            if operation.provenance.get("path") == "inferred"
        },
    )
    return _mounted(document, operations, vendor, mount, base_path, settings)


def _document_vendor(document: Document, operations: tuple[Operation, ...], settings: Settings) -> Vendor:
    """Return the vendor of a user's own document. Its modules import Faker, which takes long."""
    module = import_module("understudy.resources.document_vendor")
    chosen = module.ResourceSettings(settings.records, settings.references == "checked", settings.quota)
    recognised: Vendor = module.document_vendor(document, operations, chosen)
    if not settings.behaviour:
        return recognised
    name, package = folder_name(document.name), behaviour_package(settings.behaviour)
    own = load_user_vendor(name, operations, package)
    check_vendor(package, name, document.raw.get("components", {}).get("securitySchemes", {}))
    made: Vendor = import_module("understudy.resources.user_behaviour").with_behaviour(recognised, own)
    return made


def _mount_control_api(settings: Settings) -> MountedVendor:
    """Return the control API, mounted like a vendor.

    If no token is set, its operations need no credentials, and ``http/local_access`` admits this machine only.
    """
    document = load_document(CONTROL / "control.yaml", settings.cache)
    operations = tuple(compile_operations(document))
    vendor = load_vendor(CONTROL_VENDOR, operations, __package__)
    if settings.token is None:
        operations = tuple(replace(operation, security=()) for operation in operations)
    return _mounted(document, operations, vendor, Mount(CONTROL_PATH, vendor), CONTROL_PATH, settings, CONTROL_HINT)


def _mounted(
    document: Document,
    operations: tuple[Operation, ...],
    vendor: Vendor,
    mount: Mount,
    base_path: str,
    settings: Settings,
    credentials_hint: str = CREDENTIALS_HINT,
) -> MountedVendor:
    by_id = {operation.id: operation for operation in operations}
    is_strict = not document.is_foreign if settings.is_strict is None else settings.is_strict
    endpoints = {
        operation.id: Endpoint(document, operation, vendor, is_strict=is_strict, credentials_hint=credentials_hint)
        for operation in operations
    }
    return MountedVendor(vendor, document, operations, by_id, base_path, endpoints, mount)


def _control_world(settings: Settings, worlds: Worlds, vendors: Mapping[str, MountedVendor]) -> World:
    """Return the one world of the control API; its vendor state gives access to all other worlds."""
    state = ControlState(worlds, vendors, version=__version__, token=settings.token)
    state.delivery_rules = tuple({"destination": pattern, "target": target} for pattern, target in settings.deliver)
    state.delivery_hosts = settings.deliver_hosts
    return World(CONTROL_VENDOR, state.clock, {CONTROL_VENDOR: state}, {})


def _limits(settings: Settings, body: int) -> SizeLimits:
    return SizeLimits(body, max(body, settings.upload_limit), max(body, settings.snapshot_limit))


def _control_app(
    settings: Settings,
    api: MountedVendor,
    world: World,
    worlds: Worlds,
    vendors: Mapping[str, MountedVendor],
    rest: Dispatcher,
    hints: RouteHints,
    streams: OpenStreams,
) -> App:
    """Return the ASGI app of the control API, with a dispatcher of its own, and of the console, for other requests.

    ``rest`` is the dispatcher of the vendors, by which the console calls them.
    """
    limits = _limits(settings, settings.upload_limit)
    dispatcher = Dispatcher(lambda _name: world, lambda _name: world, limits, hints)
    dispatcher.mount(api.mount)
    dispatcher.pass_on(document_paths([api.mount.prefix]))
    open_to_all = {CONTROL_PATH + path for _, path, node, _ in api.document.operations() if node.get("security") == []}
    has_token = settings.token is not None
    guarded = LocalAccessMiddleware(dispatcher.dispatch, api.mount, open_to_all, has_token=has_token)
    services = Services(
        version=__version__,
        token=settings.token,
        vendors=vendors,
        control_api=api,
        control=ControlClient(guarded, api.by_id, settings.token),
        vendor_requests=rest.dispatch,
        open_world=worlds.get_or_create,
        start_credentials=lambda: worlds.start_world.credentials,
        nearest=hints.nearest,
        allows_cors=any(each.mount.allows_cors for each in vendors.values()),
        document_sources=_document_sources(settings),
    )
    access = Access(settings.token)
    pages = ConsoleStreams(as_asgi(LazyPages(services, access)), services.control, access, worlds, streams)
    app = build_asgi_app(pages, dispatcher, [api])
    return LocalAccessMiddleware(app, api.mount, open_to_all, has_token=has_token)


def _document_sources(settings: Settings) -> tuple[DocumentSource, ...]:
    """Return the sources of users' own documents, of whose schemas the console makes records."""
    remote, overlays = settings.remote_hosts, settings.overlays
    return tuple(DocumentSource(name, entry, settings.cache, remote, overlays) for name, entry in settings.documents)


def _hosts(document: Document) -> Iterator[str]:
    """Yield the host names of the document's servers, for every combination of their variables' values.

    A variable with ``x-any: true`` stands for any label: its host name has a ``*`` in its place.
    """
    items = [document.raw, *document.raw["paths"].values()]
    for server in (server for item in items for server in item.get("servers", ())):
        variables = server.get("variables", {})
        values = [
            [ANY_LABEL] if variable.get("x-any") else variable.get("enum", [variable["default"]])
            for variable in variables.values()
        ]
        for chosen in product(*values):
            host = urlsplit(server["url"].format(**dict(zip(variables, chosen, strict=True)))).hostname
            if host and not (document.is_foreign and _is_own_host(host)):
                yield host


def _is_own_host(host: str) -> bool:
    """Return whether a host name is this machine's own, by which the server itself is reached."""
    return host == "localhost" or host.endswith(".localhost") or host.startswith("127.") or "." not in host


def _build_world(
    path: Path, seed: int | None, start: datetime | None, mounted: Mapping[str, MountedVendor], settings: Settings
) -> Steps[World]:
    """Return the initial world of a scenario: every vendor's state, filled from one cast, in steps.

    ``seed`` and ``start`` replace the scenario's own seed and clock; the people are registered before the clock.

    Vendors that the scenario leaves out are filled from a cast without people.
    """
    scenario = _open_scenario(path, mounted, settings)
    chosen = settings.seed if seed is None else seed
    if chosen is not None:
        scenario = replace(scenario, seed=chosen)
    if start is not None:
        scenario = replace(scenario, clock=start)
    yield from prepare_sampler(scenario.people)
    vendors = [each.vendor for each in mounted.values()]
    cast = LazyCast(scenario)
    has_all = all(scenario.names(vendor.name) for vendor in vendors)
    empty_cast = cast if has_all else LazyCast(scenario.deserted())
    clock = Clock(scenario.clock)
    states = {
        vendor.name: VendorState(
            START, vendor.name, clock, scenario.seed, vendor.tables, vendor.fill, scenario.chosen_locale
        )
        for vendor in vendors
    }
    credentials: dict[str, Mapping[str, Any]] = {}
    for vendor in vendors:
        options = {**scenario.settings.get(vendor.name, {}), **scenario.credentials.get(vendor.name, {})}
        own_cast = cast if scenario.names(vendor.name) else empty_cast
        credentials[vendor.name] = yield from _start(vendor, states[vendor.name], own_cast, options)
    yield from add_stated_records(scenario.stated_records, mounted, states)
    yield from preload(cast, {vendor.name: vendor for vendor in vendors}, states)
    if scenario.clock is not None:
        clock.set(scenario.clock)  # it ran while the states were filled
    return World(START, clock, states, credentials, Journal(settings.journal), deliveries=scenario.deliveries)


def _open_scenario(path: Path, mounted: Mapping[str, MountedVendor], settings: Settings) -> Scenario:
    """Return a scenario; raise ``Misconfigured`` for a mistake in it, and for a target that is not allowed."""
    scenario = open_scenario(str(path), settings.package, _own_vendors(mounted, settings))
    for rule, place in zip(scenario.deliveries, scenario.delivery_places, strict=True):
        try:
            read_rules([rule], settings.deliver_hosts)
        except InvalidRule as error:
            raise Misconfigured(f"{place}: deliveries: {error}") from None
    return scenario


def _own_vendors(mounted: Mapping[str, MountedVendor], settings: Settings) -> dict[str, Vendor | None]:
    """Return the vendors of users' own documents by name, those that are not served without a value."""
    served = {name: each.vendor for name, each in mounted.items() if each.document.is_foreign}
    return {**dict.fromkeys(settings.unserved), **served}


def _start(vendor: Vendor, state: VendorState, cast: LazyCast, options: Mapping[str, Any]) -> Steps[Mapping[str, Any]]:
    """Add a vendor's start data, in steps if it takes steps; return the credentials."""
    if vendor.start is None:
        return {}
    found = vendor.start(state, cast, options)
    if isinstance(found, Generator):
        return (yield from found)
    yield
    return found

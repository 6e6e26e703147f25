"""pytest plugin: fixtures for vendors, worlds and the server. Slow imports wait until a test uses a fixture."""

from __future__ import annotations

import re
import secrets
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypedDict

import pytest

from understudy.core.data_folder import data_folder
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.pytest_coverage import SuiteApp, SuiteCoverage, add_coverage_option, coverage_file
from understudy.pytest_documents import document_fixtures, own_settings
from understudy.pytest_options import check_arguments, check_setting
from understudy.pytest_reports import (
    HeldWorld,
    Sections,
    add_findings,
    call_sections,
    expect_in_later_worlds,
    failed_verdict,
    find_forks,
    refusals_text,
    shared_worlds_of,
    unrouted_line,
    worlds_key,
    worlds_of,
)
from understudy.settings import control_token

if TYPE_CHECKING:  # importing them costs as much as a small suite
    from collections.abc import Callable, Generator, Mapping
    from typing import Unpack

    from understudy.app import Understudy
    from understudy.client import Control, RemoteVendor, RemoteWorld
    from understudy.http.vendor_mount import App
    from understudy.lazy_server import CreatedOnce, LazyServer


class WorldArguments(TypedDict, total=False):
    """Arguments of a world: scenario, seed, the time at which it begins, and the rate of its clock."""

    scenario: str
    seed: int
    at: datetime | str
    rate: float


SETTINGS = {
    "url": "A server that runs already; unless given, one is started when a test first needs it.",
    "scenario": "Who exists at the start: a scenario's name, or a file of one (not of a server that runs already).",
    "seed": "Another seed than the scenario's.",
    "at": "The time at which worlds are frozen, such as 2026-01-01T09:00:00Z.",
    "server": "shared: one for all workers of pytest-xdist (the default); worker: one in each worker's process.",
}
SPECS = "Your own OpenAPI documents ([NAME=]FILE, folder or URL), in place of those of the project file; repeatable."
STRICT = "Fail a test whose client sends what the contract refuses, unless the test expects it."
MARK = (
    "understudy(scenario=None, seed=None, at=None, rate=None, strict=None, expect_refusals=False): the world of this "
    "test: made from another scenario of the server, with another seed, at a time where it stands still or goes on at "
    "a rate. strict: whether a call that the contract refuses fails it; expect_refusals: there has to be one."
)
MAX_SLUG = 48

WORLD_ARGUMENTS = ("scenario", "seed", "at", "rate")
MARKED = (*WORLD_ARGUMENTS, "strict", "expect_refusals")

app_key = pytest.StashKey["CreatedOnce"]()
server_key = pytest.StashKey["LazyServer"]()
control_key = pytest.StashKey["Control"]()
ended_key = pytest.StashKey[list[tuple[list[HeldWorld], HeldWorld]]]()
"""Worlds whose fixtures have ended, but which a report may still need, each with the list that holds it."""

sections_key = pytest.StashKey[Sections]()
"""Sections of the report on a test's teardown, written while its worlds existed."""

strays_key = pytest.StashKey[dict[int, str]]()
"""Lines on the calls that reached a shared server and no world, by their numbers."""

last_unrouted_key = pytest.StashKey[int]()
"""Number of the last unrouted call that a test was checked for."""

checked_key = pytest.StashKey[bool]()
"""Mark of a test that has passed, with its refusals checked: those of its teardown are checked then, too."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare every setting as a command-line option and as a configuration value."""
    group = parser.getgroup("understudy", "the stand-in for vendor APIs")
    for name, text in SETTINGS.items():
        group.addoption(f"--understudy-{name}", metavar=name.upper(), help=text)
        parser.addini(f"understudy_{name}", text)
    group.addoption("--understudy-spec", action="append", metavar="[NAME=]SPEC", help=SPECS)
    parser.addini("understudy_specs", SPECS, type="linelist")
    group.addoption("--understudy-strict", action="store_true", help=STRICT)
    parser.addini("understudy_strict", STRICT, type="bool", default=False)
    add_coverage_option(group)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark, and a fixture for each vendor with a spec."""
    config.addinivalue_line("markers", MARK)
    _check_settings(config)
    vendors = ModuleType("understudy vendors")
    for path in data_folder("specs").iterdir():
        if path.suffix == ".yaml" or path.is_dir():
            setattr(vendors, path.stem, _vendor_fixture(path.stem))
    for name, fixture in document_fixtures(config).items():
        setattr(vendors, fixture, _vendor_fixture(name, fixture))
    config.pluginmanager.register(vendors)
    if config.getoption("understudy_coverage") is not None:
        url, own = _setting(config, "url"), SuiteApp(partial(_created_app, config), lambda: app_key in config.stash)
        config.pluginmanager.register(SuiteCoverage(coverage_file(config), url, own))


def _check_settings(config: pytest.Config) -> None:
    """Raise ``pytest.UsageError`` for a setting that is unknown, or not of its form."""
    known = [f"understudy_{name}" for name in (*SETTINGS, "specs", "strict")]
    for name in _configured(config):
        if name.startswith("understudy") and name not in known:
            raise pytest.UsageError(f"{name} is no setting of Understudy{nearest(name, known)} ({config.inipath})")
    try:
        for name in SETTINGS:
            if value := _setting(config, name):
                check_setting(name, value)
        control_token()
        coverage_file(config)
    except Misconfigured as error:
        raise pytest.UsageError(str(error)) from None
    try:
        config.getini("understudy_strict")
    except (ValueError, TypeError, pytest.UsageError):
        raise pytest.UsageError("understudy_strict must be true or false, without quotes") from None


def _configured(config: pytest.Config) -> list[str]:
    """Return the names in the configuration, unknown ones too; none if this pytest does not show them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [*getattr(config, "inicfg", ())]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server if this process has started one."""
    if server := config.stash.get(server_key, None):
        server.stop()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Pass the shared server's URL to a worker of pytest-xdist; the server starts at the first request."""
    if _setting(node.config, "server") != "worker":
        node.workerinput["understudy_url"] = _root(node.config)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Check a test's marks; what other tests did in a world that it shares is not counted as its own."""
    __tracebackhide__ = True
    try:
        _marked(item)
    except Misconfigured as error:
        pytest.fail(str(error), pytrace=False)
    if _is_strict(item):
        find_forks(shared_worlds_of(item))
        for world in shared_worlds_of(item):
            world.refusals.excuse_all()
        _take_strays(item.config)
    if control := item.config.stash.get(control_key, None):
        control.last_verdict = None
    with _findings_added(item):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test in strict mode if the contract has refused a call that it did not expect."""
    __tracebackhide__ = True
    with _findings_added(item), ExitStack() as expected:
        expects = bool(_marked(item).get("expect_refusals"))
        worlds = worlds_of(item) if expects else []
        for world in worlds:
            expected.enter_context(world.expect_refusals())
        result = yield
        if expects and not worlds:
            expect_in_later_worlds(item)
    _check_refusals(item)
    item.stash[checked_key] = True
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """Delete the worlds whose fixtures have ended, after the last fixture that may have used them."""
    __tracebackhide__ = True
    try:
        with _findings_added(item):
            yield
        if item.stash.get(checked_key, False):
            _check_refusals(item)
    except BaseException:
        item.stash[sections_key] = call_sections(item)
        raise
    finally:
        _delete_ended(item.config, is_last=nextitem is None)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Delete the worlds that are left when a run is interrupted."""
    _delete_ended(session.config, is_last=True)
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["understudy_strays"] = list(session.config.stash.get(strays_key, {}).items())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the calls in a failed test's worlds to its report."""
    report = yield
    if report.failed:
        shown: Sections = call_sections(item) if report.when != "teardown" else item.stash.get(sections_key, [])
        report.sections += shown
    return report


@contextmanager
def _findings_added(item: pytest.Item) -> Iterator[None]:
    """Have a bare failed assertion show the findings of the test's last verdict."""
    __tracebackhide__ = True
    try:
        yield
    except AssertionError as error:
        add_findings(error, failed_verdict(item.config.stash.get(control_key, None)))
        raise


def _check_refusals(item: pytest.Item) -> None:
    if not _is_strict(item):
        return
    find_forks(worlds_of(item))
    names = {world.name for world in worlds_of(item)}
    strays = [call for call in _take_strays(item.config) if call.get("world") not in names]
    if not _has_own_server(item.config):
        item.config.stash.setdefault(strays_key, {}).update({call["number"]: unrouted_line(call) for call in strays})
        strays = []
    if text := refusals_text(item, strays):
        pytest.fail(text, pytrace=False)


def _take_strays(config: pytest.Config) -> list[Any]:
    """Return the unrouted calls since the last time that no test has expected; none before a test uses the server."""
    control = config.stash.get(control_key, None)
    if control is None:
        return []
    calls = control.unrouted_calls(config.stash.get(last_unrouted_key, 0))
    if calls:
        config.stash[last_unrouted_key] = calls[-1]["number"]
    return [call for call in calls if call["number"] not in control.expected_unrouted]


def _has_own_server(config: pytest.Config) -> bool:
    """Return whether no other process can be the one whose calls reach the server."""
    return not _remote_url(config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take over the unrouted calls that a worker of pytest-xdist has seen."""
    del error
    lines = getattr(node, "workeroutput", {}).get("understudy_strays", [])
    node.config.stash.setdefault(strays_key, {}).update(map(tuple, lines))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Show the calls that reached a shared server and no world, which no test can be blamed for."""
    if lines := config.stash.get(strays_key, {}):
        terminalreporter.section("calls that reached the server and no world")
        for number in sorted(lines):
            terminalreporter.write_line(lines[number])


def _is_strict(item: pytest.Item) -> bool:
    config = item.config
    by_default = bool(config.getoption("understudy_strict") or config.getini("understudy_strict"))
    wanted = _marked(item).get("strict")
    return by_default if wanted is None else wanted is True


def _delete_ended(config: pytest.Config, *, is_last: bool) -> None:
    ended = config.stash.get(ended_key, [])
    for held, entry in ended:
        held.remove(entry)
        with suppress(Misconfigured):  # the test may have deleted it
            entry[1].delete()
    if ended and is_last:
        ended[0][1][1].control.close()  # its own fixture has ended, and the deletion has opened it again
    config.stash[ended_key] = []


@pytest.fixture(scope="session")
def understudy_control(pytestconfig: pytest.Config) -> Iterator[Control]:
    """Control API of the server that the suite uses."""
    from understudy.client import Control  # noqa: PLC0415 - slow to import, and not every suite uses it

    with Control(_root(pytestconfig), control_token() or "") as control:
        pytestconfig.stash[control_key] = control
        control.is_alone = _has_own_server(pytestconfig)
        if not control.is_alone:
            _take_strays(pytestconfig)  # those of others, before this run
        yield control


@pytest.fixture
def understudy(request: pytest.FixtureRequest, understudy_control: Control) -> Iterator[RemoteWorld]:
    """World of this test, deleted when the test ends."""
    yield from _open_world(request, understudy_control, {})


Scope = Literal["function", "class", "module", "package", "session"]


def world_fixture(scope: Scope = "module", **wanted: Unpack[WorldArguments]) -> Callable[..., Iterator[RemoteWorld]]:
    """Return a fixture: a world that all tests of a class, a module, a package or the session share.

    ``shop = world_fixture("module", at="2026-01-01T09:00:00Z")`` in a module or a ``conftest.py`` is the fixture
    ``shop``. Named ``understudy``, it is the world of the vendors' fixtures too.
    """
    check_arguments("world_fixture", wanted, WORLD_ARGUMENTS)

    @pytest.fixture(scope=scope)
    def world(request: pytest.FixtureRequest, understudy_control: Control) -> Iterator[RemoteWorld]:
        """World that several tests share."""
        yield from _open_world(request, understudy_control, wanted)

    return world


def _open_world(request: pytest.FixtureRequest, control: Control, wanted: Mapping[str, Any]) -> Iterator[RemoteWorld]:
    from understudy.client import RemoteWorld  # noqa: PLC0415 - the same

    world = RemoteWorld(control, _world_name(request.node.name))
    world.create(**_world_arguments(request, wanted))
    held, entry = request.node.stash.setdefault(worlds_key, []), (str(request.fixturename), world)
    held.append(entry)
    yield world
    request.config.stash.setdefault(ended_key, []).append((held, entry))


@pytest.fixture(scope="session")
def understudy_asgi(pytestconfig: pytest.Config) -> App:
    """Server as an ASGI app in this process, for clients without a socket: ``httpx.ASGITransport(understudy_asgi)``."""
    if _remote_url(pytestconfig):
        raise Misconfigured("the server is not in the test's own process; set understudy_server = worker")
    return _app(pytestconfig)().asgi


def _vendor_fixture(name: str, fixture: str = "") -> Callable[[RemoteWorld], RemoteVendor]:
    @pytest.fixture(name=fixture or name)
    def vendor(understudy: RemoteWorld) -> RemoteVendor:
        """Vendor in the world of this test."""
        from understudy.client import RemoteVendor  # noqa: PLC0415 - the same

        return RemoteVendor(understudy, name)

    return vendor


def _setting(config: pytest.Config, name: str) -> str:
    return str(config.getoption(f"understudy_{name}") or config.getini(f"understudy_{name}") or "")


def _root(config: pytest.Config) -> str:
    return _remote_url(config) or _local(config).root


def _remote_url(config: pytest.Config) -> str:
    """Return the URL of a server outside this process; empty if the server is in this process."""
    shared: str = getattr(config, "workerinput", {}).get("understudy_url", "")
    return _setting(config, "url") or shared


def _local(config: pytest.Config) -> LazyServer:
    """Return the server in this process, which listens from the first use on."""
    from understudy.lazy_server import LazyServer  # noqa: PLC0415 - the same

    if server_key not in config.stash:
        config.stash[server_key] = LazyServer(_app(config))
    return config.stash[server_key]


def _app(config: pytest.Config) -> CreatedOnce:
    """Return the function that creates the stand-in in this process; it listens nowhere."""
    from understudy.lazy_server import CreatedOnce  # noqa: PLC0415 - the same

    def make() -> Understudy:
        with warnings.catch_warnings():
            # connexion imports deprecated parts of jsonschema: that is not the suite's concern
            warnings.simplefilter("ignore")
            from understudy.app import create_app  # noqa: PLC0415 - the same
            from understudy.settings import Settings  # noqa: PLC0415 - the same
        own = own_settings(config) or Settings()
        scenario, seed = _scenario(config), _seed(config)
        return create_app(
            replace(
                own,
                scenario=own.scenario if scenario is None else scenario,
                seed=own.seed if seed is None else seed,
            )
        )

    if app_key not in config.stash:
        config.stash[app_key] = CreatedOnce(make)
    return config.stash[app_key]


def _created_app(config: pytest.Config) -> Understudy:
    """Return the stand-in in this process, created if it was not needed before."""
    return _app(config)()


def _scenario(config: pytest.Config) -> Path | None:
    """Return the scenario of the suite: a file below its root, or a name."""
    given = Path(_setting(config, "scenario"))
    return config.rootpath / given if given.suffix else given if given.name else None


def _seed(config: pytest.Config) -> int | None:
    given = _setting(config, "seed")
    return int(given) if given else None


def _marked(node: pytest.Item | Any) -> dict[str, Any]:
    """Return the arguments of a node's marks, the nearest mark first; raise ``Misconfigured`` for an unknown one."""
    marks = list(node.iter_markers("understudy"))
    wanted = {name: value for mark in reversed(marks) for name, value in mark.kwargs.items()}
    if places := [mark.args for mark in marks if mark.args]:
        raise Misconfigured(f"the mark understudy takes {', '.join(MARKED)} by name, not {places[0][0]!r}")
    check_arguments("the mark understudy", wanted, MARKED)
    return wanted


def _world_arguments(request: pytest.FixtureRequest, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments with which a world is created: those given, else by the marks, else by the settings."""
    wanted = {**_marked(request.node), **given}
    wanted.setdefault("at", _setting(request.config, "at") or None)
    if _setting(request.config, "url"):  # it did not start with our settings
        wanted.setdefault("scenario", _setting(request.config, "scenario") or None)
        wanted.setdefault("seed", _seed(request.config))
    at, scenario, rate = (wanted.get(name) for name in ("at", "scenario", "rate"))
    now = at.isoformat() if isinstance(at, datetime) else at
    clock = {"now": now, "rate": 0 if rate is None else rate} if now else {} if rate is None else {"rate": rate}
    return {
        "origin": {"scenario": str(scenario)} if scenario else None,
        "seed": wanted.get("seed"),
        "clock": clock or None,
    }


def _world_name(test: str) -> str:
    """Return a unique name for a test's world, also across workers."""
    slug = re.sub(r"[^A-Za-z0-9]+", "-", test).strip("-")[:MAX_SLUG]
    return f"{slug or 'test'}-{secrets.token_hex(4)}"

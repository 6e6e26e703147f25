"""pytest plugin: fixtures for vendors, worlds and the server. Slow imports wait until a test uses a fixture."""

from __future__ import annotations

import json
import re
import secrets
import warnings
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from understudy.core.data_folder import data_folder
from understudy.core.misconfigured import Misconfigured
from understudy.settings import control_token

if TYPE_CHECKING:  # importing them costs as much as a small suite
    from collections.abc import Callable, Generator, Iterator

    from understudy.app import Understudy
    from understudy.client import Control, RemoteVendor, RemoteWorld
    from understudy.http.vendor_mount import App
    from understudy.lazy_server import LazyServer

SETTINGS = {
    "url": "A server that runs already; unless given, one is started when a test first needs it.",
    "scenario": "Who exists at the start: a scenario's name, or a file of one (not of a server that runs already).",
    "seed": "Another seed than the scenario's.",
    "at": "The time at which worlds are frozen, such as 2026-01-01T09:00:00Z.",
    "server": "shared: one for all workers of pytest-xdist (the default); worker: one in each worker's process.",
}
MARK = (
    "understudy(scenario=None, seed=None, at=None, rate=0): the world of this test: made from another scenario of the "
    "server, with another seed, at a time where it stands still or goes on at a rate."
)
MAX_SLUG = 48
SHOWN_CALLS, SHOWN_BODY = 20, 300
"""Limits of a failed test's report: number of calls, and characters of a body."""

MARKED = ("scenario", "seed", "at", "rate")

world_key = pytest.StashKey["RemoteWorld"]()
server_key = pytest.StashKey["LazyServer"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare every setting as a command-line option and as a configuration value."""
    group = parser.getgroup("understudy", "the stand-in for vendor APIs")
    for name, text in SETTINGS.items():
        group.addoption(f"--understudy-{name}", metavar=name.upper(), help=text)
        parser.addini(f"understudy_{name}", text)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark, and a fixture for each vendor with a spec."""
    config.addinivalue_line("markers", MARK)
    vendors = ModuleType("understudy vendors")
    for path in data_folder("specs").iterdir():
        if path.suffix == ".yaml" or path.is_dir():
            setattr(vendors, path.stem, _vendor_fixture(path.stem))
    config.pluginmanager.register(vendors)


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
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the calls in a failed test's world to its report."""
    report = yield
    world = item.stash.get(world_key, None)
    if world is not None and report.when == "call" and report.failed:
        report.sections.append((f"calls in the world {world.name}", _print_calls(world)))
    return report


@pytest.fixture(scope="session")
def understudy_control(pytestconfig: pytest.Config) -> Iterator[Control]:
    """Control API of the server that the suite uses."""
    from understudy.client import Control  # noqa: PLC0415 - slow to import, and not every suite uses it

    with Control(_root(pytestconfig), control_token() or "") as control:
        yield control


@pytest.fixture
def understudy(request: pytest.FixtureRequest, understudy_control: Control) -> Iterator[RemoteWorld]:
    """World of this test, deleted when the test ends."""
    from understudy.client import Declined, RemoteWorld  # noqa: PLC0415 - the same

    world = RemoteWorld(understudy_control, _world_name(request.node.name))
    world.create(**_world_arguments(request))
    request.node.stash[world_key] = world
    yield world
    with suppress(Declined):  # the test may have deleted it
        world.delete()


@pytest.fixture(scope="session")
def understudy_asgi(pytestconfig: pytest.Config) -> App:
    """Server as an ASGI app in this process, for clients without a socket: ``httpx.ASGITransport(understudy_asgi)``."""
    if _remote_url(pytestconfig):
        raise Misconfigured("the server is not in the test's own process; set understudy_server = worker")
    return _local(pytestconfig).understudy.asgi


def _vendor_fixture(name: str) -> Callable[[RemoteWorld], RemoteVendor]:
    @pytest.fixture(name=name)
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
    """Return the server in this process, made on first use."""
    from understudy.lazy_server import LazyServer  # noqa: PLC0415 - the same

    def make() -> Understudy:
        with warnings.catch_warnings():
            # connexion imports deprecated parts of jsonschema: that is not the suite's concern
            warnings.simplefilter("ignore")
            from understudy.app import create_app  # noqa: PLC0415 - the same
            from understudy.settings import Settings  # noqa: PLC0415 - the same
        return create_app(Settings(scenario=_scenario(config), seed=_seed(config)))

    if server_key not in config.stash:
        config.stash[server_key] = LazyServer(make)
    return config.stash[server_key]


def _scenario(config: pytest.Config) -> Path | None:
    """Return the scenario of the suite: a file below its root, or a name."""
    given = Path(_setting(config, "scenario"))
    return config.rootpath / given if given.suffix else given if given.name else None


def _seed(config: pytest.Config) -> int | None:
    given = _setting(config, "seed")
    if given and not given.isdecimal():
        raise Misconfigured(f"understudy_seed is {given!r}: give a whole number")
    return int(given) if given else None


def _world_arguments(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the arguments with which a test's world is created, by its marks and the settings."""
    marks = [mark.kwargs for mark in request.node.iter_markers("understudy")]
    wanted = {name: value for kwargs in reversed(marks) for name, value in kwargs.items()}
    if unknown := sorted(wanted.keys() - MARKED):
        raise Misconfigured(f"the mark understudy takes {', '.join(MARKED)}, not {unknown[0]!r}")
    wanted.setdefault("at", _setting(request.config, "at") or None)
    if _setting(request.config, "url"):  # it did not start with our settings
        wanted.setdefault("scenario", _setting(request.config, "scenario") or None)
        wanted.setdefault("seed", _seed(request.config))
    at, scenario = wanted.get("at"), wanted.get("scenario")
    now = at.isoformat() if isinstance(at, datetime) else at
    return {
        "origin": {"scenario": scenario} if scenario else None,
        "seed": wanted.get("seed"),
        "clock": {"now": now, "rate": wanted.get("rate", 0)} if now else None,
    }


def _world_name(test: str) -> str:
    """Return a unique name for a test's world, also across workers."""
    slug = re.sub(r"[^A-Za-z0-9]+", "-", test).strip("-")[:MAX_SLUG]
    return f"{slug or 'test'}-{secrets.token_hex(4)}"


def _print_calls(world: RemoteWorld) -> str:
    """Return the last calls in a world as text, a paragraph each."""
    try:
        calls = world.calls(limit=SHOWN_CALLS)
    except Misconfigured as error:
        return str(error)
    return "\n".join(map(_call_lines, calls)) or "none"


def _call_lines(call: Any) -> str:
    request, response = call["request"], call["response"]
    lines = [
        f"{response['status']} {request['method']} {request['target']}  ({call['operation']}, {call['outcome']})",
        *(f"    {sign} {_shorten(body)}" for sign, body in ((">", request["body"]), ("<", response["body"])) if body),
    ]
    return "\n".join(lines)


def _shorten(body: Any) -> str:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return text if len(text) <= SHOWN_BODY else f"{text[:SHOWN_BODY]} ... ({len(text)} characters)"

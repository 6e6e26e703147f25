"""ASGI app that is made anew when its files change, and keeps its worlds."""

import asyncio
import gc
import importlib
import logging
import sys
import threading
import traceback
from collections.abc import Iterable
from dataclasses import replace
from importlib.util import cache_from_source
from pathlib import Path
from types import ModuleType

from understudy.app import Understudy, create_app
from understudy.core.misconfigured import Misconfigured
from understudy.file_watcher import FileWatcher
from understudy.http.vendor_mount import Receive, Scope, Send
from understudy.settings import Settings
from understudy.state.world_handover import migrate_worlds
from understudy.vendors.user_behaviour import behaviour_package

log = logging.getLogger("understudy")

INTERVAL = 0.4
"""Seconds between two scans of the files."""


class ReloadingApp:
    """ASGI app that passes requests to the present application, and replaces that when ``watcher`` finds changes."""

    def __init__(self, settings: Settings) -> None:
        """Make the first application; raise ``Misconfigured`` if that fails."""
        self._settings = settings
        self.watcher = FileWatcher(settings)
        self._pending: set[Path] = set()
        self._current = create_app(settings)
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def understudy(self) -> Understudy:
        """Present application, with this object as its ASGI app."""
        return replace(self._current, asgi=self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request by the present application; start to watch the files when the server starts."""
        if scope["type"] == "lifespan":
            self._loop = asyncio.get_running_loop()
            threading.Thread(target=self._follow, name="reload", daemon=True).start()
        await self._current.asgi(scope, receive, send)

    def _follow(self) -> None:
        """Scan the files until the process ends; reload when a scan finds changes and the next one finds no more."""
        pause = threading.Event()
        while not pause.wait(INTERVAL):
            changed = self.watcher.changed()
            while changed and not pause.wait(INTERVAL / 4) and (more := self.watcher.changed()):
                changed |= more  # an editor or a checkout is still writing
            if changed:
                self.reload(changed)

    def reload(self, changed: Iterable[Path]) -> None:
        """Reload changed files and log it; for a broken file log one line, and go on serving the old ones."""
        self._pending.update(changed)
        files = ", ".join(sorted({path.name for path in self._pending}))
        replaced = self._remove_changed_modules()
        try:
            made = create_app(self._settings)
            made.worlds.get_or_create()  # builds the start world, so that a mistake in it is found now
            self._replace(made)
        except Exception as error:  # noqa: BLE001 - a broken file may raise anything
            self._remove_changed_modules()
            sys.modules.update(replaced)
            log.error("not reloaded (%s), serving as before: %s", files, _one_line(error))  # noqa: TRY400 - one line
        else:
            self._pending.clear()
            log.info("reloaded (%s); worlds go on as they were", files)

    def _remove_changed_modules(self) -> dict[str, ModuleType]:
        """Remove the changed modules of vendors, shipped and users' own, so that they are imported again."""
        packages = [self._settings.package]
        if self._settings.behaviour:
            packages.append(behaviour_package(self._settings.behaviour))
        removed = [_remove_modules(package, self._pending) for package in packages]
        return {name: module for modules in removed for name, module in modules.items()}

    def _replace(self, made: Understudy) -> None:
        """Replace the present application between two requests, and migrate its worlds."""

        async def replace_app() -> None:
            migrate_worlds(self._current.worlds, made.worlds)
            self._current.deliveries.switch_to(made.deliveries)
            self._current.streams.give_way(made.streams)
            self._current = replace(made, deliveries=self._current.deliveries)
            gc.unfreeze()  # so that the old application can be collected

        if self._loop is None:
            asyncio.run(replace_app())
            return
        asyncio.run_coroutine_threadsafe(replace_app(), self._loop).result()


def _remove_modules(package: str, changed: Iterable[Path]) -> dict[str, ModuleType]:
    """Remove the modules of vendors whose files changed, so that they are imported again; return them by name."""
    importlib.invalidate_caches()
    folders = [Path(root) for root in importlib.import_module(package).__path__]
    stale = set()
    for path in changed:
        for folder in folders:
            if path.suffix == ".py" and path.parent != folder and path.is_relative_to(folder):
                stale.add(f"{package}.{path.relative_to(folder).parts[0]}")
                # A compiled file has its source's time in whole seconds: a second change within one would be missed.
                Path(cache_from_source(path)).unlink(missing_ok=True)
    names = [name for name in sys.modules if any(name == each or name.startswith(f"{each}.") for each in stale)]
    return {name: sys.modules.pop(name) for name in names}


def _one_line(error: Exception) -> str:
    """Return an error's text in one line, with the file and line where it was raised."""
    if isinstance(error, Misconfigured):
        return str(error)
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {error.msg}"
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename}:{last.lineno}: {type(error).__name__}: {' '.join(str(error).split())}"

"""A stand-in that takes up what is changed while it runs, and keeps its worlds."""

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

log = logging.getLogger("understudy")

INTERVAL = 0.4
"""Seconds from one look at the files to the next."""


class ReloadingApp:
    """An ASGI app behind which the stand-in is exchanged; ``watch`` tells which of its files have changed."""

    def __init__(self, settings: Settings) -> None:
        """Make the stand-in as it is now; raise ``Misconfigured`` if that cannot be done."""
        self._settings = settings
        self.watch = FileWatcher(settings)
        self._pending: set[Path] = set()
        self._current = create_app(settings)
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def understudy(self) -> Understudy:
        """The stand-in as it is served: this app in place of its own."""
        return replace(self._current, asgi=self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request by the stand-in of the moment; from the server's start on, look at the files."""
        if scope["type"] == "lifespan":
            self._loop = asyncio.get_running_loop()
            threading.Thread(target=self._follow, name="reload", daemon=True).start()
        await self._current.asgi(scope, receive, send)

    def _follow(self) -> None:
        """Look at the files until the process ends."""
        pause = threading.Event()
        while not pause.wait(INTERVAL):
            changed = self.watch.changed()
            while changed and not pause.wait(INTERVAL / 4) and (more := self.watch.changed()):
                changed |= more  # an editor, or a checkout, is still at it
            if changed:
                self.reload(changed)

    def reload(self, changed: Iterable[Path]) -> None:
        """Take up changed files; say so, or in one line why the old ones go on being served."""
        self._pending.update(changed)
        files = ", ".join(sorted({path.name for path in self._pending}))
        replaced = _forget_modules(self._settings.package, self._pending)
        try:
            made = create_app(self._settings)
            made.worlds.get_or_create()  # plays the start, so that a mistake in it is found now
            self._exchange(made)
        except Exception as error:  # noqa: BLE001 - a broken file may raise anything
            _forget_modules(self._settings.package, self._pending)
            sys.modules.update(replaced)
            log.error("not reloaded (%s), serving as before: %s", files, _one_line(error))  # noqa: TRY400 - one line
        else:
            self._pending.clear()
            log.info("reloaded (%s); worlds go on as they were", files)

    def _exchange(self, made: Understudy) -> None:
        """Put another stand-in in place of this one between two requests."""

        async def exchange() -> None:
            migrate_worlds(self._current.worlds, made.worlds)
            self._current = made
            gc.unfreeze()  # the old one is to be collected

        if self._loop is None:
            asyncio.run(exchange())
            return
        asyncio.run_coroutine_threadsafe(exchange(), self._loop).result()


def _forget_modules(package: str, changed: Iterable[Path]) -> dict[str, ModuleType]:
    """Have the vendors whose files changed imported anew; return the modules that are forgotten."""
    importlib.invalidate_caches()
    folders = [Path(root) for root in importlib.import_module(package).__path__]
    stale = set()
    for path in changed:
        for folder in folders:
            if path.suffix == ".py" and path.parent != folder and path.is_relative_to(folder):
                stale.add(f"{package}.{path.relative_to(folder).parts[0]}")
                # What is compiled tells its source by the second, and two changes may lie within one.
                Path(cache_from_source(path)).unlink(missing_ok=True)
    names = [name for name in sys.modules if any(name == each or name.startswith(f"{each}.") for each in stale)]
    return {name: sys.modules.pop(name) for name in names}


def _one_line(error: Exception) -> str:
    """Return what is wrong, and where."""
    if isinstance(error, Misconfigured):
        return str(error)
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {error.msg}"
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename}:{last.lineno}: {type(error).__name__}: {' '.join(str(error).split())}"

"""Watcher of the files that a server is made from. It polls, which also works for a folder mounted in a container."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from understudy.core.data_folder import data_folder
from understudy.settings import Settings

SUFFIXES = frozenset({".yaml", ".json", ".py"})
FileStamps = dict[Path, tuple[int, int]]
"""Time of the last change in nanoseconds, and size in bytes, by file."""


class FileWatcher:
    """Watcher of specs, scenarios, vocabularies, vendors' modules, users' documents, archives and the remap file."""

    def __init__(self, settings: Settings) -> None:
        """Watch the files of these settings from now on."""
        given = (settings.scenario, settings.remap)
        self._roots = [
            settings.specs,
            *settings.behaviour,
            *settings.overlays,
            *settings.replays,
            *(Path(address) for _, address in settings.documents if Path(address).is_file()),
            data_folder("fixtures"),
            *map(Path, import_module(settings.package).__path__),
            *(path for path in given if path is not None),
        ]
        self._stamps = self._scan()

    def changed(self) -> set[Path]:
        """Return the files that were written, added or removed since the last call."""
        stamps = self._scan()
        found = {path for path, _ in stamps.items() ^ self._stamps.items()}
        self._stamps = stamps
        return found

    def _scan(self) -> FileStamps:
        return dict(_stamps(self._roots))


def _stamps(roots: Iterable[Path]) -> Iterator[tuple[Path, tuple[int, int]]]:
    for root in roots:
        for path in root.rglob("*") if root.is_dir() else [root]:
            if path.suffix not in SUFFIXES:
                continue
            try:
                stat = path.stat()
            except OSError:  # removed since it was listed
                continue
            yield path, (stat.st_mtime_ns, stat.st_size)

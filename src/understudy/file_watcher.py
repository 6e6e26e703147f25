"""Which of the files that make a stand-in have changed. Looked at in turns: that also sees a folder in a container."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from understudy.core.data_folder import data_folder
from understudy.settings import Settings

SUFFIXES = frozenset({".yaml", ".json", ".py"})
FileStamps = dict[Path, tuple[int, int]]
"""By file, when it was changed last and how large it is."""


class FileWatcher:
    """The files that make a stand-in: specs, scenarios and vocabularies, the vendors' modules, what is remapped."""

    def __init__(self, settings: Settings) -> None:
        """Watch from now on."""
        given = (settings.scenario, settings.remap)
        self._roots = [
            settings.specs,
            data_folder("fixtures"),
            *map(Path, import_module(settings.package).__path__),
            *(path for path in given if path is not None),
        ]
        self._stamps = self._look()

    def changed(self) -> set[Path]:
        """Return the files that were written, added or removed since this was asked last."""
        stamps = self._look()
        found = {path for path, _ in stamps.items() ^ self._stamps.items()}
        self._stamps = stamps
        return found

    def _look(self) -> FileStamps:
        return dict(_stamps(self._roots))


def _stamps(roots: Iterable[Path]) -> Iterator[tuple[Path, tuple[int, int]]]:
    for root in roots:
        for path in root.rglob("*") if root.is_dir() else [root]:
            if path.suffix not in SUFFIXES:
                continue
            try:
                stat = path.stat()
            except OSError:  # gone meanwhile
                continue
            yield path, (stat.st_mtime_ns, stat.st_size)

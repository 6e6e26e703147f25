"""Project file: settings of a project, in ``understudy.toml`` or in ``pyproject.toml`` under ``[tool.understudy]``."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from understudy.core.misconfigured import Misconfigured

OWN, SHARED = "understudy.toml", "pyproject.toml"
TOOL, SECTION = "tool", "understudy"
TABLE = re.compile(r"\s*\[+\s*([^\]]*?)\s*\]")


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """Project file that was found: its path, its settings by their keys, and the lines on which these stand."""

    path: Path
    values: Mapping[str, Any]
    lines: Mapping[str, int]

    def place(self, key: str) -> str:
        """Return the file, and the line of a key if it is known."""
        return f"{self.path}:{self.lines[key]}" if key in self.lines else str(self.path)


NO_PROJECT = ProjectFile(Path(), {}, {})


def find_project(start: Path) -> ProjectFile | None:
    """Return the nearest project file in a folder or above it; ``None`` without one.

    Raise ``Misconfigured`` for a file that cannot be read, and for a folder with settings in two files.
    """
    for folder in (start, *start.parents):
        found = [each for each in (_read_own(folder / OWN), _read_shared(folder / SHARED)) if each is not None]
        if len(found) > 1:
            raise Misconfigured(f"{found[0].path}: {SHARED} beside it has [{TOOL}.{SECTION}] too: keep one of them")
        if found:
            return found[0]
    return None


def _read_own(path: Path) -> ProjectFile | None:
    text = _read(path)
    return None if text is None else ProjectFile(path, _parse(path, text), _lines(text, ""))


def _read_shared(path: Path) -> ProjectFile | None:
    text = _read(path)
    if text is None or SECTION not in text:
        return None
    tool = _parse(path, text).get(TOOL)
    values = tool.get(SECTION) if isinstance(tool, dict) else None
    if values is None:
        return None
    if not isinstance(values, dict):
        raise Misconfigured(f"{path}: {TOOL}.{SECTION} must be a table: [{TOOL}.{SECTION}]")
    return ProjectFile(path, values, _lines(text, f"{TOOL}.{SECTION}"))


def _read(path: Path) -> str | None:
    """Return the text of a file; ``None`` if there is none."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except PermissionError as error:
        if path.name == SHARED:
            return None
        raise Misconfigured(f"{path}: cannot be read ({error.strerror})") from None
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Misconfigured(f"{path}: not TOML: {error}") from None


def _lines(text: str, table: str) -> dict[str, int]:
    """Return the line on which each key of a table stands, as far as it is written there in the usual way."""
    found: dict[str, int] = {}
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        if head := TABLE.match(line):
            current = re.sub(r"[\s\"']", "", head[1])
            if not table and current:
                found.setdefault(current.partition(".")[0], number)
        elif current == table and (key := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*[=.]", line)):
            found.setdefault(key[1], number)
    return found

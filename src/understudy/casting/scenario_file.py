"""Reader of scenario files (YAML); an error names the file, line and key."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from understudy.casting.kind_registry import find_kinds
from understudy.casting.locale_files import shipped_locales
from understudy.casting.scenario import (
    LARGEST_SEED,
    MAX_DAYS,
    MAX_OTHERS,
    MAX_PEOPLE,
    SHARES,
    Contradiction,
    Scenario,
)
from understudy.core.data_folder import data_folder
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.vendors.discovery import find_specs

SUFFIX = ".yaml"
START = "start"


def shipped_scenarios() -> dict[str, Path]:
    """Return the files of the shipped scenarios, by name."""
    return {path.stem: path for path in sorted((data_folder("fixtures") / "scenarios").glob(f"*{SUFFIX}"))}


def find_scenario(name: str) -> Path:
    """Return the file of a scenario, given as a path or as the name of a shipped one.

    Raise ``Misconfigured`` with the nearest name for an unknown name.
    """
    path = Path(name)
    if path.suffix or path.exists() or len(path.parts) > 1:
        return path
    shipped = shipped_scenarios()
    if name not in shipped:
        known = f"shipped are {', '.join(shipped)}; or give a file"
        raise Misconfigured(f"no scenario {name!r}{nearest(name, shipped)} ({known})")
    return shipped[name]


def open_scenario(name: str = START) -> Scenario:
    """Read a scenario by path or name; vendors without credentials or settings have those of the start scenario."""
    scenario = load_scenario(find_scenario(name))
    start = load_scenario(find_scenario(START))
    return replace(
        scenario,
        credentials={**start.credentials, **scenario.credentials},
        settings={**start.settings, **scenario.settings},
    )


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file; raise ``Misconfigured`` with file, line, key and the correct form."""
    loader = yaml.CSafeLoader(_text(path))
    try:
        return _ScenarioReader(path, loader).scenario(loader.get_single_node())
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Misconfigured(f"{path}:{line}: not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise Misconfigured(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    finally:
        loader.dispose()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        others = (other.name for other in path.parent.glob("*.yaml"))
        raise Misconfigured(f"{path}: no such scenario{nearest(path.name, others)}") from error
    except UnicodeDecodeError as error:
        raise Misconfigured(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be read: {error.strerror}") from error


class _InvalidValue(ValueError):  # noqa: N818 - reads as a claim about the value
    """Error in a key's value; ``part`` is the position of the invalid item in a list or object."""

    def __init__(self, what: str, part: int | None = None) -> None:
        super().__init__(what)
        self.part = part


class _ScenarioReader:
    """Reader of one scenario file."""

    def __init__(self, path: Path, loader: Any) -> None:
        self._path = path
        self._loader = loader

    def scenario(self, root: Any) -> Scenario:
        """Return the scenario with checked values; an empty file is the default scenario."""
        nodes = {} if root is None else self._nodes(root)
        values = {key: self._value(key, node) for key, node in nodes.items()}
        try:
            return Scenario(**values)
        except Contradiction as error:
            raise self._error_at(nodes[error.key], str(error)) from error

    def _nodes(self, root: Any) -> dict[str, Any]:
        """Return the YAML node of each key."""
        if not isinstance(root, yaml.MappingNode):
            raise self._error_at(root, f"a scenario is keys and values, such as `people: 60`, {_instead(root)}")
        found: dict[str, Any] = {}
        for name, value in root.value:
            key = name.value if isinstance(name, yaml.ScalarNode) else "?"
            if key not in _KEYS:
                raise self._error_at(name, f"unknown key {key!r}{nearest(key, _KEYS) or _listed(_KEYS)}")
            if key in found:
                raise self._error_at(name, f"{key} is given twice; keep one")
            found[key] = value
        return found

    def _value(self, key: str, node: Any) -> Any:
        try:
            return _KEYS[key](self._loader.construct_document(node))
        except _InvalidValue as error:
            at = node if error.part is None else node.value[error.part]
            raise self._error_at(at[0] if isinstance(at, tuple) else at, f"{key} {error}") from error
        except ValueError as error:
            raise self._error_at(node, f"{key} cannot be read: {error}") from error

    def _error_at(self, node: Any, what: str) -> Misconfigured:
        return Misconfigured(f"{self._path}:{node.start_mark.line + 1}: {what}")


def _whole_number(maximum: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if type(value) is not int or not 0 <= value <= maximum:
            raise _InvalidValue(f"must be a whole number from 0 to {maximum}, not {value!r}")
        return value

    return read


def _locales(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _InvalidValue(f"must be a list of one or more, such as [it_IT, en_GB], not {value!r}")
    known = shipped_locales()
    for part, name in enumerate(value):
        if name not in known:
            raise _InvalidValue(f"has an unknown locale {name!r}{nearest(str(name), known)}", part)
        if name in value[:part]:
            raise _InvalidValue(f"names {name} twice; keep one", part)
    return tuple(value)


def _clock(value: Any) -> datetime | None:
    if value is None:
        return None
    example = 'such as "2026-01-01T09:00:00Z"'
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        at = None
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise _InvalidValue(f"must be a date and time with its zone, {example}, not {str(value)!r}")
    return at.astimezone(UTC)


def _by_vendor(value: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(value, dict):
        raise _InvalidValue(f"must be vendors, each with its names and values, not {value!r}")
    for part, (vendor, known) in enumerate(value.items()):
        if not isinstance(vendor, str) or not isinstance(known, dict):
            raise _InvalidValue(f"of {vendor} must be names and values, not {known!r}", part)
    return value


def _vendors(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _InvalidValue(f"must be a list, such as [contacthub, ecdp], not {value!r}")
    known = find_specs(data_folder("specs"))
    for part, name in enumerate(value):
        _check_name("vendor", name, known, part)
    return tuple(dict.fromkeys(value))


def _records(value: Any) -> dict[str, int]:
    if not isinstance(value, dict):
        raise _InvalidValue(f"must be kinds, each with a number, such as `contacthub.events: 200`, not {value!r}")
    known = [kind.name for kind in find_kinds().values() if kind.operation]
    return _numbers(value, "kind of record that a request takes", known, MAX_PEOPLE)


def _shares(value: Any) -> dict[str, int]:
    if not isinstance(value, dict):
        raise _InvalidValue(f"must be names, each with a number of 100, such as `lacking: 25`, not {value!r}")
    return _numbers(value, "share", SHARES, 100)


def _numbers(value: dict[Any, Any], what: str, known: Collection[str], maximum: int) -> dict[str, int]:
    for part, (name, count) in enumerate(value.items()):
        _check_name(what, name, known, part)
        try:
            _whole_number(maximum)(count)
        except _InvalidValue as error:
            raise _InvalidValue(f"of {name} {error}", part) from None
    return value


def _check_name(what: str, name: Any, known: Collection[str], part: int) -> None:
    if name not in known:
        raise _InvalidValue(f"has an unknown {what} {name!r}{nearest(str(name), known) or _listed(known)}", part)


def _listed(known: Collection[str]) -> str:
    return f"; known are {', '.join(known)}"


def _instead(node: Any) -> str:
    return "not a list" if isinstance(node, yaml.SequenceNode) else f"not {node.value!r}"


_KEYS: Mapping[str, Callable[[Any], Any]] = {
    "seed": _whole_number(LARGEST_SEED),
    "people": _whole_number(MAX_PEOPLE),
    "merchants": _whole_number(MAX_OTHERS),
    "shops": _whole_number(MAX_OTHERS),
    "products": _whole_number(MAX_OTHERS),
    "locales": _locales,
    "clock": _clock,
    "days": _whole_number(MAX_DAYS),
    "credentials": _by_vendor,
    "settings": _by_vendor,
    "vendors": _vendors,
    "records": _records,
    "shares": _shares,
}

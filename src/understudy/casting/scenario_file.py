"""Reader of scenario files (YAML); an error names the file, line and key."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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
    StatedRecord,
)
from understudy.contract.document import SpecLoader
from understudy.contract.yaml_limits import check_yaml
from understudy.core.clock import EARLIEST, MAX_WORLD_TIME
from understudy.core.data_folder import data_folder
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.option import COUNTS, Option, VendorOptions
from understudy.core.timestamps import parse_rfc3339
from understudy.core.vendor import Vendor
from understudy.deliveries.rules import InvalidRule, read_rules
from understudy.vendors.discovery import PACKAGE, find_collections, find_options, find_specs, find_tables

SUFFIX = ".yaml"
IMPLICIT = frozenset(f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float", "timestamp"))
_YAML_TYPES: Any = yaml.CSafeLoader("")
_JSON_TYPES: Any = SpecLoader("")
"""Resolvers of the types that plain texts have in YAML 1.1 and in JSON."""

LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+(?:\.[0-9]*)?")
"""Numbers that readers of YAML disagree about: 010 is 8 in YAML 1.1, and 10 in YAML 1.2."""

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, OverflowError)
"""Errors of PyYAML's constructors at a text that is not of its explicit or implicit type."""

START = "start"

OwnVendors = Mapping[str, Vendor | None]
"""Vendors of users' own documents, by name; of those without a value nothing but the name is known."""

NONE: OwnVendors = {}


def shipped_scenarios() -> dict[str, Path]:
    """Return the files of the shipped scenarios, by name."""
    return {path.stem: path for path in sorted((data_folder("fixtures") / "scenarios").glob(f"*{SUFFIX}"))}


def find_scenarios(places: Iterable[Path]) -> dict[str, Path]:
    """Return the scenarios in files and folders, by their files' names; raise ``Misconfigured`` for a place without."""
    found: dict[str, Path] = {}
    for place in places:
        if not place.exists():
            raise Misconfigured(f"{place}: no such file or folder of scenarios")
        files = sorted(place.glob(f"*{SUFFIX}")) if place.is_dir() else [place]
        if not files:
            raise Misconfigured(f"{place}: holds no scenario (a file *{SUFFIX})")
        for path in files:
            if found.setdefault(path.stem, path) != path:
                raise Misconfigured(f"{path}: {found[path.stem]} is named {path.stem!r} too: rename one of them")
    return found


def find_scenario(name: str, own: Collection[str] = ()) -> Path:
    """Return the file of a scenario, given as a path or as the name of a shipped one; ``own`` are others' names.

    Raise ``Misconfigured`` with the nearest name for an unknown name.
    """
    path = Path(name)
    if path.suffix or path.exists() or len(path.parts) > 1:
        return path
    shipped = shipped_scenarios()
    if name not in shipped:
        known = f"shipped are {', '.join(shipped)}; or give a file"
        raise Misconfigured(f"no scenario {name!r}{nearest(name, [*own, *shipped])} ({known})")
    return shipped[name]


def open_scenario(name: str = START, package: str = PACKAGE, own: OwnVendors = NONE) -> Scenario:
    """Read a scenario by path or name; credentials and settings that it leaves out have the vendors' defaults.

    ``own`` are the vendors of users' own documents, which it may name too.
    """
    scenario, options = load_scenario(find_scenario(name), package, own), find_options(package) | _own_options(own)
    return replace(
        scenario,
        credentials=_with_defaults(scenario.credentials, {name: each.credentials for name, each in options.items()}),
        settings=_with_defaults(scenario.settings, {name: each.settings for name, each in options.items()}),
    )


def _with_defaults(
    given: Mapping[str, Mapping[str, str]], options: Mapping[str, Mapping[str, Option]]
) -> dict[str, dict[str, str]]:
    return {
        vendor: {name: option.default for name, option in known.items()} | dict(given.get(vendor, {}))
        for vendor, known in options.items()
    }


def _own_options(own: OwnVendors) -> dict[str, VendorOptions]:
    return {name: each.options for name, each in own.items() if each is not None}


def load_scenario(path: Path, package: str = PACKAGE, own: OwnVendors = NONE) -> Scenario:
    """Read a scenario file; raise ``Misconfigured`` with file, line, key and the correct form.

    ``package`` is the package of the vendors' behaviour, beside the shipped one; ``own`` are the vendors of users'
    own documents.
    """
    text = _text(path)
    check_yaml(path, text)
    loader = yaml.CSafeLoader(text)
    try:
        return _ScenarioReader(path, loader, package, own).scenario(loader.get_single_node())
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
    """Error in a key's value; ``path`` has the position of the invalid item in each list or object around it."""

    def __init__(self, what: str, *path: int) -> None:
        super().__init__(what)
        self.path = path

    def inside(self, *path: int) -> "_InvalidValue":
        """Return the same error of a value that is an item of another."""
        return _InvalidValue(str(self), *path, *self.path)


class _ScenarioReader:
    """Reader of one scenario file."""

    def __init__(self, path: Path, loader: Any, package: str, own: OwnVendors) -> None:
        self._path = path
        self._loader = loader
        self._own = own
        self._counts: dict[str, dict[str, int]] = {}
        """Numbers of start records by vendor and collection."""
        named = {name: _tables_of(each) for name, each in own.items()}
        self._tables = find_tables(package) | named
        self._collections = find_collections(package) | {
            name: tuple(dict.fromkeys([*(each.known_records if each else ()), *named[name]]))
            for name, each in own.items()
        }
        options = find_options(package) | _own_options(own)
        unknown = frozenset(name for name, each in own.items() if each is None)
        self._keys: dict[str, Callable[[Any], Any]] = {
            **_READERS,
            "vendors": _vendors(tuple(own)),
            "credentials": _vendor_options({name: each.credentials for name, each in options.items()}, unknown),
            "settings": _vendor_options({name: each.settings for name, each in options.items()}, unknown),
        }

    def scenario(self, root: Any) -> Scenario:
        """Return the scenario with checked values; an empty file is the default scenario."""
        nodes = {} if root is None else self._nodes(root)
        self._give_json_types(root)
        places = self._record_places(nodes.get("records"))
        stated = self._stated_records(nodes["records"]) if "records" in nodes else ()
        values = {key: self._value(key, node) for key, node in nodes.items()}
        for name, counts in self._counts.items():
            values["settings"] = {**values.get("settings", {})}
            values["settings"][name] = {**values["settings"].get(name, {}), COUNTS: counts}
        rules = nodes["deliveries"].value if "deliveries" in nodes else ()
        targets = tuple(self._place(_node_at(each, (_key_of(each, "target"),))) for each in rules)
        try:
            return Scenario(**values, stated_records=stated, record_places=places, delivery_places=targets)
        except Contradiction as error:
            raise self._error_at(nodes[error.key], str(error)) from error

    def _give_json_types(self, root: Any) -> None:
        """Give the values in a node the types that they have in JSON: a bare date, ``no`` and ``12:30`` are text."""
        waiting, seen = [] if root is None else [root], set()
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if not isinstance(node, yaml.ScalarNode):
                waiting += [each for part in node.value for each in (part if isinstance(part, tuple) else (part,))]
            elif not node.style and node.tag in IMPLICIT:
                self._give_json_type(node)

    def _give_json_type(self, node: Any) -> None:
        if LEADING_ZERO.fullmatch(node.value):
            raise self._error_at(
                node, f"{node.value} begins with a zero: write a number without it, or a text in quotes"
            )
        if node.tag == _YAML_TYPES.resolve(yaml.ScalarNode, node.value, (True, False)):  # else it is given: !!int x
            node.tag = _JSON_TYPES.resolve(yaml.ScalarNode, node.value, (True, False))

    def _record_places(self, node: Any) -> dict[str, str]:
        """Return file and line of each kind of record."""
        if not isinstance(node, yaml.MappingNode):
            return {}
        return {str(name.value): f"{self._path}:{name.start_mark.line + 1}" for name, _ in node.value}

    def _nodes(self, root: Any) -> dict[str, Any]:
        """Return the YAML node of each key."""
        if not isinstance(root, yaml.MappingNode):
            raise self._error_at(root, f"a scenario is keys and values, such as `people: 60`, {_instead(root)}")
        found: dict[str, Any] = {}
        for name, value in root.value:
            key = name.value if isinstance(name, yaml.ScalarNode) else "?"
            if key not in self._keys:
                raise self._error_at(name, f"unknown key {key!r}{nearest(key, self._keys) or _listed(self._keys)}")
            if key in found:
                raise self._error_at(name, f"{key} is given twice; keep one")
            found[key] = value
        return found

    def _stated_records(self, node: Any) -> tuple[StatedRecord, ...]:
        """Return the records that are stated by vendor, and take them out of the node."""
        if not isinstance(node, yaml.MappingNode):
            return ()
        parts = [pair for pair in node.value if not isinstance(pair[1], yaml.ScalarNode)]
        node.value = [pair for pair in node.value if isinstance(pair[1], yaml.ScalarNode)]
        return tuple(record for vendor, collections in parts for record in self._records_of(vendor, collections))

    def _records_of(self, vendor: Any, collections: Any) -> Iterator[StatedRecord]:
        name = str(vendor.value)
        if name not in self._collections:
            hint = nearest(name, self._collections) or _listed(self._collections)
            raise self._error_at(vendor, f"records has an unknown vendor {name!r}{hint}")
        if not isinstance(collections, yaml.MappingNode):
            raise self._error_at(vendor, f"records of {name} must be collections, each with its records")
        if self._own.get(name, True) is None:  # its document is not served: nothing is known of its collections
            return
        known = self._collections[name]
        for collection, records in collections.value:
            if collection.value not in known:
                hint = nearest(str(collection.value), known) or _listed(known)
                raise self._error_at(
                    collection, f"records of {name} have an unknown collection {collection.value!r}{hint}"
                )
            if self._is_count(name, str(collection.value), records):
                continue
            for record in self._listed_records(name, str(collection.value), records):
                yield self._stated_record(name, collection.value, record)

    def _is_count(self, vendor: str, collection: str, node: Any) -> bool:
        """Return whether a number of start records is given for a collection of a user's own document; note it."""
        own = self._own.get(vendor)
        is_number = isinstance(node, yaml.ScalarNode) and node.tag == _JSON_TYPES.resolve(
            yaml.ScalarNode, "1", (True, False)
        )
        if own is None or collection not in own.known_records or not is_number:
            return False
        count = self._loader.construct_document(node)
        fault = own.options.settings["records"].fault(count)
        if fault:
            raise self._error_at(node, f"records of {vendor}: {collection} {fault}")
        self._counts.setdefault(vendor, {})[collection] = count
        return True

    def _listed_records(self, vendor: str, collection: str, node: Any) -> list[Any]:
        """Return the nodes of a collection's records; what is no table of the vendor's is one record."""
        if isinstance(node, yaml.SequenceNode):
            listed: list[Any] = node.value
            return listed
        if collection in self._tables[vendor]:
            given = "not names and values" if isinstance(node, yaml.MappingNode) else _instead(node)
            raise self._error_at(node, f"records of {vendor}: {collection} must be a list, each with `- `, {given}")
        return [node]

    def _stated_record(self, vendor: str, collection: str, node: Any) -> StatedRecord:
        place = f"records of {vendor}: {collection}"
        if not isinstance(node, yaml.MappingNode):
            raise self._error_at(node, f"{place} must be names and values, {_instead(node)}")
        try:
            record = self._loader.construct_document(node)
        except UNREADABLE as error:
            raise self._error_at(node, f"{place} cannot be read: {error}") from error
        return StatedRecord(vendor, collection, record, f"{self._path}:{node.start_mark.line + 1}: {place}")

    def _value(self, key: str, node: Any) -> Any:
        try:
            value = self._loader.construct_document(node)
        except UNREADABLE as error:
            raise self._error_at(node, f"{key} cannot be read: {error}") from error
        try:
            return self._keys[key](value)
        except _InvalidValue as error:
            raise self._error_at(
                _node_at(node, error.path), f"{key}{error}" if str(error).startswith(":") else f"{key} {error}"
            ) from error

    def _error_at(self, node: Any, what: str) -> Misconfigured:
        return Misconfigured(f"{self._place(node)}: {what}")

    def _place(self, node: Any) -> str:
        return f"{self._path}:{node.start_mark.line + 1}"


def _node_at(node: Any, path: tuple[int, ...]) -> Any:
    """Return the node at a path of positions; the key's node if that is a key's value."""
    for number, position in enumerate(path, start=1):
        node = node.value[position]
        if isinstance(node, tuple):
            key, value = node
            node = key if number == len(path) else value
    return node


def _key_of(node: Any, key: str) -> int:
    """Return the position of a key of a mapping's node; 0 if it comes by a merge."""
    return next((number for number, (name, _) in enumerate(node.value) if name.value == key), 0)


def _deliveries(value: Any) -> tuple[Json, ...]:
    """Return the rules of deliveries; whether their hosts are allowed is known to the server."""
    try:
        read_rules(value, None)
    except InvalidRule as error:
        raise _InvalidValue(f": {error}", *_positions(value, error.keys)) from None
    return tuple(value)


def _positions(value: Any, keys: tuple[int | str, ...]) -> Iterator[int]:
    """Yield the positions, in each list and object, of the values to which keys lead."""
    for key in keys:
        yield key if isinstance(value, list) and isinstance(key, int) else list(value).index(key)
        value = value[key]


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
    at = _parse_time(value) if isinstance(value, str) else value
    if not isinstance(at, datetime) or at.tzinfo is None:
        example = 'such as "2026-01-01T09:00:00Z"'
        raise _InvalidValue(f"must be a date and time with its zone, {example}, not {str(value)!r}")
    if not EARLIEST <= at < MAX_WORLD_TIME:
        raise _InvalidValue(f"must be between 1970 and 2999, not {str(value)!r}")
    return at.astimezone(UTC)


def _parse_time(text: str) -> datetime | None:
    try:
        return parse_rfc3339(text) or datetime.fromisoformat(text)
    except ValueError:
        return None


def _vendor_options(
    known: Mapping[str, Mapping[str, Option]], unknown: Collection[str]
) -> Callable[[Any], dict[str, dict[str, str]]]:
    """Return a reader of vendors, each with some of its options; of ``unknown`` ones no options are known."""

    def read(value: Any) -> dict[str, dict[str, str]]:
        if not isinstance(value, dict):
            raise _InvalidValue(f"must be vendors, each with its names and values, not {value!r}")
        for part, (vendor, given) in enumerate(value.items()):
            _check_name("vendor", vendor, [*known, *unknown], part)
            if not isinstance(given, dict):
                raise _InvalidValue(f"of {vendor} must be names and values, not {given!r}", part)
            for number, (name, text) in enumerate(given.items() if vendor in known else ()):
                _check_option(vendor, name, text, known[vendor], (part, number))
        return value

    return read


def _check_option(vendor: str, name: Any, value: Any, known: Mapping[str, Option], place: tuple[int, int]) -> None:
    if name not in known:
        hint = nearest(str(name), known) or (_listed(known) if known else "; it has none")
        raise _InvalidValue(f"of {vendor} have an unknown key {name!r}{hint}", *place)
    fault = known[name].fault(value)
    if fault:
        raise _InvalidValue(f"of {vendor}: {name} {fault}", *place)


def _vendors(own: Collection[str]) -> Callable[[Any], tuple[str, ...]]:
    """Return a reader of names of vendors: the shipped ones, and those of users' own documents."""

    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise _InvalidValue(
                f"must be a list of one or more, such as [acme, other], not {value!r}; for all of them leave it out"
            )
        known = [*find_specs(data_folder("specs")), *own]
        for part, name in enumerate(value):
            _check_name("vendor", name, known, part)
            if name in value[:part]:
                raise _InvalidValue(f"names {name} twice; keep one", part)
        return tuple(value)

    return read


def _tables_of(vendor: Vendor | None) -> tuple[str, ...]:
    """Return the names of a vendor's tables, without those of its bookkeeping."""
    return () if vendor is None else tuple(each.name for each in vendor.tables if not each.name.startswith("@"))


def _records(value: Any) -> dict[str, int]:
    if not isinstance(value, dict):
        raise _InvalidValue(f"must be kinds, each with a number, such as `acme.orders: 200`, not {value!r}")
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
    if not isinstance(name, str) or name not in known:
        raise _InvalidValue(f"has an unknown {what} {name!r}{nearest(str(name), known) or _listed(known)}", part)


def _listed(known: Collection[str]) -> str:
    return f"; known are {', '.join(known)}"


def _instead(node: Any) -> str:
    return "not a list" if isinstance(node, yaml.SequenceNode) else f"not {node.value!r}"


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "seed": _whole_number(LARGEST_SEED),
    "people": _whole_number(MAX_PEOPLE),
    "merchants": _whole_number(MAX_OTHERS),
    "shops": _whole_number(MAX_OTHERS),
    "products": _whole_number(MAX_OTHERS),
    "locales": _locales,
    "clock": _clock,
    "days": _whole_number(MAX_DAYS),
    "records": _records,
    "shares": _shares,
    "deliveries": _deliveries,
}

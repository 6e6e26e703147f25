"""Remap file: corrects the method and path of operations whose place was only inferred, without editing the spec."""

import re
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from understudy.contract.document import METHODS, Document
from understudy.contract.yaml_limits import check_yaml
from understudy.core.misconfigured import Misconfigured, nearest

PLACE = re.compile(r"([A-Za-z]+)\s+(/\S*)")
TEMPLATE = re.compile(r"\{([^}]*)\}")

Moves = Mapping[str, "Move"]


class Move(NamedTuple):
    """Place to which an operation moves, and the file and line that say so."""

    method: str
    path: str
    place: str


def load_moves(path: Path) -> dict[str, Move]:
    """Return method and path by operationId, from a remap file with one ``operationId: METHOD /path`` on each line.

    An operationId that two vendors have is written as ``vendor.operationId``.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be read ({error.strerror})") from None
    check_yaml(path, text)
    try:
        root = yaml.compose(text, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        raise Misconfigured(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(root, yaml.MappingNode):
        line = root.start_mark.line + 1 if root else 1
        raise Misconfigured(f"{path}:{line}: write one 'operationId: METHOD /path' a line")
    return dict(_read_move(path, name, value) for name, value in root.value)


def _read_move(path: Path, name: Any, value: Any) -> tuple[str, Move]:
    place = f"{path}:{name.start_mark.line + 1}"
    if not isinstance(name, yaml.ScalarNode):
        raise Misconfigured(f"{place}: write one 'operationId: METHOD /path' a line")
    found = PLACE.fullmatch(value.value.strip()) if isinstance(value, yaml.ScalarNode) else None
    if found is None or found[1].lower() not in METHODS:
        given = repr(value.value) if isinstance(value, yaml.ScalarNode) else "a list or object"
        raise Misconfigured(
            f"{place}: {name.value}: {given} is no place; write 'METHOD /path', such as 'GET /customers'"
        )
    return name.value, Move(found[1].lower(), found[2], place)


def check_moves(moves: Moves, documents: Mapping[str, Document]) -> None:
    """Raise ``Misconfigured`` for an operationId that no vendor has, or that several have."""
    owners: dict[str, list[str]] = {}
    for vendor, document in documents.items():
        for _, _, node, _ in document.operations():
            owners.setdefault(node["operationId"], []).append(vendor)
            owners.setdefault(f"{vendor}.{node['operationId']}", []).append(vendor)
    for name, move in moves.items():
        if name not in owners:
            raise Misconfigured(f"{move.place}: no operation {name!r}{nearest(name, owners)}")
        if len(owners[name]) > 1:
            raise Misconfigured(f"{move.place}: several vendors have {name!r}: write '{owners[name][0]}.{name}'")


def remap(document: Document, moves: Moves) -> Document:
    """Return the document with operations moved; raise ``Misconfigured`` if a place is taken or lacks parameters."""
    places = {
        (method, path): place
        for method, path, node, _ in document.operations()
        for name in (node["operationId"], f"{document.name}.{node['operationId']}")
        if (place := moves.get(name)) is not None
    }
    if not places:
        return document
    paths: dict[str, Any] = {}
    raw = deepcopy(dict(document.raw))
    for path, item in raw["paths"].items():
        shared = {key: value for key, value in item.items() if key not in METHODS}
        for method in METHODS:
            if method not in item:
                continue
            move = places.get((method, path), Move(method, path, str(document.path)))
            new_method, new_path = move.method, move.path
            _check_names(item[method]["operationId"], path, move)
            target = paths.setdefault(new_path, dict(shared))
            if new_method in target:
                other = target[new_method]["operationId"]
                cause = (
                    move
                    if (method, path) in places
                    else next(each for each in places.values() if (each.method, each.path) == (new_method, new_path))
                )
                raise Misconfigured(f"{cause.place}: {new_method.upper()} {new_path} is already {other}'s place")
            parameters = [*shared.get("parameters", []), *item[method].get("parameters", [])]
            target[new_method] = {**item[method], "parameters": parameters}
    for item in paths.values():
        item.pop("parameters", None)
    return document.with_raw({**raw, "paths": paths})


def _check_names(operation: str, path: str, move: Move) -> None:
    old, new = set(TEMPLATE.findall(path)), set(TEMPLATE.findall(move.path))
    if old != new:
        names = ", ".join(f"{{{name}}}" for name in sorted(old)) or "none"
        raise Misconfigured(
            f"{move.place}: {operation} cannot move to {move.path}: its path has the parameters {names}"
        )

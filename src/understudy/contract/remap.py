"""Remap file: corrects the method and path of operations whose place was only inferred, without editing the spec."""

import re
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from understudy.contract.document import METHODS, Document
from understudy.contract.yaml_limits import check_yaml
from understudy.core.misconfigured import Misconfigured, nearest

PLACE = re.compile(r"([A-Za-z]+)\s+(/\S*)")
TEMPLATE = re.compile(r"\{([^}]*)\}")

Moves = Mapping[str, tuple[str, str]]


def load_moves(path: Path) -> dict[str, tuple[str, str]]:
    """Return method and path by operationId, from a remap file with one ``operationId: METHOD /path`` on each line.

    An operationId that two vendors have is written as ``vendor.operationId``.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be read ({error.strerror})") from None
    check_yaml(path, text)
    try:
        raw = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        raise Misconfigured(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(raw, dict):
        raise Misconfigured(f"{path}: write one 'operationId: METHOD /path' a line")
    moves = {}
    for name, place in raw.items():
        found = PLACE.fullmatch(str(place).strip())
        if found is None or found[1].lower() not in METHODS:
            raise Misconfigured(
                f"{path}: {name}: {place!r} is no place; write 'METHOD /path', such as 'GET /customers'"
            )
        moves[str(name)] = (found[1].lower(), found[2])
    return moves


def check_moves(path: Path, moves: Moves, documents: Mapping[str, Document]) -> None:
    """Raise ``Misconfigured`` for an operationId that no vendor has, or that several have."""
    owners: dict[str, list[str]] = {}
    for vendor, document in documents.items():
        for _, _, node, _ in document.operations():
            owners.setdefault(node["operationId"], []).append(vendor)
            owners.setdefault(f"{vendor}.{node['operationId']}", []).append(vendor)
    for name in moves:
        if name not in owners:
            raise Misconfigured(f"{path}: no operation {name!r}{nearest(name, owners)}")
        if len(owners[name]) > 1:
            raise Misconfigured(f"{path}: several vendors have {name!r}: write '{owners[name][0]}.{name}'")


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
            new_method, new_path = places.get((method, path), (method, path))
            _check_names(document, item[method]["operationId"], path, new_path)
            target = paths.setdefault(new_path, dict(shared))
            if new_method in target:
                other = target[new_method]["operationId"]
                raise Misconfigured(f"{document.path}: {new_method.upper()} {new_path} is already {other}'s place")
            parameters = [*shared.get("parameters", []), *item[method].get("parameters", [])]
            target[new_method] = {**item[method], "parameters": parameters}
    for item in paths.values():
        item.pop("parameters", None)
    return Document(document.name, document.path, {**raw, "paths": paths})


def _check_names(document: Document, operation: str, path: str, new_path: str) -> None:
    old, new = set(TEMPLATE.findall(path)), set(TEMPLATE.findall(new_path))
    if old != new:
        names = ", ".join(f"{{{name}}}" for name in sorted(old)) or "none"
        raise Misconfigured(
            f"{document.path}: {operation} cannot move to {new_path}: its path has the parameters {names}"
        )

"""Overlays (OpenAPI Overlay 1.0): files with actions that change a foreign document before it is rewritten."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError

from understudy.contract.foreign.document_files import Place, bounded, is_url, parse_text, read_bytes
from understudy.contract.foreign.findings import Findings
from understudy.core.misconfigured import Misconfigured, nearest

VERSION = re.compile(r"1\.0(\.\d+)?")
KEYS = ("overlay", "info", "extends", "actions")
INFO_KEYS = ("title", "version", "description")
ACTION_KEYS = ("target", "description", "update", "remove")

PATHS = JSONPathEnvironment(strict=True)  # RFC 9535, as overlays have it, without the library's extensions


@dataclass(frozen=True, slots=True)
class Action:
    """Action of an overlay: the nodes that it selects, and what is merged into them; they are removed without it."""

    place: str
    target: JSONPath
    text: str
    update: Any
    is_removal: bool


@dataclass(frozen=True, slots=True)
class Overlay:
    """Overlay: the address of the one document that it extends, if it names one, and its actions in order."""

    file: str
    extends: str
    actions: tuple[Action, ...]

    def is_for(self, entry: str) -> bool:
        """Return whether a document with this address is changed."""
        return self.extends in ("", entry if is_url(entry) else str(Path(entry).resolve()))


def read_overlay(path: Path) -> Overlay:
    """Return the overlay of a file; raise ``Misconfigured`` with the place of what is wrong in it."""
    raw = parse_text(str(path), read_bytes(str(path)))
    if not isinstance(raw, Mapping) or "overlay" not in raw:
        raise Misconfigured(f"{path}: no overlay: it has no 'overlay', such as overlay: 1.0.0")
    _check_keys(raw, KEYS, f"{path}#")
    if not VERSION.fullmatch(str(raw["overlay"])):
        raise Misconfigured(f"{path}#/overlay: version {raw['overlay']!r} is not understood (1.0.0)")
    info = raw.get("info")
    if not isinstance(info, Mapping):
        raise Misconfigured(f"{path}#/info: an overlay has a title and a version here")
    _check_keys(info, INFO_KEYS, f"{path}#/info")
    actions, extends = raw.get("actions"), raw.get("extends", "")
    if not isinstance(actions, list) or not actions:
        raise Misconfigured(f"{path}#/actions: is no list of actions")
    if not isinstance(extends, str):
        raise Misconfigured(f"{path}#/extends: is no address of a document")
    made = tuple(_action(each, f"{path}#/actions/{number}") for number, each in enumerate(actions))
    return Overlay(str(path), _address(extends, path), made)


def check_extended(paths: Sequence[Path], entries: Collection[str]) -> None:
    """Raise ``Misconfigured`` for an overlay of a document that is not served."""
    for path in paths:
        overlay = read_overlay(path)
        if not entries:
            raise Misconfigured(f"{path}: an overlay changes a document of your own: name one (--spec)")
        if not any(overlay.is_for(entry) for entry in entries):
            raise Misconfigured(f"{path}#/extends: {overlay.extends} is not served{nearest(overlay.extends, entries)}")


def _check_keys(node: Mapping[str, Any], known: Sequence[str], place: str) -> None:
    for key in node:
        if key not in known and not key.startswith("x-"):
            raise Misconfigured(f"{place}: {key!r} is unknown{nearest(key, known)} (there are {', '.join(known)})")


def _address(extends: str, path: Path) -> str:
    """Return the address of the document that an overlay names, in the form of a document's entry."""
    if not extends or is_url(extends):
        return extends
    found = unquote(urlsplit(extends).path) if extends.startswith("file:") else unquote(extends)
    return str((path.resolve().parent / found).resolve())


def _action(node: Any, place: str) -> Action:
    if not isinstance(node, Mapping):
        raise Misconfigured(f"{place}: is no action: it has a 'target', and 'update' or 'remove'")
    _check_keys(node, ACTION_KEYS, place)
    text, remove = node.get("target"), node.get("remove", False)
    if not isinstance(text, str) or not text.startswith("$"):
        raise Misconfigured(f"{place}/target: an action has a JSONPath here, such as $.paths['/orders'].get")
    if not isinstance(remove, bool):
        raise Misconfigured(f"{place}/remove: is true or false, not {remove!r}")
    if not remove and "update" not in node:
        raise Misconfigured(f"{place}: has neither 'update' nor 'remove: true'")
    try:
        target: Any = PATHS.compile(text)
    except (JSONPathError, RecursionError) as error:
        why = error.args[0] if error.args else "is nested too deeply"
        raise Misconfigured(f"{place}/target: {text!r} is no JSONPath: {why}") from None
    return Action(place, target, text, node.get("update"), remove)


def apply_overlays(raw: Any, overlays: Sequence[Overlay], entry: str, findings: Findings) -> Any:
    """Return a document changed by the overlays that are for it; actions that select nothing are findings."""
    made = _unshared(raw)
    for overlay in overlays:
        if overlay.is_for(entry):
            for action in overlay.actions:
                _apply(made, action, findings)
    return bounded(entry, made)


def _unshared(node: Any) -> Any:
    """Return a copy in which no part has two places, as the aliases of YAML make them."""
    if isinstance(node, dict):
        return {key: _unshared(value) for key, value in node.items()}
    return [_unshared(value) for value in node] if isinstance(node, list) else node


def _apply(raw: Any, action: Action, findings: Findings) -> None:
    try:
        found = [(match.parts, match.obj) for match in action.target.finditer(raw)]
    except (JSONPathError, RecursionError) as error:
        why = error.args[0] if error.args else "the document is nested too deeply"
        raise Misconfigured(f"{action.place}/target: {action.text!r} selects nothing: {why}") from None
    name = f"{Path(action.place.partition('#')[0]).name}#{action.place.partition('#')[2]}"
    if not found:
        findings.add("overlay", name, f"the target {action.text} selects nothing")
    if action.is_removal:
        # the last of an array first, so that the others keep their places
        for parts, _ in sorted(
            found, key=lambda each: [(isinstance(part, int), part) for part in each[0]], reverse=True
        ):
            _remove(raw, parts, action)
        return
    for parts, node in found:
        if isinstance(node, list):
            node.append(_unshared(action.update))
        elif isinstance(node, dict) and isinstance(action.update, dict):
            _merge(node, action.update)
        else:
            kind = "an object" if isinstance(node, dict) else "neither object nor list"
            where = Place("", "") if not parts else _place(parts)
            raise Misconfigured(f"{action.place}: #{where.pointer} is {kind}: it cannot be merged with this update")


def _place(parts: Sequence[str | int]) -> Place:
    place = Place("")
    for part in parts:
        place /= part
    return place


def _sorted_by(parts: Sequence[str | int]) -> list[tuple[bool, str | int]]:
    return [(isinstance(part, int), part) for part in parts]


def _remove(raw: Any, parts: Sequence[str | int], action: Action) -> None:
    if not parts:
        raise Misconfigured(f"{action.place}: would remove the whole document")
    parent = raw
    for part in parts[:-1]:
        try:
            parent = parent[part]
        except (KeyError, IndexError):
            return  # removed with what held it
    if isinstance(parent, dict):
        parent.pop(str(parts[-1]), None)
    else:
        del parent[int(parts[-1])]


def _merge(node: dict[str, Any], update: Mapping[str, Any]) -> None:
    """Merge an update into an object: objects member by member, lists by appending, all others by replacing."""
    for key, value in update.items():
        old = node.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            _merge(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            old.extend(_unshared(value))
        else:
            node[key] = _unshared(value)

"""Evidence file of a shipped vendor: tests of its rules, runs of public clients, and parts that are not modelled."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from understudy.contract.compiled_operations import Operation
from understudy.core.data_folder import data_folder
from understudy.core.misconfigured import Misconfigured, nearest

FOLDER = "evidence"
SECTIONS = ("tests", "clients", "not_modelled", "rules")
CLIENT_MEMBERS = ("client", "suite", "date", "result", "operations")
Tests = tuple[str, ...]
"""Node ids of pytest, without parameters."""


@dataclass(frozen=True, slots=True)
class ClientRun:
    """Run of a vendor's public client against the stand-in: the operations that its suite has called."""

    client: str
    suite: str
    date: str
    result: str
    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VendorEvidence:
    """Evidence of a vendor, by operationId; ``rules`` has the tests of each rule by the rule's text.

    ``tests`` see the operation accept a request. ``unmodelled`` is of the vendor as a whole.
    """

    path: Path | None = None
    tests: Mapping[str, Tests] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, Tests]] = field(default_factory=dict)
    clients: tuple[ClientRun, ...] = ()
    not_modelled: Mapping[str, Tests] = field(default_factory=dict)
    unmodelled: tuple[str, ...] = ()


NO_EVIDENCE = VendorEvidence()


def evidence_path(vendor: str) -> Path:
    """Return the path of a shipped vendor's evidence file."""
    return data_folder("fixtures") / FOLDER / f"{vendor}.yaml"


def read_evidence(path: Path, operations: Sequence[Operation]) -> VendorEvidence:
    """Return the evidence in a file; raise ``Misconfigured`` for a name that the vendor's document does not have."""
    try:
        with path.open(encoding="utf-8") as file:
            found = yaml.load(file, yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise Misconfigured(f"{path}: cannot be read ({str(error).splitlines()[0]})") from None
    _check_names(path, "section", found, SECTIONS)
    tests, rules, left_out = (dict(found.get(name) or {}) for name in ("tests", "rules", "not_modelled"))
    clients = found.get("clients") or ()
    if not isinstance(clients, list | tuple):
        raise Misconfigured(f"{path}: clients: {clients!r} is no list")
    by_id = {each.id: each for each in operations}
    unmodelled = tuple(left_out.pop("all", ()))
    for names in (tests, rules, left_out):
        _check_names(path, "operation", names, by_id)
    for operation, of_operation in rules.items():
        _check_names(path, f"rule of {operation}", of_operation, [each["rule"] for each in by_id[operation].rules])
    return VendorEvidence(
        path,
        {name: tuple(each) for name, each in tests.items()},
        {name: {rule: tuple(each) for rule, each in of_rule.items()} for name, of_rule in rules.items()},
        tuple(_client(path, each, by_id) for each in clients),
        {name: tuple(parts) for name, parts in left_out.items()},
        unmodelled,
    )


def _client(path: Path, given: Mapping[str, Any], known: Collection[str]) -> ClientRun:
    _check_names(path, "member of a client", given, CLIENT_MEMBERS)
    if missing := [name for name in CLIENT_MEMBERS if name not in given]:
        raise Misconfigured(f"{path}: a client has no {missing[0]}")
    _check_names(path, "operation", given["operations"], known)
    client, suite, date, result = (str(given[name]) for name in CLIENT_MEMBERS[:4])
    return ClientRun(client, suite, date, result, tuple(given["operations"]))


def _check_names(path: Path, what: str, given: Any, known: Collection[str]) -> None:
    if not isinstance(given, dict | list):
        raise Misconfigured(f"{path}: {what}: {given!r} has no names in it")
    for name in given:
        if name not in known:
            raise Misconfigured(f"{path}: no {what} {name!r}{nearest(str(name), known)}")

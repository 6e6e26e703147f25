"""Discovery of vendors: a spec for each, and optionally a package of the same name with its behaviour."""

import inspect
import keyword
from collections.abc import Collection, Iterable
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from understudy.contract.compiled_operations import Operation
from understudy.contract.parameters import python_name
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.option import VendorOptions
from understudy.core.vendor import CredentialCheck, Handler, Vendor

PACKAGE = "understudy.vendors"
RECOGNISED = ("recognised", "request")
"""Further arguments of the functions of users' own vendors: the behaviour that they replace, and the request."""


def find_specs(specs: Path, only: Collection[str] = (), package: str = PACKAGE) -> dict[str, Path]:
    """Return the path of each vendor's spec by name, or of the vendors in ``only`` if it names any.

    Raise ``Misconfigured`` for an unknown name, and for a package of behaviour without a spec.
    """
    if not specs.is_dir():
        raise Misconfigured(f"{specs}: no such folder of specs")
    found = {path.stem: path for path in sorted(specs.iterdir()) if path.suffix == ".yaml" or path.is_dir()}
    if not found:
        raise Misconfigured(f"{specs}: holds no spec")
    folders = [module.name for module in iter_modules(import_module(package).__path__) if module.ispkg]
    for folder in folders:
        if folder not in found:
            raise Misconfigured(f"{package}.{folder}: no spec {specs / folder}.yaml{nearest(folder, found)}")
    for name in only:
        if name not in found:
            raise Misconfigured(f"no vendor {name!r}{nearest(name, found)} (there are {', '.join(found)})")
    return {name: path for name, path in found.items() if not only or name in only}


def load_vendor(name: str, operations: Iterable[Operation], package: str = PACKAGE) -> Vendor:
    """Return a vendor's behaviour from its package; raise ``Misconfigured`` where it contradicts the spec."""
    return _load(name, {operation.id: operation for operation in operations}, package)


def load_user_vendor(name: str, operations: Iterable[Operation], package: str) -> Vendor:
    """Return the behaviour that a user's package adds to a vendor: any part of it may be missing.

    A function stands for the operation of its name; an operationId that is no name in Python is written as
    ``function_name`` writes it: ``get-a-show`` as ``get_a_show``. Raise ``Misconfigured`` for a mistake.
    """
    by_name: dict[str, Operation] = {}
    for operation in operations:
        by_name.setdefault(function_name(operation.id), operation)
        if operation.id.isidentifier():
            by_name[operation.id] = operation
    found = _load(name, by_name, package, is_whole=False)
    return replace(found, operations={by_name[each].id: handler for each, handler in found.operations.items()})


def function_name(operation_id: str) -> str:
    """Return an operationId as a name in Python: ``get-a-show`` as ``get_a_show``, ``import`` as ``import_``."""
    name = python_name(operation_id)
    if keyword.iskeyword(name):
        return f"{name}_"
    return name if name.isidentifier() else f"op_{name}"


def _load(name: str, declared: dict[str, Operation], package: str, *, is_whole: bool = True) -> Vendor:
    """Return a vendor's behaviour. One that ``is_whole`` has a function for every security scheme in use."""
    if find_spec(f"{package}.{name}") is None:
        return Vendor(name)
    security = _module(package, name, "security")
    errors = _module(package, name, "errors")
    replies = _module(package, name, "replies")
    tables = _module(package, name, "tables")
    start = _module(package, name, "start")
    sent = _module(package, name, "sent")
    records = _module(package, name, "records")
    return Vendor(
        name,
        operations=_operations(package, name, declared, RECOGNISED if not is_whole else ()),
        security=_security(security, declared.values(), is_whole=is_whole) if security else {},
        anyone=getattr(security, "anyone", None),
        sign_in=getattr(security, "sign_in", None),
        admit=getattr(security, "admit", None),
        render=getattr(errors, "render", None),
        rewrite=getattr(replies, "rewrite", None),
        tables=getattr(tables, "TABLES", ()),
        options=load_options(name, package),
        known_records=getattr(_module(package, name, "known_records"), "KNOWN_RECORDS", {}),
        start=getattr(start, "start", None),
        sent=getattr(sent, "sent", None),
        set_back=getattr(sent, "set_back", None),
        complete=getattr(records, "complete", None),
        derive=getattr(records, "derive", None),
        shown=getattr(_module(package, name, "shown_records"), "SHOWN", {}),
    )


def find_options(package: str = PACKAGE) -> dict[str, VendorOptions]:
    """Return the options of each vendor: the shipped ones, and those of another package."""
    return {
        info.name: load_options(info.name, each)
        for each in dict.fromkeys((PACKAGE, package))
        for info in iter_modules(import_module(each).__path__)
        if info.ispkg
    }


def find_collections(package: str = PACKAGE) -> dict[str, tuple[str, ...]]:
    """Return, by vendor, the names under which a scenario may state records: its tables, and its known records."""
    found = find_tables(package)
    for each in dict.fromkeys((PACKAGE, package)):
        for info in iter_modules(import_module(each).__path__):
            known = getattr(_module(each, info.name, "known_records"), "KNOWN_RECORDS", {}) if info.ispkg else {}
            found[info.name] = tuple(dict.fromkeys([*known, *found[info.name]]))
    return found


def find_tables(package: str = PACKAGE) -> dict[str, tuple[str, ...]]:
    """Return the names of the tables of each vendor."""
    found: dict[str, tuple[str, ...]] = {}
    for each in dict.fromkeys((PACKAGE, package)):
        for info in iter_modules(import_module(each).__path__):
            tables = getattr(_module(each, info.name, "tables"), "TABLES", ()) if info.ispkg else ()
            found[info.name] = tuple(table.name for table in tables)
    return found


def load_options(name: str, package: str = PACKAGE) -> VendorOptions:
    """Return the options that a vendor's package declares; none without such a module."""
    options = _module(package, name, "options")
    return VendorOptions(getattr(options, "CREDENTIALS", {}), getattr(options, "SETTINGS", {}))


def _module(package: str, name: str, part: str) -> ModuleType | None:
    full = f"{package}.{name}.{part}"
    return import_module(full) if find_spec(full) else None


def _operations(package: str, name: str, declared: dict[str, Operation], more: Iterable[str]) -> dict[str, Handler]:
    """Return the functions of the operations, which may take the arguments ``more`` too."""
    folder = _module(package, name, "operations")
    if folder is None:
        return {}
    found: dict[str, Handler] = {}
    for info in iter_modules(folder.__path__):
        module = import_module(f"{folder.__name__}.{info.name}")
        for function in _public_functions(module):
            place = f"{module.__file__}: {function.__name__}"
            if function.__name__ not in declared:
                raise Misconfigured(f"{place} is no operationId of {name}{nearest(function.__name__, declared)}")
            if function.__name__ in found:
                raise Misconfigured(f"{place} is defined twice")
            _check_arguments(function, declared[function.__name__], place, more)
            found[function.__name__] = function
    return found


def _public_functions(module: ModuleType) -> list[Handler]:
    return [
        function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]


def _check_arguments(function: Handler, operation: Operation, place: str, more: Iterable[str]) -> None:
    known = {parameter.argument for parameter in operation.parameters} | {"caller", "url_for", *more}
    if operation.body is not None:
        known.add("body")
    _, *arguments = inspect.signature(function).parameters.items()
    for argument, found in arguments:
        if argument not in known and found.kind is not inspect.Parameter.VAR_KEYWORD:
            raise Misconfigured(f"{place}: the spec declares no {argument!r}{nearest(argument, known)}")


def _security(module: ModuleType, operations: Iterable[Operation], *, is_whole: bool) -> dict[str, CredentialCheck]:
    needed = {
        requirement.scheme
        for operation in operations
        for alternative in operation.security
        for requirement in alternative
    }
    for scheme in sorted(needed) if is_whole else ():
        if not inspect.isfunction(getattr(module, scheme, None)):
            hint = nearest(scheme, [function.__name__ for function in _public_functions(module)])
            raise Misconfigured(f"{module.__file__}: no function for the security scheme {scheme!r}{hint}")
    return {scheme: getattr(module, scheme) for scheme in sorted(needed) if hasattr(module, scheme)}

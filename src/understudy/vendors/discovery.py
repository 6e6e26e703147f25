"""Discovery of vendors: a spec for each, and optionally a package of the same name with its behaviour."""

import inspect
import keyword
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.parameters import python_name
from understudy.core.caller import Caller
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.option import VendorOptions
from understudy.core.own_code import guarded, import_own
from understudy.core.reply import Reply
from understudy.core.table import Table
from understudy.core.vendor import CredentialCheck, Handler, Vendor
from understudy.state.outbox import OUTBOX

PACKAGE = "understudy.vendors"
RECOGNISED = ("recognised", "request", "webhooks")
"""Further arguments of the functions of users' own vendors: the behaviour replaced, the request, the webhooks."""

HELPER = "; the name of a function that only helps others begins with '_'"

Bring = Callable[[str], ModuleType]
"""Function that imports a module by its name."""


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
    return replace(
        found,
        operations={by_name[each].id: _answering(handler) for each, handler in found.operations.items()},
        security={scheme: guarded(check, _is_caller, "a Caller or None") for scheme, check in found.security.items()},
        render=found.render and _answering(found.render),
        start=found.start and guarded(found.start, _is_credentials, "a dictionary of credentials"),
        places={by_name[each].id: _place(handler) for each, handler in found.operations.items()},
    )


def _answering(function: Callable[..., Any]) -> Callable[..., Any]:
    return guarded(function, lambda found: isinstance(found, Reply), "a Reply")


def _is_caller(found: object) -> bool:
    return found is None or isinstance(found, Caller)


def _is_credentials(found: object) -> bool:
    return found is None or isinstance(found, Mapping)


def _place(function: Handler) -> str:
    code = inspect.unwrap(function).__code__
    return f"{code.co_filename}: {code.co_name}"


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
    bring = import_module if is_whole else import_own
    bring(f"{package}.{name}")
    security = _module(package, name, "security", bring)
    errors = _module(package, name, "errors", bring)
    replies = _module(package, name, "replies", bring)
    tables = _module(package, name, "tables", bring)
    start = _module(package, name, "start", bring)
    sent = _module(package, name, "sent", bring)
    records = _module(package, name, "records", bring)
    return Vendor(
        name,
        operations=_operations(package, name, declared, () if is_whole else RECOGNISED, bring),
        security=_security(security, declared.values(), is_whole=is_whole) if security else {},
        anyone=getattr(security, "anyone", None),
        sign_in=getattr(security, "sign_in", None),
        admit=getattr(security, "admit", None),
        render=getattr(errors, "render", None),
        rewrite=getattr(replies, "rewrite", None),
        tables=_tables(tables),
        options=load_options(name, package, bring),
        known_records=getattr(_module(package, name, "known_records", bring), "KNOWN_RECORDS", {}),
        start=getattr(start, "start", None),
        sent=getattr(sent, "sent", None),
        set_back=getattr(sent, "set_back", None),
        due=getattr(_module(package, name, "due", bring), "due", None),
        complete=getattr(records, "complete", None),
        derive=getattr(records, "derive", None),
        shown=getattr(_module(package, name, "shown_records", bring), "SHOWN", {}),
        references=getattr(_module(package, name, "record_references", bring), "references", None),
    )


def _tables(module: ModuleType | None) -> tuple[Table, ...]:
    """Return the tables of a vendor; raise ``Misconfigured`` for one of a name that every vendor state has."""
    found: tuple[Table, ...] = getattr(module, "TABLES", ())
    if OUTBOX.name in [getattr(table, "name", "") for table in found]:
        raise Misconfigured(f"{getattr(module, '__file__', '')}: {OUTBOX.name!r} is reserved; name the table otherwise")
    return found


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


def load_options(name: str, package: str = PACKAGE, bring: Bring = import_module) -> VendorOptions:
    """Return the options that a vendor's package declares; none without such a module."""
    options = _module(package, name, "options", bring)
    return VendorOptions(getattr(options, "CREDENTIALS", {}), getattr(options, "SETTINGS", {}))


def _module(package: str, name: str, part: str, bring: Bring = import_module) -> ModuleType | None:
    full = f"{package}.{name}.{part}"
    return bring(full) if find_spec(full) else None


def _operations(
    package: str, name: str, declared: dict[str, Operation], more: Iterable[str], bring: Bring
) -> dict[str, Handler]:
    """Return the functions of the operations, which may take the arguments ``more`` too."""
    folder = _module(package, name, "operations", bring)
    if folder is None:
        return {}
    if not hasattr(folder, "__path__"):
        raise Misconfigured(f"{folder.__file__}: operations is a folder: write the functions into operations/….py")
    found: dict[str, Handler] = {}
    for info in iter_modules(folder.__path__):
        module = bring(f"{folder.__name__}.{info.name}")
        if bring is import_own:
            _check_names(module, folder.__name__, declared)
        for function_name, function in _public_functions(module).items():
            place = f"{module.__file__}: {function_name}"
            if function_name not in declared:
                hint = nearest(function_name, declared)
                raise Misconfigured(f"{place} is no operationId of {name}{hint}{'' if hint else HELPER}")
            if function_name in found:
                raise Misconfigured(f"{place} is defined twice")
            _check_arguments(function, declared[function_name], place, more)
            found[function_name] = function
    return found


def _check_names(module: ModuleType, folder: str, declared: Collection[str]) -> None:
    """Raise ``Misconfigured`` for what is named as an operation, and is no function of the folder."""
    for name, value in vars(module).items():
        is_own = inspect.isfunction(value) and value.__module__.startswith(f"{folder}.")
        if name in declared and callable(value) and not is_own:
            raise Misconfigured(f"{module.__file__}: {name} is no function that is written here: write 'def {name}'")


def _public_functions(module: ModuleType) -> dict[str, Handler]:
    """Return a module's own functions by the names that it gives them."""
    return {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def _check_arguments(function: Handler, operation: Operation, place: str, more: Iterable[str]) -> None:
    """Raise ``Misconfigured`` for a function that cannot be called: (state, and by name what the request has)."""
    known = {parameter.argument for parameter in operation.parameters} | {"caller", "url_for", *more}
    if operation.body is not None:
        known.add("body")
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise Misconfigured(
            f"{place} is async: write 'def'; a long operation is a generator, with a yield between steps"
        )
    arguments = [*inspect.signature(function).parameters.values()]
    first = arguments[0] if arguments else None
    if first is None or first.name in known or first.kind is inspect.Parameter.KEYWORD_ONLY:
        raise Misconfigured(f"{place}: its first argument is the state: write {_call(function, known)}")
    for argument in arguments[1:]:
        if argument.kind is inspect.Parameter.VAR_KEYWORD:
            continue
        if argument.name not in known:
            raise Misconfigured(f"{place}: the spec declares no {argument.name!r}{nearest(argument.name, known)}")
        if argument.kind is inspect.Parameter.POSITIONAL_ONLY:
            raise Misconfigured(f"{place}: {argument.name!r} is given by its name: take away the '/'")


def _call(function: Handler, known: Collection[str]) -> str:
    names = [name for name in inspect.signature(function).parameters if name in known]
    return f"{function.__name__}({', '.join(['state', *names])})"


def _security(module: ModuleType, operations: Iterable[Operation], *, is_whole: bool) -> dict[str, CredentialCheck]:
    needed = {
        requirement.scheme
        for operation in operations
        for alternative in operation.security
        for requirement in alternative
    }
    for scheme in sorted(needed) if is_whole else ():
        if not inspect.isfunction(getattr(module, scheme, None)):
            hint = nearest(scheme, _public_functions(module))
            raise Misconfigured(f"{module.__file__}: no function for the security scheme {scheme!r}{hint}")
    return {scheme: getattr(module, scheme) for scheme in sorted(needed) if hasattr(module, scheme)}

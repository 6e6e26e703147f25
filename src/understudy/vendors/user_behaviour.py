"""Behaviour of users' own vendors: folders of Python, each like the folder of a shipped vendor."""

import sys
from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b
from inspect import isfunction
from pathlib import Path
from types import ModuleType

from understudy.core.misconfigured import Misconfigured, nearest

PREFIX = "understudy_behaviour_"
IGNORED = ("__pycache__",)
UNUSED = ("_", "test_", "conftest")
"""Starts of the names of files that no vendor needs to import."""

PARTS: dict[str, tuple[str, ...]] = {
    "operations": (),
    "errors": ("render",),
    "security": (),
    "replies": ("rewrite",),
    "tables": ("TABLES",),
    "start": ("start",),
    "options": ("CREDENTIALS", "SETTINGS"),
    "known_records": ("KNOWN_RECORDS",),
    "sent": ("sent", "set_back"),
    "due": ("due",),
    "records": ("complete", "derive"),
    "shown_records": ("SHOWN",),
}
"""Files that are read of a vendor's folder, each with the names of which it has one at least."""


def behaviour_package(folders: Sequence[Path]) -> str:
    """Return the name of a package whose sub-packages are the vendors in these folders; it is made if it is new."""
    roots = [str(folder.resolve()) for folder in folders]
    name = PREFIX + blake2b("\0".join(roots).encode(), digest_size=6).hexdigest()
    if name not in sys.modules:
        package = ModuleType(name, "Behaviour of users' own vendors.")
        package.__path__ = roots
        sys.modules[name] = package
    return name


def folder_name(vendor: str) -> str:
    """Return the name of a vendor's folder: its own, with ``_`` for each dot, which Python reads as a sub-package."""
    return vendor.replace(".", "_")


def check_folders(folders: Iterable[Path], vendors: Iterable[str], unserved: Iterable[str] = ()) -> None:
    """Raise ``Misconfigured`` for a folder that does not exist, or that has a vendor which is in neither list."""
    served = [*map(folder_name, (*vendors, *unserved))]
    for folder in folders:
        if not folder.is_dir():
            raise Misconfigured(f"{folder}: no such folder of behaviour")
        for path in sorted(folder.iterdir()):
            if path.suffix == ".py" and path.stem in served:
                raise Misconfigured(f"{path}: write its functions into {folder / path.stem / 'operations' / path.name}")
            if path.is_dir() and path.name not in IGNORED and not path.name.startswith(".") and path.name not in served:
                raise Misconfigured(
                    f"{path}: no document of yours is named {path.name!r}{nearest(path.name, served)}"
                    f" (there are {', '.join(served) or 'none'})"
                )


def check_vendor(package: str, name: str, schemes: Collection[str]) -> None:
    """Raise ``Misconfigured`` for a file of a vendor's folder that has no effect, or not the names that it is read for.

    The vendor is loaded: a file that has been imported has an effect. ``schemes`` are the document's security schemes.
    """
    for root in sys.modules[package].__path__:
        folder = Path(root, name)
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            part = path.stem
            if part.startswith(UNUSED) or not (path.suffix == ".py" or (path.is_dir() and [*path.glob("*.py")])):
                continue
            module = sys.modules.get(f"{package}.{name}.{part}")
            if module is None:
                raise Misconfigured(f"{path}: nothing imports it, and it is no part of a vendor{nearest(part, PARTS)}")
            wanted = PARTS.get(part, ())
            if wanted and not any(hasattr(module, each) for each in wanted):
                hint = next(filter(None, (nearest(each, wanted) for each in vars(module) if each[0] != "_")), "")
                raise Misconfigured(f"{path}: has no {' or '.join(wanted)}{hint}")
            if part == "security":
                _check_security(path, module, [*schemes, "anyone", "sign_in", "admit"])


def _check_security(path: Path, module: ModuleType, known: Collection[str]) -> None:
    for name, function in vars(module).items():
        if isfunction(function) and function.__module__ == module.__name__ and name not in known and name[0] != "_":
            raise Misconfigured(f"{path}: {name} is no security scheme of the document{nearest(name, known)}")

"""Behaviour of users' own vendors: folders of Python, each like the folder of a shipped vendor."""

import sys
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from types import ModuleType

from understudy.core.misconfigured import Misconfigured, nearest

PREFIX = "understudy_behaviour_"
IGNORED = ("__pycache__",)


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
            if path.is_dir() and path.name not in IGNORED and not path.name.startswith(".") and path.name not in served:
                raise Misconfigured(
                    f"{path}: no document of yours is named {path.name!r}{nearest(path.name, served)}"
                    f" (there are {', '.join(served) or 'none'})"
                )

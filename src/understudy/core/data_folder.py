"""Folder of the packaged specs and fixtures: in the package when installed, at the top of a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).parent.parent


def data_folder(name: str) -> Path:
    """Return the folder ``specs`` or ``fixtures``: the wheel's copy if it exists, otherwise the checkout's."""
    packaged = PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else PACKAGE.parent.parent / name

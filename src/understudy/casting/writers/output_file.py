"""Where records go: a file that appears when it is whole, or the standard output; compressed by its name."""

import gzip
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO, cast

from understudy.core.misconfigured import Misconfigured

STDOUT = "-"
PART = ".part"
"""How the names of files end that are not whole yet."""


@contextmanager
def open_output(out: str) -> Iterator[BinaryIO]:
    """Open what is written to: after an error, a file of that name is as it was before, or not there."""
    if Path(out).is_dir():
        raise Misconfigured(f"{out} is a folder; name a file in it")
    with _opened(out) as file, compressed(file, out) as inner:
        yield inner


@contextmanager
def _opened(out: str) -> Iterator[BinaryIO]:
    if out == STDOUT:
        with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as file:
            yield file
    elif _is_special(Path(out)):
        with Path(out).open("wb") as file:
            yield file
    else:
        with atomic_file(Path(out)) as whole:
            yield whole


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file under a name of its own beside it, and give it its name when all is written."""
    part = path.with_name(f".{path.name}.{token_hex(8)}{PART}")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def remove_partial_files(path: Path) -> None:
    """Remove what killed processes have left of a file. No process may be writing it."""
    for part in path.parent.glob(f".{path.name}.*{PART}"):
        part.unlink(missing_ok=True)


@contextmanager
def compressed(file: BinaryIO, name: str) -> Iterator[BinaryIO]:
    """Compress what is written, if the name ends in ``.gz`` or ``.zst``; the same bytes every time."""
    if name.endswith(".gz"):
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as inner:
            yield cast(BinaryIO, inner)
    elif name.endswith(".zst"):
        with _zstandard().ZstdCompressor().stream_writer(file, closefd=False) as inner:
            yield inner
    else:
        yield file


def _zstandard() -> Any:
    try:
        return import_module("zstandard")  # late: an optional extra
    except ImportError as missing:
        raise Misconfigured("zstd needs zstandard; install it: pip install zstandard") from missing


def _is_special(path: Path) -> bool:
    """Tell whether a path is a device or pipe, which cannot be put in place of another."""
    return path.exists() and not stat.S_ISREG(path.stat().st_mode)

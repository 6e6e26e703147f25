"""Output of records: a file that is replaced atomically, or the standard output; compressed by its name."""

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
COMPRESSIONS = ("gz", "zst")
"""Suffixes of compressed files, without their dots."""

PART = ".part"
"""Suffix of the names of incomplete files."""


@contextmanager
def open_output(out: str) -> Iterator[BinaryIO]:
    """Open the output; after an error, an existing file is unchanged and a new one is not created."""
    check_output(out)
    with _opened(out) as file, compressed(file, out) as inner:
        yield inner


def check_output(out: str) -> None:
    """Raise ``Misconfigured`` for an output that cannot be a file: a folder, there or not."""
    if not out:
        raise Misconfigured("the name of the output is empty; name a file, or - for the standard output")
    if out.endswith(("/", os.sep)) or Path(out).is_dir():
        raise Misconfigured(f"{out} is a folder; name a file in it")


@contextmanager
def _opened(out: str) -> Iterator[BinaryIO]:
    if out == STDOUT:
        with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as file:
            yield file
    elif is_special(out):
        with Path(out).open("wb") as file:
            yield file
    else:
        with atomic_file(Path(out)) as temporary:
            yield temporary


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file under a temporary name in its folder, and rename it when it is complete."""
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
    """Remove the incomplete files that killed processes left. No process may be writing the file."""
    for part in path.parent.glob(f".{path.name}.*{PART}"):
        part.unlink(missing_ok=True)


@contextmanager
def compressed(file: BinaryIO, name: str) -> Iterator[BinaryIO]:
    """Compress the output if the name ends in ``.gz`` or ``.zst``; the bytes are reproducible."""
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


def is_special(out: str) -> bool:
    """Return whether an output is the standard output, or a device or pipe, which cannot be replaced by a file."""
    path = Path(out)
    return out == STDOUT or (path.exists() and not stat.S_ISREG(path.stat().st_mode))

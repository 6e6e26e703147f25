"""Cache of parsed documents: a JSON file each, after a line with the digest of its text."""

import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson


def digest_of(text: bytes) -> str:
    """Return the digest of a text, as hexadecimal digits."""
    return blake2b(text, digest_size=16).hexdigest()


def load_cached(file: Path) -> Any:
    """Return a stored value; ``None`` if there is none, or it is not what was stored."""
    try:
        digest, _, text = file.read_bytes().partition(b"\n")
    except OSError:
        return None
    return orjson.loads(text) if digest == digest_of(text).encode() else None


def store_cached(file: Path, value: Any) -> None:
    """Store a value, if the folder can be written: in a read-only home the next start reads the document again.

    A value with a number of over 64 bits is not stored.
    """
    try:
        text = orjson.dumps(value)
    except TypeError:
        return
    fresh = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(digest_of(text).encode() + b"\n" + text)
        fresh.replace(file)
    except OSError:
        with suppress(OSError):
            fresh.unlink()

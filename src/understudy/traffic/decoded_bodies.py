"""Bodies without the content codings in which they were sent."""

import zlib
from importlib import import_module

from understudy.core.content_codings import WINDOW_BITS, codings_applied, content_codings
from understudy.state.journal import RawHeaders

MAX_RATIO = 64
"""Times the limit of a body up to which a decoded one is read: more is no text, but an attack."""


class Undecodable(Exception):  # noqa: N818 - a fact about bytes
    """Body in a coding that is not known here, or that is not what its coding says."""


def decoded_body(headers: RawHeaders, body: bytes, limit: int) -> bytes:
    """Return a body decoded; ``headers`` have names in lower case. Raise ``Undecodable``."""
    for coding in reversed(codings_applied(content_codings(headers))) if body else ():
        body = _decode(coding, body, limit * MAX_RATIO)
    return body


def _decode(coding: str, body: bytes, limit: int) -> bytes:
    if coding in WINDOW_BITS:
        return _inflate(coding, body, limit)
    try:
        if coding == "br":
            return bytes(import_module("brotli").decompress(body))
        if coding == "zstd":
            return bytes(import_module("zstandard").ZstdDecompressor().decompressobj().decompress(body))
    except ImportError:
        raise Undecodable(f"the coding {coding} needs a library that is not installed") from None
    except Exception:  # noqa: BLE001 - each library has exceptions of its own
        raise Undecodable(f"the body is no {coding} data") from None
    raise Undecodable(f"the coding {coding} is not known")


def _inflate(coding: str, body: bytes, limit: int) -> bytes:
    widths = (WINDOW_BITS[coding], -zlib.MAX_WBITS) if coding == "deflate" else (WINDOW_BITS[coding],)
    for width in widths:
        inflater = zlib.decompressobj(width)
        try:
            found = inflater.decompress(body, limit)
        except zlib.error:
            continue
        if inflater.unconsumed_tail:
            raise Undecodable("the decoded body is too long")
        if inflater.eof:
            return found
    raise Undecodable(f"the body is no {coding} data")

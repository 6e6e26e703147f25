"""Absolute URLs of a vendor's operations, as the client of a request reaches them."""

import re
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from understudy.contract.document import Document
from understudy.http.authentication import Headers
from understudy.http.vendor_mount import Scope

HOST_NAME = re.compile(r"[A-Za-z0-9._~-]+|[0-9a-f:]+")
TEMPLATE = re.compile(r"\{([^}]*)\}")


def url_builder(document: Document, path: str, scope: Scope, headers: Headers) -> Callable[..., str]:
    """Return a function from an operationId and the values of its path to the operation's URL.

    ``path`` is that of the request, with the vendor's name in front. The URL has the scheme, the host and the world of
    the request, and the vendor's name unless the request came by the vendor's own host.
    """
    base = own_root(scope, headers) + _prefix(document, path, scope)

    def url_for(operation: str, **values: str) -> str:
        paths = (found for _, found, node, _ in document.operations() if node["operationId"] == operation)
        return base + TEMPLATE.sub(lambda name: quote(values[name[1]], safe=""), document.base_path + next(paths))

    return url_for


def own_root(scope: Scope, headers: Headers) -> str:
    """Return scheme and host of the server's URLs, as the client of a request reaches it."""
    return f"{scope.get('scheme', 'http')}://{_host(scope, headers)}"


def _prefix(document: Document, path: str, scope: Scope) -> str:
    """Return what the request has before the vendor's own path: its world, and the vendor's name."""
    raw, name = scope["raw_path"].decode("latin-1"), f"/{document.name}"
    if raw.endswith(path):
        return str(raw.removesuffix(path)) + name
    return str(raw.removesuffix(path.removeprefix(name)))


def _host(scope: Scope, headers: Headers) -> str:
    """Return the host that the request names, or the server's address if it names none that can be in a URL."""
    named = headers.get(b"host", b"").decode("latin-1")
    try:
        parts = urlsplit(f"//{named}")
        is_host = (
            parts.netloc == named
            and "@" not in named
            and HOST_NAME.fullmatch(parts.hostname or "")
            and (parts.port or 1)
        )
    except ValueError:
        is_host = None
    if is_host:
        return named
    host, port = scope.get("server") or ("localhost", None)
    return f"{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}"

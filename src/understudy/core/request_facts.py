"""Facts of a request that no declared parameter holds, for handlers of foreign documents."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

PREFERENCE = re.compile(
    r"""(?:^|[,;])\s*(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^,;]*)))?"""
)
"""Preference of the header ``Prefer``: a name, and a value that may be quoted."""


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """Headers of a request by lower-case name, texts of its query by name, its path, and URLs of operations."""

    headers: Mapping[bytes, bytes]
    query: Mapping[str, Sequence[str]]
    path: str = ""
    url_for: Callable[..., str] = lambda operation, **_values: operation

    def header(self, name: str) -> str:
        """Return a header's text; empty without it."""
        return self.headers.get(name.lower().encode(), b"").decode("latin-1")

    @property
    def preferences(self) -> dict[str, str]:
        """Preferences of ``Prefer`` (RFC 7240), such as ``code=404``, by lower-case name; the first counts."""
        found: dict[str, str] = {}
        for each in PREFERENCE.finditer(self.header("prefer")):
            quoted, plain = each["quoted"], each["plain"] or ""
            value = plain.strip() if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            found.setdefault(each["name"].lower(), value)
        return found

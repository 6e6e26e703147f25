"""Facts of a request that no declared parameter holds, for handlers of foreign documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """Headers of a request by lower-case name, the texts of its query by name, and the address at which it arrived."""

    headers: Mapping[bytes, bytes]
    query: Mapping[str, Sequence[str]]
    path: str = ""

    def header(self, name: str) -> str:
        """Return a header's text; empty without it."""
        return self.headers.get(name.lower().encode(), b"").decode("latin-1")

    @property
    def preferences(self) -> dict[str, str]:
        """Preferences of the header ``Prefer`` (RFC 7240), such as ``code=404``, by lower-case name."""
        found = {}
        for part in self.header("prefer").replace(";", ",").split(","):
            name, _, value = part.strip().partition("=")
            if name:
                found[name.strip().lower()] = value.strip().strip('"')
        return found

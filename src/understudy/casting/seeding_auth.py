"""Authentication of the seeding client at a vendor, and the ids that it replaces."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Credentials = Mapping[str, Any]
PostForm = Callable[[str, Mapping[str, str]], dict[str, Any]]
"""Function that posts a form to a path below the vendor's base URL, and returns the JSON object of the response."""


@dataclass(frozen=True, slots=True)
class SeedingAuth:
    """Authentication at one vendor: ``headers`` returns a client's request headers for the credentials.

    ``ids`` maps names of credentials to the ids in generated records that are replaced by their values.
    """

    headers: Callable[[Credentials, PostForm], dict[str, str]] = lambda _credentials, _post_form: {}
    ids: Mapping[str, str] = field(default_factory=dict)

    def replaced_ids(self, credentials: Credentials) -> dict[str, str]:
        """Return the ids in generated records that credentials replace by others, each with the other."""
        found = {old: str(credentials[name]) for name, old in self.ids.items() if name in credentials}
        return {old: new for old, new in found.items() if old != new}


def replace_ids(value: Any, ids: Mapping[str, str]) -> Any:
    """Return a value with ids replaced, at any depth."""
    if isinstance(value, dict):
        return {name: replace_ids(part, ids) for name, part in value.items()}
    if isinstance(value, list):
        return [replace_ids(part, ids) for part in value]
    return ids.get(value, value) if isinstance(value, str) else value

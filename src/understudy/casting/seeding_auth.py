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

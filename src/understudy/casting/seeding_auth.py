"""How a vendor is entered from outside, to be told a scenario's records: what to show, and what goes by another id."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Credentials = Mapping[str, Any]
PostForm = Callable[[str, Mapping[str, str]], dict[str, Any]]
"""Posts a form to a path below the vendor's base URL, and returns the object that is answered."""


@dataclass(frozen=True, slots=True)
class SeedingAuth:
    """A vendor's door. ``headers`` gives those of a client with these credentials.

    ``ids`` says which of the credentials takes the place of an id that the generated records name.
    """

    headers: Callable[[Credentials, PostForm], dict[str, str]] = lambda _known, _ask: {}
    ids: Mapping[str, str] = field(default_factory=dict)

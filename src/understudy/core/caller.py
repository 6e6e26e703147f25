"""Who is asking."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class BasicCredentials:
    """User name and password of an HTTP Basic header, decoded."""

    username: str
    password: str


@dataclass(slots=True)  # not frozen: that would cost each request a microsecond
class Caller:
    """Whoever a credential belongs to: a name, the scopes it carries, and what else the vendor knows of it.

    ``is_anyone`` marks a caller let in without being known; scopes are not asked of it.
    """

    name: str
    scopes: frozenset[str] = frozenset()
    claims: Mapping[str, Any] = field(default_factory=dict)
    is_anyone: bool = False

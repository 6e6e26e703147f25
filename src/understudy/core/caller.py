"""Caller: authenticated client of a request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class BasicCredentials:
    """Decoded user name and password of an HTTP Basic header."""

    username: str
    password: str


@dataclass(slots=True)  # not frozen: that would cost each request a microsecond
class Caller:
    """Client that sent a request: its name, its scopes, and other values that the vendor holds about it in ``claims``.

    ``is_anyone`` marks a client that was accepted without being identified; its scopes are not checked.
    """

    name: str
    scopes: frozenset[str] = frozenset()
    claims: Mapping[str, Any] = field(default_factory=dict)
    is_anyone: bool = False

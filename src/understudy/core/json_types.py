"""Types of JSON objects in Python."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
"""JSON object that its holder may change."""

ReadOnlyJson = Mapping[str, Any]
"""JSON object that is shared: its holder changes nothing in it, at any depth."""

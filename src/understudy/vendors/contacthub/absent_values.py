"""Optional properties without a value: null counts as absent where the vendor's page gives it no meaning (inferred)."""

from typing import Any


def without_nulls(value: Any) -> Any:
    """Return a JSON value without the members that are null, at any depth."""
    if isinstance(value, dict):
        return {name: without_nulls(part) for name, part in value.items() if part is not None}
    return [without_nulls(part) for part in value] if isinstance(value, list) else value

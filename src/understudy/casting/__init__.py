"""Data generation: people, shops and products of a scenario, and vendors' records of them."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.casting.api import Cast
    from understudy.casting.records import Records
    from understudy.casting.scenario import Scenario

__all__ = ["Cast", "Records", "Scenario"]

_MODULES = {"Cast": "api", "Records": "records", "Scenario": "scenario"}


def __getattr__(name: str) -> Any:
    """Return a public class, imported at its first use: a server does not need it and starts faster without."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)

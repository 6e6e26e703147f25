"""Who exists: people, shops and products, and the records that vendors keep of them."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.casting.api import Cast
    from understudy.casting.records import Records
    from understudy.casting.scenario import Scenario

__all__ = ["Cast", "Records", "Scenario"]

_HOMES = {"Cast": "api", "Records": "records", "Scenario": "scenario"}


def __getattr__(name: str) -> Any:
    """Import what programs ask for when they ask: a server needs less, and must not wait for it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

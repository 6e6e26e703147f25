"""Checks of rules of deliveries that a client sets, alone or in a snapshot."""

from collections.abc import Iterator
from typing import Any

from understudy.control.control_state import ControlState
from understudy.control.secret_texts import HIDDEN
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.deliveries.rules import InvalidRule, read_rules


def check_rules(state: ControlState, rules: list[Json]) -> tuple[Json, ...]:
    """Return rules; raise ``Refused`` for a mistake in them, and for a target that is not allowed."""
    try:
        read_rules(rules, state.delivery_hosts)
    except InvalidRule as error:
        place = "/".join(map(str, ("deliveries", *error.keys)))
        raise Refused(422, f"{place}: {error}") from None
    if any(HIDDEN in text for text in _texts(rules)):
        raise Refused(422, f"deliveries: {HIDDEN} stands where a credential was not shown: give it anew")
    return tuple(rules)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(part)

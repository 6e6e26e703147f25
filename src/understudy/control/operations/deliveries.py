"""Deliveries of a world: list them, send them again, set the rules by which they are made."""

from collections.abc import Mapping
from typing import Any

from understudy.control.control_state import ControlState
from understudy.control.delivery_checks import check_rules
from understudy.control.pattern_checks import check_query
from understudy.control.secret_texts import HIDDEN
from understudy.control.secrets import ALWAYS, Names, looks_secret
from understudy.control.times import read_seconds
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import Steps
from understudy.core.wildcards import compiled
from understudy.deliveries.rules import DeliveryRule, find_rule, read_rules
from understudy.deliveries.sent_messages import collect_due
from understudy.state.outbox import time_of
from understudy.state.vendor_state import VendorState
from understudy.state.world import World

SHOWN = ("kind", "destination", "method", "operation", "because", "body", "headers", "attributes", "group", "created",
         "state", "attempts", "next_at")  # fmt: skip
"""Members of an outbox's record that are shown."""


def list_deliveries(
    control: ControlState, world: str, offset: int, limit: int, *, reveal: bool, **narrowing: Any
) -> Steps[Reply]:
    """Return the deliveries that fit, oldest first, from ``offset`` on, at most ``limit``."""
    check_query(control.vendors, {"vendor": narrowing["vendor"]})
    target = control.world(world)
    found = yield from _matching(control, target, narrowing)
    rules = _Rules(control, target)
    shown = [_shown(name, record, rules, reveal=reveal) for name, record in found[offset : offset + limit]]
    dropped = sum(each.outbox.dropped for each in target.vendors.values())
    return Reply({"total": len(found), "offset": offset, "dropped": dropped}, items=iter(shown), at=("deliveries",))


def get_delivery(state: ControlState, world: str, delivery: str, *, reveal: bool) -> Reply:
    """Return one delivery."""
    target = state.world(world)
    vendor_state, record = _find(target, delivery)
    return Reply(_shown(vendor_state.vendor, record, _Rules(state, target), reveal=reveal))


def resend_delivery(state: ControlState, world: str, delivery: str) -> Steps[Reply]:
    """Make one delivery due again now, in whatever state it is."""
    target = state.world(world)
    vendor_state, _ = _find(target, delivery)
    yield from vendor_state.separate()
    vendor_state.outbox.resend(delivery)
    _, record = _find(target, delivery)
    return Reply(_shown(vendor_state.vendor, record, _Rules(state, target), reveal=False))


def replay_deliveries(state: ControlState, world: str, body: Json) -> Steps[Reply]:
    """Make the deliveries that fit due again now, oldest first."""
    if "vendor" in body and body["vendor"] not in state.vendors:
        check_query(state.vendors, {"vendor": body["vendor"]})
    target = state.world(world)
    found = yield from _matching(state, target, body)
    for vendor_state in target.vendors.values():
        yield from vendor_state.separate()
    for name, record in found:
        target.vendors[name].outbox.resend(record["id"])
        yield
    return Reply({"resent": len(found)})


def get_delivery_settings(state: ControlState, world: str) -> Reply:
    """Return the rules of a world, and those of the server, which come after them."""
    return Reply(_settings(state, state.world(world)))


def set_delivery_settings(state: ControlState, world: str, body: Json) -> Reply:
    """Set the rules of a world, in place of those that it has."""
    target = state.world(world)
    rules = check_rules(state, body["deliveries"])
    target.deliveries = rules
    state.worlds.signal.note(world)
    return Reply(_settings(state, target))


def _settings(state: ControlState, world: World) -> Json:
    rules: Json = Names().hide({"deliveries": list(world.deliveries), "server": list(state.delivery_rules)})
    return rules


def _matching(state: ControlState, world: World, narrowing: Mapping[str, Any]) -> Steps[list[tuple[str, Json]]]:
    """Return the vendors' records that fit, those that are due by the clock too: oldest first, in steps."""
    yield from collect_due(world, {name: each.vendor for name, each in state.vendors.items()})
    wanted = {name: value for name in ("kind", "state") if (value := narrowing.get(name)) is not None}
    destination = narrowing.get("destination")
    pattern = None if destination is None else compiled(destination)
    found = []
    for name, vendor_state in world.vendors.items():
        if narrowing.get("vendor") not in (None, name):
            continue
        for record in vendor_state.outbox:
            if (
                all(record[member] == value for member, value in wanted.items())
                and (pattern is None or pattern.fullmatch(record["destination"]))
                and _is_within(record["created"], narrowing)
            ):
                found.append((name, record))
            yield
    return sorted(found, key=lambda each: each[1]["created"])


def _is_within(created: str, narrowing: Mapping[str, Any]) -> bool:
    since, until = narrowing.get("since"), narrowing.get("until")
    if since is None and until is None:
        return True
    at = time_of(created).timestamp()
    return (since is None or at >= read_seconds(since)) and (until is None or at < read_seconds(until))


class _Rules:
    """Rules of a world and of the server, by the destinations that were asked for."""

    def __init__(self, state: ControlState, world: World) -> None:
        self._rules = read_rules([*world.deliveries, *state.delivery_rules], None)
        self._found: dict[str, DeliveryRule | None] = {}

    def target(self, destination: str) -> str | None:
        """Return the target of a destination, or ``None``."""
        if destination not in self._found:
            self._found[destination] = find_rule(self._rules, destination)
        rule = self._found[destination]
        return None if rule is None else rule.target


def _find(world: World, delivery: str) -> tuple[VendorState, Json]:
    """Return a record, and the state of its vendor; raise ``Refused`` if there is none."""
    for vendor_state in world.vendors.values():
        record = vendor_state.outbox.get(delivery)
        if record is not None:
            return vendor_state, record
    raise Refused(404, f"there is no delivery {delivery!r}")


def _shown(vendor: str, record: Json, rules: _Rules, *, reveal: bool) -> Json:
    shown = {"id": record["id"], "vendor": vendor, **{name: record[name] for name in SHOWN}}
    shown["target"] = rules.target(record["destination"])
    if not reveal:
        shown["headers"] = {
            name: HIDDEN if name.lower() in ALWAYS or looks_secret(name) else value
            for name, value in record["headers"].items()
        }
        shown |= Names().hide({name: shown[name] for name in ("destination", "target", "attempts")})
    return shown

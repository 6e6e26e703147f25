"""Rules of deliveries: which destinations have which target, and how often and in which order it is tried."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from re import Pattern
from typing import Any

from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.deliveries.queue_library import INSTALL, is_installed, needs_library
from understudy.deliveries.signing import InvalidSigning, Signing, read_signing
from understudy.deliveries.targets import InvalidTarget, check_target, destination_pattern, split_target
from understudy.deliveries.templates import InvalidTemplate, check_template

MAX_ATTEMPTS = 100
MAX_SECONDS = 366 * 86_400.0
"""Longest wait before an attempt, in seconds of the world's clock."""

MAX_TIMEOUT = 300.0
MAX_RULES = 1000


class InvalidRule(ValueError):  # noqa: N818 - a fact about a rule
    """Mistake in a rule; ``keys`` lead to the mistaken value."""

    def __init__(self, reason: str, *keys: int | str) -> None:
        super().__init__(reason)
        self.keys = keys


@dataclass(frozen=True, slots=True)
class Retries:
    """Number of attempts, and the waits between them in seconds of the world's clock.

    Without ``delays`` the waits grow from ``first`` by ``factor`` up to ``maximum``; of ``delays`` the last repeats.
    """

    attempts: int = 5
    first: float = 1.0
    factor: float = 4.0
    maximum: float = 300.0
    delays: tuple[float, ...] = ()

    def delay(self, tries: int) -> float | None:
        """Return the wait after this number of failed attempts; ``None`` if there were enough."""
        if tries >= self.attempts:
            return None
        if self.delays:
            return self.delays[min(tries, len(self.delays)) - 1]
        wait = self.first
        for _ in range(tries - 1):
            wait = min(wait * self.factor, self.maximum)
        return min(wait, self.maximum)


@dataclass(frozen=True)
class DeliveryRule:
    """Rule for the destinations that a pattern fits; without a ``target`` nothing is delivered to them.

    ``template`` is as the user wrote it. ``timeout`` is in real seconds. An ``ordered`` target gets
    the messages of one destination and group one after the other: the next when the last is delivered or given up.
    """

    destination: str
    target: str | None = None
    ordered: bool = False
    timeout: float = 10.0
    retries: Retries = field(default_factory=Retries)
    signing: Signing | None = None
    template: Any = None

    @cached_property
    def pattern(self) -> Pattern[str]:
        """Compiled pattern of the destination."""
        return destination_pattern(self.destination)

    def fits(self, destination: str) -> bool:
        """Return whether the rule is for a destination."""
        return self.pattern.fullmatch(destination) is not None


def find_rule(rules: Iterable[DeliveryRule], destination: str) -> DeliveryRule | None:
    """Return the first rule that fits a destination."""
    return next((rule for rule in rules if rule.fits(destination)), None)


def read_rules(value: Any, hosts: Collection[str] | None) -> tuple[DeliveryRule, ...]:
    """Return the rules of a JSON list; raise ``InvalidRule``, also for a target on none of ``hosts``, if given."""
    if not isinstance(value, list):
        raise InvalidRule(
            "must be a list of rules, such as `- {destination: '*', target: 'http://127.0.0.1:9000/'}`,"
            f" not {_shown(value)}"
        )
    if len(value) > MAX_RULES:
        raise InvalidRule(f"has {len(value)} rules, {MAX_RULES} at most are allowed")
    found = []
    for number, each in enumerate(value):
        try:
            found.append(_read_rule(each, hosts))
        except InvalidRule as error:
            raise InvalidRule(str(error), number, *error.keys) from None
    return tuple(found)


def _read_rule(value: Any, hosts: Collection[str] | None) -> DeliveryRule:
    _check_keys(value, "a rule", RULE_KEYS)
    for name in ("destination", "target"):
        if name not in value:
            raise InvalidRule(f"a rule needs a {name}")
    found: Json = {}
    for name, each in value.items():
        try:
            found[name] = RULE_KEYS[name](each)
        except InvalidRule as error:
            raise InvalidRule(str(error), name, *error.keys) from None
    rule = DeliveryRule(**found)
    if rule.target is not None and needs_library(rule.destination, rule.target) and not is_installed():
        raise InvalidRule(INSTALL, "target")
    if hosts is not None and rule.target is not None:
        try:
            check_target(rule.target, hosts)
        except InvalidTarget as error:
            raise InvalidRule(str(error), "target") from None
    return rule


def _destination(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise InvalidRule(f"destination must be a text, in which * stands for any text, not {_shown(value)}")
    return value


def _target(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidRule(f"target must be a URL, or null for no delivery, not {_shown(value)}")
    try:
        split_target(value)
    except InvalidTarget as error:
        raise InvalidRule(str(error)) from None
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidRule(f"ordered must be true or false, not {_shown(value)}")
    return value


def _number(name: str, value: Any, low: float, high: float) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    if not is_number or not low <= value <= high:
        raise InvalidRule(f"{name} must be a number from {low:g} to {high:g}, not {_shown(value)}")
    return float(value)


def _timeout(value: Any) -> float:
    return _number("timeout", value, 0.01, MAX_TIMEOUT)


def _retries(value: Any) -> Retries:
    _check_keys(value, "retries", ("attempts", "backoff"))
    attempts = value.get("attempts", Retries().attempts)
    if type(attempts) is not int or not 1 <= attempts <= MAX_ATTEMPTS:
        raise InvalidRule(
            f"attempts must be a whole number from 1 to {MAX_ATTEMPTS}, not {_shown(attempts)}", "attempts"
        )
    try:
        return Retries(attempts, **(_backoff(value["backoff"]) if "backoff" in value else {}))
    except InvalidRule as error:
        raise InvalidRule(str(error), "backoff", *error.keys) from None


def _backoff(value: Any) -> Json:
    if isinstance(value, list):
        if not value:
            raise InvalidRule("backoff must have a wait in seconds at least, such as [5, 300]")
        waits = tuple(_number("a wait of backoff", each, 0, MAX_SECONDS) for each in value)
        return {"delays": waits}
    _check_keys(value, "backoff", BACKOFF)
    return {
        BACKOFF[name]: _number(f"{name} of backoff", each, 1 if name == "factor" else 0, MAX_SECONDS)
        for name, each in value.items()
    }


BACKOFF = {"first": "first", "factor": "factor", "max": "maximum"}


def _signing(value: Any) -> Signing:
    try:
        return read_signing(value)
    except InvalidSigning as error:
        raise InvalidRule(str(error)) from None


def _template(value: Any) -> Any:
    try:
        check_template(value)
    except InvalidTemplate as error:
        raise InvalidRule(str(error)) from None
    return value


RULE_KEYS: dict[str, Callable[[Any], Any]] = {
    "destination": _destination,
    "target": _target,
    "ordered": _flag,
    "timeout": _timeout,
    "retries": _retries,
    "signing": _signing,
    "template": _template,
}
"""Keys of a rule, each with the reader of its value."""


def _check_keys(value: Any, what: str, known: Collection[str]) -> None:
    if not isinstance(value, dict):
        raise InvalidRule(f"{what} must be names and values, not {_shown(value)}")
    for name in value:
        if name not in known:
            hint = nearest(str(name), known) or f"; known are {', '.join(known)}"
            raise InvalidRule(f"{what} has an unknown key {name!r}{hint}", name)


def _shown(value: Any) -> str:
    return repr(value)[:100]

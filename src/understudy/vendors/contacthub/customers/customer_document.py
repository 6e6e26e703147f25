"""Changes of a customer document: create, merge, patch and replace.

A request body is sparse: a name that is left out and a null mean different things. The result is always the full form.
"""

from collections.abc import Iterable

from understudy.state.collection import Json
from understudy.vendors.contacthub.customers.full_document import complete_subscription, expand

PARTS = ("externalId", "base", "consents", "extended", "extra", "tags", "enabled")
"""What a client may write; all else of a customer is the server's."""

SERVER_TIMES = ("registeredAt", "updatedAt")
"""The times of a subscription that the server fills in where none is sent."""


def new_document(blank: Json, sent: Json, now: str) -> Json:
    """Return a new customer: what the server makes of it, and what was sent."""
    base = sent.get("base") or {}
    subscriptions = merge_subscriptions([], base.get("subscriptions") or [], now)
    return expand(blank | _parts_of(sent) | {"base": {**base, "subscriptions": subscriptions}})


def merge(customer: Json, sent: Json, now: str) -> Json:
    """Return a customer with what is sent on top; lists are appended to, and a null takes no list or object away."""
    return _put_on(customer, sent, now, is_appended=True, is_strict=False)


def patch(customer: Json, sent: Json, now: str, *, is_strict: bool) -> Json:
    """Return a customer with what is sent on top; null unsets, lists are replaced.

    Subscriptions are merged one by one unless ``is_strict``.
    """
    return _put_on(customer, sent, now, is_appended=False, is_strict=is_strict)


def replace(customer: Json, sent: Json, now: str, *, is_strict: bool) -> Json:
    """Return a customer with what is sent in place of all that a client may write.

    Subscriptions are merged one by one unless ``is_strict``.
    """
    base = sent.get("base") or {}
    old = [] if is_strict else customer["base"]["subscriptions"]
    subscriptions = merge_subscriptions(old, base.get("subscriptions") or [], now)
    kept = {name: value for name, value in customer.items() if name not in PARTS}
    return expand(kept | _parts_of(sent) | {"base": {**base, "subscriptions": subscriptions}})


def merge_subscriptions(old: Iterable[Json], sent: Iterable[Json], now: str) -> list[Json]:
    """Return subscriptions by id: of one that is there already, what is not sent stays."""
    found = {subscription["id"]: subscription for subscription in old}
    for subscription in sent:
        found[subscription["id"]] = write_subscription(found.get(subscription["id"], {}), subscription, now)
    return list(found.values())


def write_subscription(old: Json, sent: Json, now: str) -> Json:
    """Return a subscription with what is sent on top of the old one, with the server's times where none are sent."""
    whole = sent
    if old:
        given = {name: value for name, value in sent.items() if value is not None or name not in SERVER_TIMES}
        whole = _graft(old, given, is_appended=False)
    written = complete_subscription(whole)
    if whole.get("preferences") is not None:
        written["preferences"] = _preferences(whole["preferences"])
    written["registeredAt"] = written["registeredAt"] or now
    if sent.get("updatedAt") is None and written != old:
        written["updatedAt"] = now
    return written


def _put_on(customer: Json, sent: Json, now: str, *, is_appended: bool, is_strict: bool) -> Json:
    whole = _graft(customer, _parts_of(sent), is_appended=is_appended)
    given = (sent.get("base") or {}).get("subscriptions")
    if given is not None:
        old = [] if is_strict else customer["base"]["subscriptions"]
        whole["base"]["subscriptions"] = merge_subscriptions(old, given, now)
    return expand(whole)


def _parts_of(sent: Json) -> Json:
    return {name: sent[name] for name in PARTS if name in sent}


def _graft(old: Json, sent: Json, *, is_appended: bool) -> Json:
    """Return an object with another on top, deeply."""
    grown = dict(old)
    for name, value in sent.items():
        before = old.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            grown[name] = _graft(before, value, is_appended=is_appended)
        elif is_appended and isinstance(before, list) and isinstance(value, list):
            grown[name] = before + value
        elif not (is_appended and value is None and isinstance(before, dict | list)):
            grown[name] = value
    return grown


def _preferences(choices: list[Json]) -> list[Json]:
    return [{name: choice[name] for name in ("key", "value") if name in choice} for choice in choices]

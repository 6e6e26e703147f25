"""Plain model of one node's customers: each a flat map of paths. It shares no code with the implementation."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Path = tuple[str, ...]

SUBSCRIPTIONS: Path = ("base", "subscriptions")
EMAIL: Path = ("base", "contacts", "email")
WRITABLE = ("externalId", "base", "consents", "extended", "extra", "tags", "enabled")
LISTS = {
    SUBSCRIPTIONS,
    ("base", "jobs"),
    ("base", "likes"),
    ("base", "educations"),
    ("base", "contacts", "otherContacts"),
    ("tags", "auto"),
    ("tags", "manual"),
}
OBJECTS = {
    ("base",),
    ("base", "contacts"),
    ("base", "address"),
    ("consents",),
    ("consents", "profiling"),
    ("extended",),
    ("tags",),
}


class Denied(Exception):  # noqa: N818 - the model's own refusal
    """Refusal of a request by the model, with the expected status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Model:
    """Customers, sessions and events by id; an event has its customer, or the session that it waits for."""

    def __init__(self) -> None:
        self.customers: dict[str, dict[Path, Any]] = {}
        self.versions: dict[str, int] = {}
        self.sessions: dict[str, tuple[str, str]] = {}
        self.events: dict[str, tuple[str, str]] = {}

    def equal(self, flat: dict[Path, Any]) -> str | None:
        email = flat.get(EMAIL)
        for key, other in self.customers.items():
            if email and other.get(EMAIL, "").lower() == email.lower():
                return key
        return None

    def create(self, body: Json) -> tuple[str | None, dict[Path, Any]]:
        """Return the key of the customer that a POST changes (``None`` for a new one), and its values afterwards."""
        fresh: dict[Path, Any] = {("enabled",): True}
        write(fresh, body)
        if EMAIL not in fresh:
            raise Denied(400)
        key = self.equal(fresh)
        if key is None:
            return None, fresh
        merged = dict(self.customers[key])
        for path, value in leaves(body):
            if isinstance(value, list):
                merged_list(merged, path, value)
            elif value is not None or (path not in LISTS and path not in OBJECTS):
                put_at(merged, path, value)
        return key, merged

    def patch(self, key: str, body: Json, *, strict: bool) -> dict[Path, Any]:
        before = self.customers[key]
        after = dict(before)
        write(after, body, strict=strict)
        if EMAIL in before and EMAIL not in after:
            raise Denied(400)
        return self.unequal(key, after)

    def put(self, key: str, body: Json, *, strict: bool) -> dict[Path, Any]:
        alone: dict[Path, Any] = {("enabled",): True, SUBSCRIPTIONS: []}
        given = {**body, "base": {k: v for k, v in (body.get("base") or {}).items() if k != "subscriptions" or v}}
        write(alone, given, strict=strict)
        if EMAIL not in alone:
            raise Denied(400)
        after = alone if strict else dict(self.customers[key])
        if not strict:
            write(after, body, strict=False)
        return self.unequal(key, after)

    def unequal(self, key: str, after: dict[Path, Any]) -> dict[Path, Any]:
        before = self.customers[key].get(EMAIL, "").lower()
        if after.get(EMAIL, "").lower() != before and self.equal(after) not in (None, key):
            raise Denied(409)
        return after

    def owner(self, value: str) -> str | None:
        return next((customer for known, customer in self.sessions.values() if known == value), None)

    def remove(self, key: str) -> None:
        del self.customers[key], self.versions[key]
        self.sessions = {name: session for name, session in self.sessions.items() if session[1] != key}
        self.events = {name: event for name, event in self.events.items() if event != ("customer", key)}

    def reconcile(self, value: str, key: str) -> None:
        waiting = [name for name, event in self.events.items() if event == ("session", value)]
        self.events |= dict.fromkeys(waiting, ("customer", key))


def write(flat: dict[Path, Any], body: Json, *, strict: bool = False) -> None:
    """Merge a body into a customer: null unsets, lists are replaced, subscriptions merge one by one unless strict."""
    for path, value in leaves(body):
        if path == SUBSCRIPTIONS and value is not None:
            flat[path] = [] if strict else flat.get(path, [])
            merged_list(flat, path, value)
        elif isinstance(value, list):
            flat.pop(path, None)
            merged_list(flat, path, value)
        else:
            put_at(flat, path, value)


def leaves(body: Json) -> Iterator[tuple[Path, Any]]:
    """Yield the values of a body by path; a list is one value."""
    todo: list[tuple[Path, Any]] = [((name,), value) for name, value in body.items() if name in WRITABLE]
    for path, value in todo:
        if isinstance(value, dict):
            todo += [((*path, name), inner) for name, inner in value.items()]
        else:
            yield path, value


def put_at(flat: dict[Path, Any], path: Path, value: Any) -> None:
    for known in [known for known in flat if known[: len(path)] == path]:
        del flat[known]
    if value is not None:
        flat[path] = value


def merged_list(flat: dict[Path, Any], path: Path, sent: list[Any]) -> None:
    """Append without duplicates; elements with an id are compared by it, others as a whole."""
    found = list(flat.get(path, []))
    for element in sent:
        new = pruned(element)
        place = next((n for n, old in enumerate(found) if same(old, new)), None)
        if place is None:
            found.append(new)
        elif path == SUBSCRIPTIONS:
            found[place] = pruned({**found[place], **element})
        else:
            found[place] = new
    flat[path] = found


def same(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and "id" in one:
        return bool(one["id"] == other["id"])
    return bool(one == other)


def pruned(value: Any) -> Any:
    """Return a value without null and empty values, at any depth."""
    if isinstance(value, dict):
        cut = {name: pruned(inner) for name, inner in value.items()}
        return {name: inner for name, inner in cut.items() if inner not in (None, {}, [])}
    return [pruned(inner) for inner in value] if isinstance(value, list) else value


def nested(flat: dict[Path, Any]) -> Json:
    """Return a customer of the model in the shape of a response, pruned."""
    whole: Json = {}
    for path, value in flat.items():
        place = whole
        for name in path[:-1]:
            place = place.setdefault(name, {})
        place[path[-1]] = value
    return dict(pruned(whole))


def answered(customer: Json) -> Json:
    """Return the client's properties of a response, pruned, without the server's times of subscriptions."""
    whole: Json = pruned({name: customer[name] for name in WRITABLE})
    for subscription in whole.get("base", {}).get("subscriptions", []):
        del subscription["registeredAt"], subscription["updatedAt"]
    return whole

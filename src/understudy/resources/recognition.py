"""Recognition of the resources of a document: pairs of a collection's path and an item's path."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from understudy.contract.compiled_operations import Operation, Response
from understudy.contract.document import Document
from understudy.contract.parameters import python_name
from understudy.contract.text_values import CachedTyper
from understudy.core.media_types import FORM, MULTIPART, is_json
from understudy.resources.hinted import Hinted
from understudy.resources.resource import FIRST, IDS, Place, Resource, Use, plain, singular

TEMPLATE = re.compile(r"\{([^{}]*)\}")
LAST_TEMPLATE = re.compile(r"^(?P<collection>.*?)/(?P<before>[^/{}]*)\{(?P<id>[^{}]*)\}(?P<after>[^/{}]*)/?$")
WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+")
ALTERNATIVES = re.compile(r"^(?P<id>.+?)(?:[_-]or[_-]|Or(?=[A-Z]))(?P<alias>.+)$")
SUFFIX = re.compile(r"\.[a-z]+$")

ID_NAMES = ("id", "uuid", "sid", "gid", "guid", "key", "slug", "code", "name", "number", "username", "login")
WRAPS = frozenset({"data", "result", "item"})
"""Members that hold the record of an answer, or another member that does."""

ENVELOPE = frozenset({"links", "meta", "metadata", "pagination", "paging", "errors", "error"})
"""Members beside a record that describe the answer."""

ID_ENDINGS = ("id", "uuid", "key", "slug", "name", "code")
"""Ends of the names of properties that may identify a record."""

NUMBERS = frozenset({"integer", "number"})
TEXTS = frozenset({"slug", "code", "name", "username", "login"})
"""Names of properties that identify a record unless its path asks for a number."""

BOUNDS = frozenset({"pattern", "format", "enum", "maxLength", "minLength"})
DIGITS = {"type": "string", "pattern": "^[1-9][0-9]{5}$"}
"""Schema of an id that is a text in the record, and a number in the path."""

MIN_NAME = 2
"""Length of the shortest ending of a parameter's name that says more than that it is an id."""

MAX_DEPTH = 3
"""Levels of a body at which a record or a list of records is looked for."""

MAX_BESIDE = 4
"""Number of members beside a record in an answer that wraps it."""

MIN_SHARED = 0.5
"""Share of a record's properties that a list's items have if they are the same kind of record."""


def find_resources(document: Document, operations: Iterable[Operation]) -> list[Resource]:
    """Return the resources of a document, in the order of their items' paths."""
    return _Recogniser(document, operations).resources()


class _Recogniser:
    def __init__(self, document: Document, operations: Iterable[Operation]) -> None:
        self._document = document
        self._typer = CachedTyper(document)
        self._by_path: dict[str, dict[str, Operation]] = {}
        self._hinted = Hinted(document)
        self._placed = [each for each in operations if self._hinted.role(each)]
        for each in operations:
            if self._hinted.is_sample(each) or self._hinted.role(each):
                continue
            self._by_path.setdefault(each.path, {})[each.method] = each
        self._below: dict[str, list[dict[str, Operation]]] = {}
        """Operations of the paths with one more segment, which is no template, by path."""
        for path, methods in self._by_path.items():
            above, _, last = path.rstrip("/").rpartition("/")
            if last and not TEMPLATE.search(last):
                self._below.setdefault(above, []).append(methods)
        self._names: set[str] = set()

    def resources(self) -> list[Resource]:
        found = []
        for path in self._by_path:
            resource = self._resource(path)
            if resource is not None:
                found.append(resource)
        found = [*self._without_shared(found)]
        taken = {id(use.operation) for each in found for use in each.uses}  # POST /orders/{id}/lines creates a line
        for resource in found:
            self._add_actions(resource, taken)
        found += self._singletons({id(use.operation) for each in found for use in each.uses})
        for operation in self._placed:
            owner = self._hinted.owner(operation, found)
            owner.uses = [use for use in owner.uses if use.operation is not operation]
            self._add(owner, operation, self._hinted.role(operation))
        return found

    def _without_shared(self, found: list[Resource]) -> Iterator[Resource]:
        """Yield the resources without the operations that are rather those of a collection at an item's path.

        ``POST /flags/{project}`` creates a flag that is read at ``/flags/{project}/{flag}``, and changes no project.
        """
        likeness = {
            (id(use.operation), use.role): self._likeness(each, use)
            for each in found
            for use in each.uses
            if use.role in ("create", "list") and use.place is not None
        }
        for resource in found:
            resource.uses = [use for use in resource.uses if self._is_own(resource, use, likeness)]
            if any(use.role in ("read", "list", "create") for use in resource.uses):
                yield resource

    def _is_own(self, resource: Resource, use: Use, likeness: Mapping[tuple[int, str], float]) -> bool:
        """Return whether a use is of this resource, rather than of one whose collection is at its items' path."""
        operation = id(use.operation)
        if use.role == "read" and (operation, "list") in likeness:
            return bool(resource.id_property) and (use.place or ())[-1:] != (FIRST,)
        if use.role == "change" and (operation, "create") in likeness:
            reads = (each for each in resource.uses if each.role == "read")
            is_read = any(self._is_own(resource, each, likeness) for each in reads)
            return is_read and self._likeness(resource, use) >= likeness[operation, "create"]
        return True

    def _likeness(self, resource: Resource, use: Use) -> float:
        """Return the share of a resource's properties that an answer shows."""
        wanted = self._typer.properties(resource.schema).keys()
        shown = () if use.place is None else self._typer.properties(self._at(use.schema, use.place))
        return len(wanted & set(shown)) / max(len(wanted), 1)

    def _resource(self, path: str) -> Resource | None:
        matched = LAST_TEMPLATE.match(path)
        if matched is None or matched["before"]:
            return None
        collection = matched["collection"]
        ways_there = (collection + matched["after"], f"{collection}/")
        collection_path = next((each for each in ways_there if each in self._by_path), collection)
        ours = self._by_path.get(collection_path, {}) if collection_path in ways_there else {}
        item = self._by_path[path]
        if not (item.keys() & {"get", "put", "patch", "delete"}):
            return None
        schema = self._record_schema(item, ours, collection, matched["id"])
        if schema is None:
            return None
        ways = [*ours.values(), *item.values()]
        name = self._hinted.name(ways, schema, path, self._names) or self._name(collection)
        self._names.add(name)
        parents = tuple(python_name(each) for each in TEMPLATE.findall(collection))
        hinted_id = self._hinted.id_property(ways, schema, path)
        id_parameter = python_name(matched["id"])
        asked = self._asked_schema(item, id_parameter)
        either = ALTERNATIVES.match(matched["id"])
        id_property = hinted_id or self._id_property(schema, either["id"] if either else matched["id"], name, asked)
        id_schema = self._id_schema(schema, id_property, asked)
        resource = Resource(name, collection_path, path, id_parameter, parents, schema, id_property, id_schema)
        resource.alias = self._alias(schema, either["alias"]) if either else ""
        self._add_uses(resource, item, ours)
        return resource if any(use.role in ("read", "list", "create") for use in resource.uses) else None

    def _singletons(self, taken: Collection[int]) -> Iterator[Resource]:
        """Yield the single records: paths without an id of their own that are read, and replaced or changed."""
        for path, methods in self._by_path.items():
            last = path.rstrip("/").rpartition("/")[2]
            writing = [methods[each] for each in ("put", "patch") if each in methods and methods[each].body is not None]
            is_free = not any(id(each) in taken for each in methods.values())
            if not last or TEMPLATE.search(last) or "get" not in methods or not writing or not is_free:
                continue
            body = self._success(methods["get"])[1]
            if body is None or not self._is_object(body):
                continue
            hinted = self._hinted.place(methods["get"], "record", body)
            place = self._record_place(body, singular(last), "") if hinted is None else hinted
            schema = self._at(body, place or ())
            ways = [*methods.values()]
            name = self._hinted.name(ways, schema, path, self._names) or self._name(path)
            self._names.add(name)
            parents = tuple(python_name(each) for each in TEMPLATE.findall(path))
            resource = Resource(name, path, path, "", parents, schema, "", {}, is_single=True)
            for method, role in (("get", "read"), ("put", "replace"), ("patch", "change"), ("delete", "delete")):
                if method in methods:
                    self._add(resource, methods[method], role)
            yield resource

    def _name(self, collection: str) -> str:
        segments = [each for each in collection.split("/") if each and not TEMPLATE.search(each)]
        words = [SUFFIX.sub("", each) for each in segments] or ["items"]
        for count in range(1, len(words) + 1):
            name = "_".join(re.sub(r"[^0-9A-Za-z]+", "_", each).strip("_") for each in words[-count:]).lower()
            if name and name not in self._names:
                break
        number, wanted = 2, name
        while name in self._names:
            name, number = f"{wanted}_{number}", number + 1
        self._names.add(name)
        return name

    def _record_schema(
        self, item: Mapping[str, Operation], ours: Mapping[str, Operation], collection: str, parameter: str
    ) -> Any:
        """Return the schema of one record: of the item's answer, or of what creates it, or of a list's items.

        An answer whose record has the id that the path asks for is preferred.
        """
        noun = singular(collection.rstrip("/").rsplit("/", 1)[-1])
        found = [*self._shown_schemas(item, ours, noun, parameter)]
        for schema in found:
            properties = self._typer.properties(schema)
            if self._has_id(properties) or self._named_by(properties, parameter):
                return schema
        if found:
            return found[0]
        return self._listed_schema(ours)

    def _listed_schema(self, ours: Mapping[str, Operation]) -> Any:
        """Return the schema of a list's items; ``None`` for no list."""
        listed = ours.get("get")
        body = None if listed is None else self._success(listed)[1]
        return next((items for _, items in self._arrays(body, (), 0) if self._typer.properties(items)), None)

    def _shown_schemas(
        self, item: Mapping[str, Operation], ours: Mapping[str, Operation], noun: str, parameter: str
    ) -> Iterator[Any]:
        """Yield the schemas of the record in the answers to one item's operations, and to what creates it."""
        alike = self._listed_schema(ours)
        for operation in (item.get("get"), item.get("patch"), item.get("put"), ours.get("post")):
            body = None if operation is None else self._success(operation)[1]
            if operation is not None and body is not None:
                hinted = self._hinted.place(operation, "record", body)
                place = self._record_place(body, noun, parameter, alike) if hinted is None else hinted
                if place is not None:
                    yield self._at(body, place)

    def _success(self, operation: Operation) -> tuple[int, Any, Response | None]:
        """Return the status of an operation's first success, the schema of its body if that is JSON, its response."""
        for key in sorted(operation.responses, key=lambda key: (not key.startswith("2"), key)):
            if key[0] == "2" or key == "default":
                response = operation.responses[key]
                status = int(key) if key.isdigit() else 200
                if not is_json(response.media_type):
                    return status, None, response
                return status, response.node["content"][response.media_type].get("schema"), response
        return 0, None, None

    def _record_place(self, body: Any, noun: str, parameter: str, alike: Any = None) -> Place | None:
        """Return where the record is in an item's answer: the body itself, or a member named like it or ``data``.

        Records like ``alike`` may also be shown as a list of one.
        """
        properties = self._typer.properties(body)
        if properties and self._has_id(properties):
            is_beside = len(properties) <= MAX_BESIDE + 1 and self._is_object(properties.get("result", {}))
            return ("result",) if is_beside else ()
        listed = self._list_of_one(body, noun, alike)
        if listed is not None or not properties:
            return listed
        wrapped = [name for name, part in properties.items() if self._is_object(part) and plain(name) not in ENVELOPE]
        for name in wrapped:
            if plain(name) in (plain(noun), *WRAPS) and len(properties) <= len(wrapped) + MAX_BESIDE:
                return (name, *self._place_within(properties[name], name, noun, parameter))
        if self._named_by(properties, parameter):
            return ()
        if len(wrapped) == 1 and self._is_wrap(wrapped[0], properties):
            return (wrapped[0],)
        return ()

    def _is_wrap(self, wrap: str, properties: Mapping[str, Any]) -> bool:
        """Return whether the only object in a body is its record: the body itself has little else, and no name."""
        is_named = any(plain(each) in ID_NAMES for each in properties)
        is_small = len(properties) <= MAX_BESIDE + 1
        return is_small and not is_named and self._may_have_id(self._typer.properties(properties[wrap]))

    def _list_of_one(self, body: Any, noun: str, alike: Any) -> Place | None:
        """Return the place of the first of the records in a body that is a list of them, or has one."""
        for place, items in self._arrays(body, (), 0):
            name = plain(singular(place[-1])) if place else plain(noun)
            is_near = all(plain(each) in WRAPS for each in place[:-1])
            if is_near and self._same_reference(items, alike) and name in (plain(noun), *WRAPS):
                return (*place, FIRST)
        return None

    def _place_within(self, body: Any, wrap: str, noun: str, parameter: str) -> Place:
        """Return where the record is within a member such as ``data``: there, or in a member of it, named like it."""
        properties = self._typer.properties(body)
        if plain(wrap) not in WRAPS or self._has_id(properties) or self._named_by(properties, parameter):
            return ()
        named = (name for name, part in properties.items() if plain(name) == plain(noun) and self._is_object(part))
        return tuple([*named][:1])

    @staticmethod
    def _has_id(properties: Mapping[str, Any]) -> bool:
        return any(plain(name) in IDS for name in properties)

    def _named_by(self, properties: Mapping[str, Any], parameter: str) -> str:
        """Return the property that a path's parameter is named after: ``sink_id`` of ``logsink_id``; empty for none."""
        wanted = plain(parameter)
        found = [
            name
            for name, part in properties.items()
            if len(plain(name)) > MIN_NAME
            and wanted.endswith(plain(name))
            and plain(name).endswith(ID_ENDINGS)
            and self._typer.kind(part) == "text"
        ]
        return max(found, key=len, default="")

    @staticmethod
    def _may_have_id(properties: Mapping[str, Any]) -> bool:
        return any(plain(name).endswith(ID_ENDINGS) for name in properties)

    def _is_object(self, schema: Any) -> bool:
        return bool(self._typer.properties(schema)) and self._typer.kind(schema) != "array"

    def _at(self, schema: Any, place: Place) -> Any:
        for name in place:
            properties = self._typer.properties
            schema = (self._typer.items(schema) or {}) if name == FIRST else properties(schema).get(name, {})
        return schema

    def _arrays(self, schema: Any, place: Place, depth: int) -> Iterator[tuple[Place, Any]]:
        """Yield the place and the items' schema of each array in a body, the outermost first."""
        if schema is None or depth > MAX_DEPTH:
            return
        items = self._typer.items(schema)
        if items is not None:
            yield place, items
            return
        properties = self._typer.properties(schema)
        for name, part in properties.items():
            if self._typer.items(part) is not None:
                yield (*place, name), self._typer.items(part)
        for name, part in properties.items():
            if self._typer.items(part) is None and self._is_object(part):
                yield from self._arrays(part, (*place, name), depth + 1)

    def list_place(self, body: Any, record: Any, noun: str) -> Place | None:
        """Return where the records are in a list's answer: the array whose items look like one."""
        wanted = self._typer.properties(record).keys()
        best: tuple[float, Place] | None = None
        for place, items in self._arrays(body, (), 0):
            found = self._typer.properties(items).keys()
            share = len(wanted & found) / max(min(len(wanted), len(found)), 1)
            if place and plain(place[-1]) in (plain(noun), plain(singular(noun)), "data", "items", "results"):
                share += 0.25
            if self._same_reference(items, record):
                share += 1
            if share >= MIN_SHARED and (best is None or share > best[0]):
                best = share, place
        return None if best is None else best[1]

    @staticmethod
    def _same_reference(one: Any, other: Any) -> bool:
        return isinstance(one, Mapping) and isinstance(other, Mapping) and "$ref" in one and one == other

    def _id_property(self, schema: Any, parameter: str, name: str, asked: Any) -> str:
        """Return the record's property with its id; empty for none. A name is none where the path asks for a number."""
        properties = self._typer.properties(schema)
        by_plain = {plain(each): each for each in reversed([*properties])}
        noun = plain(singular(name))
        wanted = [plain(parameter), plain(parameter).removeprefix(noun), "id", f"{noun}id"]
        if plain(parameter) in (noun, plain(name), "id"):
            wanted = ["id", f"{noun}id", plain(parameter)]
        last = plain(WORDS.findall(parameter)[-1]) if WORDS.search(parameter) else ""
        if last in ID_NAMES and last != "id":  # {flagKey} is the key, although there is an id
            wanted.insert(2, last)
        begun = [each for each in by_plain if len(each) >= MIN_NAME and last.startswith(each)]
        is_number = self._typer.first(asked).get("type") in NUMBERS
        for each in [*wanted, plain(self._named_by(properties, parameter)), last, *ID_NAMES, *begun]:
            part = properties.get(by_plain.get(each, ""))
            if part is None or self._typer.kind(part) != "text":
                continue
            if not is_number or each not in TEXTS or self._typer.first(part).get("type") in NUMBERS:
                return by_plain[each]
        return ""

    def _alias(self, schema: Any, words: str) -> str:
        """Return the property with a record's other name, as ``slug`` of ``id_or_slug``; empty for none."""
        return next((name for name in self._typer.properties(schema) if plain(name) == plain(words)), "")

    @staticmethod
    def _asked_schema(item: Mapping[str, Operation], id_parameter: str) -> Any:
        """Return the schema of the path's parameter with the id."""
        for operation in item.values():
            for parameter in operation.parameters:
                if parameter.where == "path" and parameter.argument == id_parameter:
                    return parameter.node.get("schema", {})
        return {}

    def _id_schema(self, schema: Any, id_property: str, asked: Any) -> Any:
        """Return the schema of a new id: what the record's property and the path's parameter both ask for."""
        part = self._typer.properties(schema).get(id_property, {})
        own, other = self._typer.first(part), self._typer.first(asked)
        if other.get("type") in (own.get("type"), None) or {own.get("type"), other.get("type")} == NUMBERS:
            return {"allOf": [part, asked]}
        if own.get("type") == "string" and other.get("type") in NUMBERS and not own.keys() & BOUNDS:
            return {"allOf": [part, DIGITS]}
        return part

    def _add_uses(self, resource: Resource, item: Mapping[str, Operation], ours: Mapping[str, Operation]) -> None:
        for method, role in (
            ("get", "read"),
            ("put", "replace"),
            ("patch", "change"),
            ("post", "change"),
            ("delete", "delete"),
        ):
            if method in item:
                self._add(resource, item[method], role)
        if "get" in ours:
            self._add(resource, ours["get"], "list")
        for method in ("post", "put"):
            if method in ours and not any(use.role == "create" for use in resource.uses):
                self._add(resource, ours[method], "create")
        created = {id(use.operation) for use in resource.uses if use.role == "create"}
        for method in ("put", "patch"):
            if method in ours and resource.id_property and id(ours[method]) not in created:
                self._add(resource, ours[method], "upsert")
        for methods in self._below.get(resource.collection_path.rstrip("/"), ()):  # GET /pets/findByStatus
            if "get" in methods:
                self._add_finder(resource, methods["get"])

    def _add_finder(self, resource: Resource, operation: Operation) -> None:
        """Add an operation beside the items whose answer is a list of the same records."""
        _, body, _ = self._success(operation)
        arrays = () if body is None else self._arrays(body, (), 0)
        if any(self._same_reference(items, resource.schema) for _, items in arrays):
            self._add(resource, operation, "list")

    def _add(self, resource: Resource, operation: Operation, role: str) -> None:
        self._hinted.check_views(operation)
        status, body, _ = self._success(operation)
        if not status:
            return
        use = Use(operation, role, status, body)
        if role == "list":
            hinted = self._hinted.place(operation, "list", body)
            found = None if body is None else self.list_place(body, resource.schema, resource.name)
            use.place = found if hinted is None else hinted
            if use.place is None:
                return
        elif body is not None:
            hinted = self._hinted.place(operation, "record", body)
            use.place = self._shown_place(body, resource) if hinted is None else hinted
        sent = self._hinted.place(operation, "sent", self._sent_schema(operation))
        use.sent_place = self._sent_place(operation, resource, use.place) if sent is None else sent
        resource.uses.append(use)

    def _shown_place(self, body: Any, resource: Resource, *, is_action: bool = False) -> Place | None:
        alike = None if is_action else resource.schema
        place = self._record_place(body, resource.singular, resource.id_parameter, alike)
        if place is None:
            return None
        shown, wanted = (
            self._typer.properties(self._at(body, place)).keys(),
            self._typer.properties(resource.schema).keys(),
        )
        if resource.id_property in shown or len(shown & wanted) >= MIN_SHARED * min(len(shown), len(wanted)):
            return place
        return None

    @staticmethod
    def _sent_schema(operation: Operation) -> Any:
        parts = operation.body.node["content"].values() if operation.body else ()
        return next((part.get("schema", {}) for part in parts), {})

    def _sent_place(self, operation: Operation, resource: Resource, shown: Place | None) -> Place:
        """Return where the record is in a request's body: in a member named like it or ``data``, or the body itself.

        Beside that member may be others, such as a key of the request, if the answer shows the record under its name.
        """
        if operation.body is None:
            return ()
        for media, part in operation.body.node["content"].items():
            if not is_json(media) and media not in (FORM, MULTIPART):
                continue
            properties = self._typer.properties(part.get("schema", {}))
            known = self._typer.properties(resource.schema)
            listed = self._list_of_one(part.get("schema", {}), resource.singular, resource.schema)
            if listed is not None and len(properties) <= 1:
                return listed
            for name in properties if len(properties) == 1 else ():
                if name not in known and (
                    plain(name) in (plain(resource.singular), "data") or self._is_object(properties[name])
                ):
                    return (name,)
            for name in (each for each in properties if each not in known):
                is_named = name in (shown or ())[-1:] or plain(name) == plain(resource.singular)
                if is_named and self._typer.properties(properties[name]).keys() & known.keys():
                    return (name,)
            return self._other_wrap(properties, known)
        return ()

    def _other_wrap(self, properties: Mapping[str, Any], known: Mapping[str, Any]) -> Place:
        """Return the member of a request's body that has a record's properties, where the body itself has none."""
        if properties.keys() & known.keys():
            return ()
        parts = {name: self._typer.properties(part).keys() for name, part in properties.items()}
        return next(((name,) for name, own in parts.items() if own and len(own & known.keys()) >= len(own) / 2), ())

    def _add_actions(self, resource: Resource, taken: Collection[int]) -> None:
        """Add operations below an item that act on it, such as ``POST /orders/{id}/cancel``."""
        base = SUFFIX.sub("", resource.item_path.rstrip("/"))
        for methods in self._below.get(base, ()):
            for method in ("post", "put"):
                operation = methods.get(method)
                if operation is None or "get" in methods or id(operation) in taken:
                    continue
                status, body, _ = self._success(operation)
                if status:
                    use = Use(operation, "action", status, body)
                    use.place = None if body is None else self._shown_place(body, resource, is_action=True)
                    resource.uses.append(use)

"""Recognition of the resources of a document: pairs of a collection's path and an item's path."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from understudy.contract.compiled_operations import Operation, Response
from understudy.contract.document import Document
from understudy.contract.examples import examples_of
from understudy.contract.parameters import python_name
from understudy.contract.text_values import CachedTyper
from understudy.core.media_types import is_json
from understudy.resources.hinted import Hinted
from understudy.resources.record_ids import ALTERNATIVES, RecordIds
from understudy.resources.record_places import MIN_SHARED, SUFFIX, TEMPLATE, RecordPlaces, last_word, noun_of_path
from understudy.resources.resource import FIRST, READING, Place, Resource, Use, plain, singular

LAST_TEMPLATE = re.compile(r"^(?P<collection>.*?)/(?P<before>[^/{}]*)\{(?P<id>[^{}]*)\}(?P<after>[^/{}]*)/?$")

CREATING = frozenset({"create", "add", "new", "insert", "register"})
"""Last segments of paths at which records are created beside their collection: ``POST /pets/create``."""


def find_resources(document: Document, operations: Iterable[Operation]) -> list[Resource]:
    """Return the resources of a document, in the order of their items' paths."""
    return _Recogniser(document, operations).resources()


class _Recogniser:
    def __init__(self, document: Document, operations: Iterable[Operation]) -> None:
        self._document = document
        self._typer = CachedTyper(document)
        self._places = RecordPlaces(self._typer)
        self._ids = RecordIds(self._typer, self._places)
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
        shown = () if use.place is None else self._typer.properties(self._places.at(use.schema, use.place))
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
        asked = self._ids.asked_schema(item, id_parameter)
        either = ALTERNATIVES.match(matched["id"])
        id_property = hinted_id or self._ids.id_property(
            schema, either["id"] if either else matched["id"], last_word(collection), asked
        )
        id_schema = self._ids.id_schema(schema, id_property, asked)
        resource = Resource(name, collection_path, path, id_parameter, parents, schema, id_property, id_schema)
        resource.alias = self._ids.alias(schema, either["alias"]) if either else ""
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
            if body is None or not self._places.is_object(body):
                continue
            hinted = self._hinted.place(methods["get"], "record", body)
            place = self._places.record_place(body, singular(last), "") if hinted is None else hinted
            schema = self._places.at(body, place or ())
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
        noun = noun_of_path(collection)
        found = [*self._shown_schemas(item, ours, noun, parameter)]
        for schema in found:
            properties = self._typer.properties(schema)
            if self._places.has_id(properties) or self._places.named_by(properties, parameter):
                return schema
        named = [each for each in found if self._typer.properties(each)]
        return named[0] if named else self._listed_schema(ours) or self._open_schema(item, ours)

    def _open_schema(self, item: Mapping[str, Operation], ours: Mapping[str, Operation]) -> Any:
        """Return the schema of records that are any objects, with an example of one if the document has it.

        It is ``None`` unless the document both creates and reads such records.
        """
        if "post" not in ours or "get" not in item:
            return None
        shown = [self._success(each) for each in (item["get"], ours["post"])]
        if not all(body is not None and self._places.is_open(body) for _, body, _ in shown):
            return None
        for _, body, response in shown:
            node = {} if response is None else response.node["content"][response.media_type]
            for example in examples_of(self._document, node).values():
                if isinstance(example.get("value"), Mapping) and example["value"]:
                    return {**self._document.resolve(body), "example": example["value"]}
        return shown[0][1]

    def _listed_schema(self, ours: Mapping[str, Operation]) -> Any:
        """Return the schema of a list's items; ``None`` for no list."""
        listed = ours.get("get")
        body = None if listed is None else self._success(listed)[1]
        return next((items for _, items in self._places.arrays(body, (), 0) if self._typer.properties(items)), None)

    def _shown_schemas(
        self, item: Mapping[str, Operation], ours: Mapping[str, Operation], noun: str, parameter: str
    ) -> Iterator[Any]:
        """Yield the schemas of the record in the answers to one item's operations, and to what creates it."""
        alike = self._listed_schema(ours)
        for operation in (item.get("get"), item.get("patch"), item.get("put"), ours.get("post")):
            body = None if operation is None else self._success(operation)[1]
            if operation is not None and body is not None:
                hinted = self._hinted.place(operation, "record", body)
                place = self._places.record_place(body, noun, parameter, alike) if hinted is None else hinted
                if place is not None:
                    yield self._places.at(body, place)

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
        self._add_create(resource, ours)
        created = {id(use.operation) for use in resource.uses if use.role == "create"}
        for method in ("put", "patch"):
            if method in ours and resource.id_property and id(ours[method]) not in created:
                self._add(resource, ours[method], "upsert")
        for methods in self._below.get(resource.collection_path.rstrip("/"), ()):
            if "get" in methods:  # GET /pets/findByStatus
                self._add_finder(resource, methods["get"])

    def _add_create(self, resource: Resource, ours: Mapping[str, Operation]) -> None:
        """Add what creates records: a POST or PUT on the collection, or else a POST such as ``/pets/create``."""
        beside = (each["post"] for each in self._below.get(resource.collection_path.rstrip("/"), ()) if "post" in each)
        named = (each for each in beside if plain(last_word(each.path)) in CREATING)
        for operation in (*(ours[method] for method in ("post", "put") if method in ours), *named):
            if not any(use.role == "create" for use in resource.uses) and not self._only_reads(operation):
                self._add(resource, operation, "create")

    def _only_reads(self, operation: Operation) -> bool:
        """Return whether a POST reads, by the last segment of its path and its success."""
        is_read = operation.method == "post" and plain(last_word(operation.path)) in READING
        return is_read and self._success(operation)[0] not in (201, 202)

    def _add_finder(self, resource: Resource, operation: Operation) -> None:
        """Add an operation beside the items whose answer is a list of the same records."""
        _, body, _ = self._success(operation)
        arrays = () if body is None else self._places.arrays(body, (), 0)
        if any(self._places.same_reference(items, resource.schema) for _, items in arrays):
            self._add(resource, operation, "list")

    def _add(self, resource: Resource, operation: Operation, role: str) -> None:
        self._hinted.check_views(operation)
        noun = noun_of_path(resource.collection_path)
        status, body, _ = self._success(operation)
        if not status:
            return
        use = Use(operation, role, status, body)
        if role == "list":
            hinted = self._hinted.place(operation, "list", body)
            found = None if body is None else self._places.list_place(body, resource.schema, noun)
            use.place = found if hinted is None else hinted
            if use.place is None:
                return
        elif body is not None:
            hinted = self._hinted.place(operation, "record", body)
            use.place = self._shown_place(body, resource) if hinted is None else hinted
        sent = self._hinted.place(operation, "sent", self._places.sent_schema(operation))
        use.sent_place = self._places.sent_place(operation, resource.schema, noun, use.place) if sent is None else sent
        resource.uses.append(use)

    def _shown_place(self, body: Any, resource: Resource, *, is_action: bool = False) -> Place | None:
        alike = None if is_action else resource.schema
        place = self._places.record_place(body, noun_of_path(resource.collection_path), resource.id_parameter, alike)
        if place is None or (place == () and self._places.is_open(body) and not self._places.is_open(resource.schema)):
            return None
        shown, wanted = (
            self._typer.properties(self._places.at(body, place)).keys(),
            self._typer.properties(resource.schema).keys(),
        )
        if resource.id_property in shown or len(shown & wanted) >= MIN_SHARED * min(len(shown), len(wanted)):
            return place
        return None

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

"""Discriminators: their values lead to the named schemas, as OpenAPI 3 writes it, also those of Swagger 2.0."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from understudy.contract.foreign.document_files import Place

Node = Mapping[str, Any]
Follow = Callable[[str, Place], tuple[Any, Place]]
"""Function that returns the schema to which a reference leads, and its place; it raises ``LookupError`` for none."""

Note = Callable[[str, Place, str], None]
NAMED = ("#/components/schemas/", "#/definitions/")
ALTERNATIVES = ("oneOf", "anyOf")
MAX_DEPTH = 8
"""Levels of ``allOf`` down to which a property is looked for."""


class DiscriminatorReader:
    """Reader of one document's discriminators. ``name_of`` returns the component's name of a schema."""

    def __init__(self, follow: Follow, name_of: Callable[[Any, Place], str], note: Note) -> None:
        self._follow = follow
        self._name_of = name_of
        self._note = note

    def rewrite(self, node: Node, place: Place) -> dict[str, Any] | None:
        """Return a schema's discriminator, its mapping with references to the components; ``None`` for none."""
        found = node.get("discriminator")
        where = place / "discriminator"
        if isinstance(found, str):  # Swagger 2.0
            return {"propertyName": found}
        if not isinstance(found, Mapping) or not isinstance(found.get("propertyName"), str):
            if found is not None:
                self._note("discriminator", where, "has no propertyName")
            return None
        made: dict[str, Any] = {"propertyName": found["propertyName"]}
        mapping = found.get("mapping")
        if isinstance(mapping, Mapping):
            leads = {str(value): self._led(str(target), where / "mapping" / value) for value, target in mapping.items()}
            made["mapping"] = {value: target for value, target in leads.items() if target}
        self._note_contradictions(node, made, where)
        return made

    def _led(self, target: str, place: Place) -> str:
        """Return the reference to the component that a mapped text leads to, a reference or a name; empty for none."""
        names = [] if "/" in target and not target.startswith(".") else [f"{prefix}{target}" for prefix in NAMED]
        for reference in (*names, target):
            try:
                return f"#/components/schemas/{self._name_of(*self._follow(reference, place))}"
            except LookupError:
                continue
        self._note("discriminator", place, f"{target[:80]!r} is no schema")
        return ""

    def _note_contradictions(self, node: Node, made: Node, place: Place) -> None:
        """Note the alternatives whose own schema refuses each value that leads to them."""
        mapping = made.get("mapping", {})
        for key in ALTERNATIVES:
            for part in _listed(node, key):
                reference = part.get("$ref") if isinstance(part, Mapping) else None
                if not isinstance(reference, str):
                    continue
                try:
                    schema, where = self._follow(reference, place)
                except LookupError:
                    continue
                own = f"#/components/schemas/{self._name_of(schema, where)}"
                values = [value for value, target in mapping.items() if target == own]
                values = values or [reference.rsplit("/", 1)[-1]]
                allowed = [*self._allowed(schema, where, made["propertyName"], 0)]
                if allowed and not {*values} & {*allowed[0]}:
                    named = f"{values[0]!r} as its {made['propertyName']!r}"
                    self._note("discriminator", place, f"{reference.rsplit('/', 1)[-1]} does not allow {named}")

    def _allowed(self, schema: Any, place: Place, name: str, depth: int) -> Iterator[list[str]]:
        """Yield the texts that a schema's property may be, of each part that restricts it to some."""
        if not isinstance(schema, Mapping) or depth > MAX_DEPTH:
            return
        if isinstance(schema.get("$ref"), str):
            try:
                yield from self._allowed(*self._follow(schema["$ref"], place), name, depth + 1)
            except LookupError:
                return
        properties = schema.get("properties")
        part = properties.get(name) if isinstance(properties, Mapping) else None
        if isinstance(part, Mapping) and isinstance(part.get("$ref"), str):
            try:
                part = self._follow(part["$ref"], place)[0]
            except LookupError:
                part = None
        if isinstance(part, Mapping):
            found = [part["const"]] if "const" in part else part.get("enum")
            if isinstance(found, list):
                yield [each for each in found if isinstance(each, str)]
        for each in _listed(schema, "allOf"):
            yield from self._allowed(each, place, name, depth + 1)


def _listed(node: Node, key: str) -> list[Any]:
    found = node.get(key)
    return found if isinstance(found, list) else []

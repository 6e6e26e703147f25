"""Document in the words that the judging library understands, where the standards allow what it refuses.

The same for all stand-ins: a discriminator leads to its alternatives by their names, and by the values that they allow
of its property; ``type: "null"`` is taken before OpenAPI 3.1, too; what is only sent is required of requests alone,
also where another part of an ``allOf`` requires it.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

BASE = "urn:document"
ANNOTATIONS = frozenset("title description example examples default deprecated externalDocs xml".split())
MAX_DEPTH = 8


class JudgedDocument:
    """Document as it is written, with references that lead to ``BASE``."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw
        self._takes_null = not str(raw.get("openapi", "")).startswith("3.1")
        self.content: dict[str, Any] = self._rewritten(raw)

    def resolve(self, node: Any) -> Any:
        """Return a node with its references followed."""
        while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
            found: Any = self._raw
            for part in node["$ref"].removeprefix(BASE).removeprefix("#/").split("/"):
                key = unquote(part).replace("~1", "/").replace("~0", "~")
                found = found[int(key)] if isinstance(found, list) else found[key]
            node = found
        return node

    def allows_nothing(self, schema: Any, depth: int = 0) -> bool:
        """Return whether no value is valid: all alternatives of a ``oneOf`` are equal, there or in what is required."""
        node = self.resolve(schema)
        if not isinstance(node, Mapping) or depth > MAX_DEPTH:
            return False
        parts = node.get("oneOf", ())
        if len(parts) > 1:
            meanings = [self._meaning(part) for part in parts]
            if all(each == meanings[0] for each in meanings):
                return True
        properties = node.get("properties") or {}
        needed = [properties[name] for name in node.get("required", ()) if name in properties]
        return any(self.allows_nothing(part, depth + 1) for part in (*node.get("allOf", ()), *needed))

    def _meaning(self, node: Any, depth: int = 0) -> Any:
        """Return a schema without its annotations, with what it refers to in place of references."""
        if isinstance(node, list):
            return [self._meaning(each, depth) for each in node]
        if not isinstance(node, Mapping):
            return node
        if isinstance(node.get("$ref"), str):
            return node["$ref"] if depth > MAX_DEPTH else self._meaning(self.resolve(node), depth + 1)
        return {
            key: {name: self._meaning(part, depth) for name, part in value.items()}
            if key == "properties" and isinstance(value, Mapping)
            else self._meaning(value, depth)
            for key, value in node.items()
            if key not in ANNOTATIONS
        }

    def _rewritten(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self._rewritten(part) for part in node]
        if not isinstance(node, Mapping):
            return node
        made = {key: self._rewritten(value) for key, value in node.items()}
        if isinstance(node.get("$ref"), str) and node["$ref"].startswith("#"):
            made["$ref"] = BASE + node["$ref"]
        if isinstance(node.get("discriminator"), Mapping) and {"oneOf", "anyOf"} & node.keys():
            made["discriminator"] = self._discriminator(node)
        elif isinstance(node.get("discriminator"), Mapping) and "allOf" in node:
            del made["discriminator"]  # it names those that inherit, not the parts
        if isinstance(node.get("allOf"), list):
            made["allOf"] = self._without_sent(node["allOf"], made["allOf"])
        if self._takes_null and ("null" in node["type"] if isinstance(node.get("type"), str | list) else False):
            types = [
                each for each in ([node["type"]] if isinstance(node["type"], str) else node["type"]) if each != "null"
            ]
            made |= {"type": types, "nullable": True} if types else {"type": "string", "enum": [None], "nullable": True}
        return made

    def _discriminator(self, node: Mapping[str, Any]) -> dict[str, Any]:
        """Return a discriminator that maps each value of an alternative to it."""
        found, parts = node["discriminator"], [*node.get("oneOf", ()), *node.get("anyOf", ())]
        mapping: dict[str, str] = {}
        for part in parts:
            if "$ref" in part:
                for value in self._values(part, found["propertyName"], 0):
                    mapping[value] = BASE + part["$ref"]
                mapping[part["$ref"].rsplit("/", 1)[-1]] = BASE + part["$ref"]
        for value, target in found.get("mapping", {}).items():
            mapping[value] = BASE + (target if target.startswith("#") else f"#/components/schemas/{target}")
        return {**found, "mapping": mapping}

    def _values(self, schema: Any, name: str, depth: int) -> Iterator[str]:
        node = self.resolve(schema)
        if not isinstance(node, Mapping) or depth > MAX_DEPTH:
            return
        part = self.resolve((node.get("properties") or {}).get(name))
        yield from (each for each in (part or {}).get("enum", ()) if isinstance(each, str))
        for each in node.get("allOf", ()):
            yield from self._values(each, name, depth + 1)

    def _without_sent(self, parts: list[Any], made: list[Any]) -> list[Any]:
        """Return the parts of an ``allOf`` that require nothing of an answer that another part marks as only sent."""
        sent = {name for part in parts for name in self._sent(part, 0)}
        return [
            {**part, "required": [name for name in part["required"] if name not in sent]}
            if isinstance(part, Mapping) and isinstance(part.get("required"), list)
            else part
            for part in made
        ]

    def _sent(self, schema: Any, depth: int) -> Iterator[str]:
        node = self.resolve(schema)
        if not isinstance(node, Mapping) or depth > MAX_DEPTH:
            return
        for name, part in (node.get("properties") or {}).items():
            inner = self.resolve(part)
            if isinstance(inner, Mapping) and inner.get("writeOnly") is True:
                yield name
        for each in node.get("allOf", ()):
            yield from self._sent(each, depth + 1)

"""Rewriting of JSON Schemas of any dialect of OpenAPI into the grammar of the shipped specs."""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

import jsonschema_rs

from understudy.contract.foreign.discriminators import DiscriminatorReader
from understudy.contract.foreign.document_files import DocumentFiles, Place
from understudy.contract.foreign.equal_alternatives import first_of_equals
from understudy.contract.foreign.findings import Findings
from understudy.contract.foreign.hints import HINT, checked_hint
from understudy.contract.supported_openapi import FORMATS, TYPES
from understudy.contract.xml_values import XML

Node = Mapping[str, Any]

COPIED = ("title", "default", "readOnly", "writeOnly", "deprecated", "x-faker", "x-understudy")
COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
MAX_EXACT = 2**63
"""Integers from which on a number is kept as a float: others are not written as JSON."""

NUMBERS = ("minimum", "maximum", "multipleOf")
LISTED = ("allOf", "anyOf", "oneOf")
TYPE_NAMES = {
    "int": "integer",
    "int32": "integer",
    "int64": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "bool": "boolean",
    "str": "string",
    "text": "string",
    "date": "string",
    "datetime": "string",
    "uuid": "string",
    "list": "array",
    "map": "object",
    "dict": "object",
}
"""Types that documents name in other words."""

IGNORED = frozenset(
    "$schema $id $anchor $comment $defs $vocabulary $dynamicAnchor definitions xml externalDocs examples id"
    " contentEncoding contentMediaType contentSchema collectionFormat allowEmptyValue in name style explode"
    " allowReserved example description discriminator".split()
)
"""Keywords that are read elsewhere, or restrict no value."""

CONVERTED = frozenset(
    "type nullable const enum format pattern required properties patternProperties additionalProperties items"
    " prefixItems additionalItems not if then else contains minContains maxContains exclusiveMinimum exclusiveMaximum"
    " uniqueItems dependentRequired dependentSchemas dependencies $ref".split()
)
MAX_DESCRIPTION = 160
"""Characters of a description that are kept: values are chosen by them."""

REGEX = jsonschema_rs.RegexOptions()


class SchemaRewriter:
    """Rewriter of the schemas of one document. ``name_of`` returns the component's name of a referenced schema."""

    def __init__(
        self, files: DocumentFiles, findings: Findings, name_of: Callable[[Any, Place], str], version: str
    ) -> None:
        self._files = files
        self._findings = findings
        self._name_of = name_of
        self._keeps_siblings = not version.startswith(("2.", "3.0"))
        self._patterns: dict[str, bool] = {}
        self._discriminators = DiscriminatorReader(self._follow, name_of, self._note)
        self.hinted: set[Place] = set()
        """Places of the hints that were read."""

        self._open: set[Place] = set()
        """Places of the parts that are being written into an ``allOf``, in which they may stand again."""

    def rewrite(self, node: Any, place: Place) -> dict[str, Any]:
        """Return a schema in the grammar of the shipped specs; findings name the keywords that are left out."""
        if isinstance(node, bool):
            return {} if node else {"not": {}}
        if not isinstance(node, Mapping):
            self._note("schema", place, "is no schema: any value is taken")
            return {}
        if isinstance(node.get("$ref"), str):
            return self._reference(node, place)
        return self._plain(node, place)

    def _reference(self, node: Node, place: Place) -> dict[str, Any]:
        rest = {key: value for key, value in node.items() if key != "$ref"}
        try:
            target, found = self._follow(node["$ref"], place)
        except LookupError as error:
            self._note("reference", place, str(error))
            return self._plain(rest, place)
        reference = {"$ref": f"#/components/schemas/{self._name_of(target, found)}"}
        if not self._keeps_siblings or not rest.keys() - {"description", "summary", "title"}:
            if HINT in rest:
                self.hinted.add(place / HINT)
                self._note("hint", place / HINT, "has no effect beside a $ref: write it at the schema itself")
            return reference
        made = self._plain(rest, place)
        return {**made, "allOf": [reference, *made.get("allOf", ())]}

    def _follow(self, reference: str, place: Place) -> tuple[Any, Place]:
        """Return the schema at the end of a chain of references, and its place; raise ``LookupError`` for none."""
        seen = set()
        while True:
            target, found = self._files.at(reference, place.file)
            if found in seen:
                raise LookupError(f"{reference!r} refers to itself")
            seen.add(found)
            inner = target.get("$ref") if isinstance(target, Mapping) else None
            if not isinstance(inner, str) or (self._keeps_siblings and len(target) > 1):
                return target, found
            reference, place = inner, found

    def _plain(self, node: Node, place: Place) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if HINT in node:
            self.hinted.add(place / HINT)
            checked_hint(node[HINT], "schema", f"{self._files.entry} {self._files.shown(place)}")
        self._type(node, place, made)
        self._values(node, place, made)
        self._limits(node, place, made)
        self._object(node, place, made)
        self._array(node, place, made)
        self._combined(node, place, made)
        self._described(node, place, made)
        known = CONVERTED | IGNORED | {*COPIED, *COUNTS, *NUMBERS, *LISTED}
        for key in node:
            if key not in known and not key.startswith("x-"):
                self._note("keyword", place / key, f"{key} is not understood in a schema")
        return made

    def _type(self, node: Node, place: Place, made: dict[str, Any]) -> None:
        found = node.get("type")
        listed = found if isinstance(found, list) else [] if found is None else [found]
        types: list[str] = []
        takes_null = False
        for each in listed:
            name = str(each) if str(each) in TYPES else TYPE_NAMES.get(str(each).lower(), str(each).lower())
            if each is None or name == "null":
                takes_null = True
            elif name in TYPES:
                types.append(name)
            elif name == "file":
                types.append("string")
                made["format"] = "binary"
            else:
                self._note("type", place / "type", f"type {str(each)[:60]!r} is not understood: any value is taken")
            if name in TYPES and name != each:
                self._note("type", place / "type", f"type {each!r} is read as {name!r}")
        types = list(dict.fromkeys(types))
        if takes_null and not types:
            made["enum"] = [None]
        elif types:
            made["type"] = types[0] if len(types) == 1 else types
        is_nullable = node.get("nullable") is True or node.get("x-nullable") is True
        if takes_null or (is_nullable and types):
            if types:
                made["nullable"] = True
        elif is_nullable:
            self._note("nullable", place / "nullable", "nullable means nothing without a type")

    def _values(self, node: Node, place: Place, made: dict[str, Any]) -> None:
        if "const" in node:
            made["enum"] = [node["const"]]
        elif "enum" in node:
            self._enum(node["enum"], place / "enum", made)
        found = node.get("format")
        if isinstance(found, str) and made.get("type") != "boolean":
            self._format(found, place, made)
        pattern = node.get("pattern")
        if isinstance(pattern, str):
            if self._is_understood(pattern):
                made["pattern"] = pattern
            else:
                made["x-pattern"] = pattern
                self._note("pattern", place / "pattern", f"pattern {pattern[:60]!r} is not understood")

    def _enum(self, found: Any, place: Place, made: dict[str, Any]) -> None:
        if not isinstance(found, list) or not found:
            self._note("enum", place, "is no list of values: any value is taken")
            return
        values = _distinct(found)
        checks: dict[str, Any] = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
        wanted = checks.get(made["type"]) if isinstance(made.get("type"), str) else None
        if wanted is not None:
            fitting = [each for each in values if isinstance(each, wanted) or (each is None and "nullable" in made)]
            if not any(each is not None for each in fitting):
                fitting = [str(each) for each in values if each is not None] if wanted is str else []
                self._note("enum", place, f"no value is of type {made['type']!r}")
            values = fitting
        if values:
            made["enum"] = values
        if "nullable" in made and None not in found:
            del made["nullable"]
            self._note("nullable", place, "null is not one of the values, so it is not taken")

    def _format(self, found: str, place: Place, made: dict[str, Any]) -> None:
        if (found in FORMATS and (made.get("type", "string") == "string") == (found not in {"int32", "int64"})) or (
            made.get("type") in ("integer", "number") and found in {"int32", "int64", "float", "double"}
        ):
            made["format"] = found
        else:
            made["x-format"] = found
            self._note("format", place / "format", f"format {found!r} is not checked")

    def _is_understood(self, pattern: str) -> bool:
        if pattern not in self._patterns:
            try:
                jsonschema_rs.Draft4Validator({"pattern": pattern}, pattern_options=REGEX)
                self._patterns[pattern] = True
            except (jsonschema_rs.ValidationError, ValueError):
                self._patterns[pattern] = False
        return self._patterns[pattern]

    def _limits(self, node: Node, place: Place, made: dict[str, Any]) -> None:
        for key in COUNTS:
            if key in node:
                value = _number(node[key])
                if value is None or value < 0 or value != int(value):
                    self._note("keyword", place / key, f"{node[key]!r} is no count")
                else:
                    made[key] = int(value)
        for key in NUMBERS:
            if key in node:
                value = _number(node[key])
                if value is None or (key == "multipleOf" and value <= 0):
                    self._note("keyword", place / key, f"{node[key]!r} is no number that {key} may have")
                else:
                    made[key] = value
        for key, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            self._exclusive(node, key, bound, made)

    def _exclusive(self, node: Node, key: str, bound: str, made: dict[str, Any]) -> None:
        value = node.get(key)
        if value is True and bound in made:
            made[key] = True
        elif (number := _number(value)) is not None:
            outer = number >= made[bound] if bound in made and bound == "minimum" else number <= made.get(bound, number)
            if outer:
                made[bound], made[key] = number, True

    def _object(self, node: Node, place: Place, made: dict[str, Any]) -> None:
        for key in ("properties", "patternProperties"):
            parts, where = self._parts(node.get(key), place / key)
            if parts:
                made[key] = {name: self.rewrite(part, where / name) for name, part in parts.items()}
        if "patternProperties" in made:
            made["patternProperties"] = {
                name: part for name, part in made["patternProperties"].items() if self._is_understood(name)
            }
        required = node.get("required")
        if isinstance(required, list):
            names = list(dict.fromkeys(name for name in required if isinstance(name, str)))
            if names:
                made["required"] = names
        elif required is not None and not isinstance(required, bool):
            self._note("keyword", place / "required", f"{required!r} is no list of names")
        elif required is True:
            self._note("keyword", place / "required", "required belongs to the object that has the property")
        extra = node.get("additionalProperties")
        if isinstance(extra, bool):
            made["additionalProperties"] = extra
        elif isinstance(extra, Mapping):
            made["additionalProperties"] = self.rewrite(extra, place / "additionalProperties")

    def _parts(self, parts: Any, place: Place) -> tuple[Node, Place]:
        """Return the schemas of properties by name, and their place; some documents refer to all of them at once."""
        if not isinstance(parts, Mapping):
            return {}, place
        if not isinstance(parts.get("$ref"), str):
            return parts, place
        try:
            target, found = self._files.at(parts["$ref"], place.file)
        except LookupError as error:
            self._note("reference", place, str(error))
            target, found = {}, place
        others = {name: part for name, part in parts.items() if name != "$ref"}
        return ({**target, **others} if isinstance(target, Mapping) else others), found

    def _array(self, node: Node, place: Place, made: dict[str, Any]) -> None:
        items = node.get("items")
        listed = node.get("prefixItems") or (items if isinstance(items, list) else None)
        if isinstance(listed, list):
            self._tuple(node, listed, place, made)
        elif isinstance(items, Mapping | bool):
            made["items"] = self.rewrite(items, place / "items")
        if node.get("uniqueItems") is True:
            made["uniqueItems"] = True
        if "contains" in node and node.get("minContains", 1) != 0:
            inner = self.rewrite(node["contains"], place / "contains")
            made.setdefault("allOf", []).append({"not": {"items": {"not": inner}, "type": "array"}})

    def _tuple(self, node: Node, listed: list[Any], place: Place, made: dict[str, Any]) -> None:
        """Take the schema of each place of a tuple for all places: one of them fits."""
        key = "prefixItems" if "prefixItems" in node else "items"
        parts = [self.rewrite(part, place / key / number) for number, part in enumerate(listed)]
        rest = node.get("items") if key == "prefixItems" else node.get("additionalItems")
        if rest is not False:
            parts.append(self.rewrite(rest, place / "items") if isinstance(rest, Mapping) else {})
        if len(parts) > 1 or parts != [{}]:
            made["items"] = {"anyOf": parts}
            self._note("keyword", place / key, "the order of a tuple's items is not checked")

    def _combined(self, node: Node, place: Place, made: dict[str, Any]) -> None:
        for key in LISTED:
            if isinstance(node.get(key), list) and node[key]:
                if key == "allOf" and self._forbids_what_it_requires(node, place):
                    parts = self._opened(node, place, made)
                else:
                    is_checked = key == "oneOf" and not _is_discriminated(node)
                    numbers = self._alternatives(node[key], place) if is_checked else range(len(node[key]))
                    parts = [self.rewrite(node[key][number], place / key / number) for number in numbers]
                name = "anyOf" if key == "oneOf" and _is_discriminated(node) else key
                made[name] = [*made.get(name, ()), *parts]
        if "not" in node:
            made["not"] = self.rewrite(node["not"], place / "not")
        more: list[dict[str, Any]] = []
        if "if" in node:
            condition = self.rewrite(node["if"], place / "if")
            if "then" in node:
                more.append({"anyOf": [{"not": condition}, self.rewrite(node["then"], place / "then")]})
            if "else" in node:
                more.append({"anyOf": [condition, self.rewrite(node["else"], place / "else")]})
        for key in ("dependentRequired", "dependentSchemas", "dependencies"):
            if isinstance(node.get(key), Mapping):
                more += [self._dependency(name, part, place / key / name) for name, part in node[key].items()]
        if more:
            made["allOf"] = [*made.get("allOf", ()), *more]

    def _alternatives(self, parts: list[Any], place: Place) -> list[int]:
        """Return the numbers of the alternatives of a ``oneOf``, of equal ones the first: two fit no value alone."""
        kept = first_of_equals(parts, place / "oneOf", self._follow)
        if len(kept) < len(parts):
            count = f"{len(parts) - len(kept)} of {len(parts)}"
            self._note("oneOf", place / "oneOf", f"{count} are equal to another: they are read as one")
        return kept

    def _dependency(self, name: str, part: Any, place: Place) -> dict[str, Any]:
        if isinstance(part, list):
            names = list(dict.fromkeys(each for each in part if isinstance(each, str)))
            wanted: dict[str, Any] = {"required": names} if names else {}
        else:
            wanted = self.rewrite(part or {}, place)
        return {"anyOf": [{"not": {"required": [name]}}, wanted]}

    def _forbids_what_it_requires(self, node: Node, place: Place) -> bool:
        """Return whether a part of an ``allOf`` allows its own properties alone, and another requires one more."""
        parts = [node, *(found for found, _ in self._parts_of(node, place))]
        required = {name for part in parts for name in _texts(part.get("required"))}
        return any(not required <= {*_properties(part)} for part in parts if _is_closed(part))

    def _opened(self, node: Node, place: Place, made: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the parts of an ``allOf`` without what forbids the others: else no value at all would be valid."""
        self._note("allOf", place / "allOf", "parts forbid properties that others require: further ones are taken")
        made.pop("additionalProperties", None)
        parts = []
        for number, (found, where) in enumerate(self._parts_of(node, place)):
            if _is_closed(found) and where not in self._open:
                self._open.add(where)
                parts.append(self._plain({**found, "additionalProperties": True}, where))
                self._open.remove(where)
            else:
                parts.append(self.rewrite(node["allOf"][number], place / "allOf" / number))
        return parts

    def _parts_of(self, node: Node, place: Place) -> list[tuple[Node, Place]]:
        """Return the schemas that an ``allOf`` is combined of, and their places; an empty one for no schema."""
        found: list[tuple[Node, Place]] = []
        for number, part in enumerate(node["allOf"]):
            where = place / "allOf" / number
            if isinstance(part, Mapping) and isinstance(part.get("$ref"), str):
                try:
                    part, where = self._follow(part["$ref"], where)  # noqa: PLW2901 - what it refers to
                except LookupError:
                    part = {}  # noqa: PLW2901 - nothing
            found.append((part if isinstance(part, Mapping) else {}, where))
        return found

    def _described(self, node: Node, place: Place, made: dict[str, Any]) -> None:
        for key in COPIED:
            if key in node:
                made[key] = node[key]
        if isinstance(node.get("xml"), Mapping):
            made[XML] = _xml(node["xml"])
        description = node.get("description")
        if isinstance(description, str) and "properties" not in made:
            made["description"] = description[:MAX_DESCRIPTION]
        examples = node.get("examples")
        if "example" in node and (node["example"] is not None or made.get("nullable")):
            made["example"] = node["example"]
        elif isinstance(examples, list) and examples:
            made["example"] = examples[0]
        discriminator = self._discriminators.rewrite(node, place)
        if discriminator is not None:
            made["discriminator"] = discriminator

    def _note(self, kind: str, place: Place, message: str) -> None:
        self._findings.add(kind, self._files.shown(place), message)


def _is_discriminated(node: Node) -> bool:
    """Return whether a discriminator decides which alternative of a ``oneOf`` a value is, if several fit it."""
    parts = node.get("oneOf", ())
    are_named = isinstance(parts, list) and all(isinstance(each, Mapping) and "$ref" in each for each in parts)
    return isinstance(node.get("discriminator"), Mapping) and are_named and not node.get("anyOf")


def _is_closed(node: Node) -> bool:
    """Return whether a schema allows its own properties alone."""
    return node.get("additionalProperties") is False and not node.get("patternProperties")


def _properties(node: Node) -> Node:
    found = node.get("properties")
    return found if isinstance(found, Mapping) else {}


def _texts(found: Any) -> list[str]:
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _xml(node: Node) -> dict[str, Any]:
    """Return the parts of an ``xml`` object by which bodies are read; OpenAPI 3.2 writes two of them as a node type."""
    kind = node.get("nodeType")
    made: dict[str, Any] = {"name": node["name"]} if isinstance(node.get("name"), str) else {}
    if node.get("attribute") is True or kind == "attribute":
        made["attribute"] = True
    if node.get("wrapped") is True or kind == "element":
        made["wrapped"] = True
    return made


def _distinct(values: list[Any]) -> list[Any]:
    """Return values without repetitions, which a schema may not have; 1 and true are different."""
    seen = set()
    kept = []
    for each in values:
        key = (type(each).__name__, repr(each))
        if key not in seen:
            seen.add(key)
            kept.append(each)
    return kept


def _number(value: Any) -> int | float | None:
    """Return a number that JSON can have, of 64 bits or else a float, also of a text; ``None`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value
        number = found if isinstance(found, int) and abs(found) < MAX_EXACT else float(found)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None

"""Compiled validator of JSON Schema (draft 4): whether a value is valid, and its violations."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Any

import jsonschema_rs

from understudy.contract.closest_alternative import explain_alternatives
from understudy.contract.named_alternatives import name_alternatives, name_exclusion
from understudy.core.json_pointer import join
from understudy.core.misconfigured import nearest
from understudy.core.refused import Violation
from understudy.core.timestamps import parse_rfc3339

SHORTENED = " … "
"""Mark of the middle of a long message that is left out."""

_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_FOURTH = "(?:0[48]|[2468][048]|[13579][26])"
_DAY = "(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31"
_DATE = f"{_YEAR}-(?:{_DAY})|(?:[0-9]{{2}}{_FOURTH}|{_FOURTH}00)-02-29"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
_OFFSET = "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
PATTERNS = {
    "date": _DATE,  # full-date of RFC 3339
    "date-time": f"(?:{_DATE}|0000-(?:{_DAY}|02-29))[Tt]{_TIME}{_OFFSET}",  # of RFC 3339, which has a year 0
    "uuid": "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",  # with its hyphens
}
"""Formats that are written as patterns, which the validator matches without calling Python."""


def is_base64(text: str) -> bool:
    """Return whether a text is base64 with its padding (RFC 4648, section 4)."""
    try:
        b64decode(text.encode("ascii"), validate=True)
    except (NotBase64, ValueError):
        return False
    return True


def is_date_time(text: str) -> bool:
    """Return whether a text is a date-time of RFC 3339: with its year 0, which Python's calendar lacks."""
    return parse_rfc3339(f"2000{text[4:]}" if text.startswith("0000") else text) is not None


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


OTHER_FORMATS = {"byte": is_base64}
OWN_FORMATS: dict[str, Callable[[str], bool]] = {
    **OTHER_FORMATS,
    **{name: _matches(pattern) for name, pattern in PATTERNS.items()},
    "date-time": is_date_time,
}

MAX_VIOLATIONS = 100
"""Number of violations that are listed for one value; an object with 70,000 unknown keys has more."""

MAX_ERRORS = 10 * MAX_VIOLATIONS
"""Number of the library's errors that are read for the violations of one value."""
GROWTH = 10
"""Factor by which more of an invalid value is looked at, until an invalid part is found."""

MAX_HINTS = 3
"""Number of unexpected properties of one object for which the nearest right name is looked up."""

MAX_KNOWN_VALID = 1 << 14
"""Number of valid texts whose hashes a validator holds, at some hundred bytes each; then the older half is dropped."""


SHARED = "urn:understudy:document"
"""Address of a document's named schemas, to which the schemas of its operations refer."""


class SharedDefinitions:
    """Named schemas of one document, converted once for all validators that refer to them."""

    def __init__(self, definitions: dict[str, Any]) -> None:
        self._definitions = definitions

    @cached_property
    def checked(self) -> jsonschema_rs.Registry:
        """Schemas for ``Validator.is_valid``."""
        return self._registry(_with_patterns(self._definitions))

    @cached_property
    def detailed(self) -> jsonschema_rs.Registry:
        """Schemas for ``Validator.violations``."""
        return self._registry(self._definitions)

    @staticmethod
    def _registry(definitions: dict[str, Any]) -> jsonschema_rs.Registry:
        return jsonschema_rs.Registry([(SHARED, {"definitions": definitions})], draft=jsonschema_rs.Draft4)


class Validator:
    """Validator of one schema, with a cache of JSON texts that were found valid."""

    __slots__ = ("_detailed", "_known_valid", "_known_valid_before", "_names", "_schema", "_shared", "is_valid")

    def __init__(self, schema: dict[str, Any], shared: SharedDefinitions | None = None) -> None:
        """Compile a schema for ``is_valid``; the slower form for ``violations`` is compiled when it is first needed."""
        self._schema = schema
        self._shared = shared
        self._detailed: jsonschema_rs.Draft4Validator | None = None
        self._names: frozenset[str] | None = None
        self.is_valid = jsonschema_rs.Draft4Validator(
            _with_patterns(schema),
            validate_formats=True,
            formats=OTHER_FORMATS,
            pattern_options=jsonschema_rs.RegexOptions(),
            registry=shared.checked if shared else None,
        ).is_valid
        self._known_valid: set[int] = set()
        self._known_valid_before: set[int] = set()

    def is_known_valid(self, text: bytes) -> bool:
        """Return whether this JSON text was passed to ``remember_valid`` before.

        Texts are compared by their hashes: 64 bits, with a new key in each process. Python caches the hash in the text.
        """
        return hash(text) in self._known_valid or hash(text) in self._known_valid_before

    def remember_valid(self, text: bytes) -> None:
        """Add a JSON text that is valid to the cache."""
        if len(self._known_valid) >= MAX_KNOWN_VALID // 2:
            self._known_valid_before, self._known_valid = self._known_valid, set()
        self._known_valid.add(hash(text))

    def violations(self, value: Any, where: str = "body") -> list[Violation]:
        """Return the violations of the schema by a value, the outermost first, at most ``MAX_VIOLATIONS``."""
        if self._detailed is None:
            self._detailed = jsonschema_rs.Draft4Validator(
                self._schema,
                validate_formats=True,
                formats=OWN_FORMATS,
                pattern_options=jsonschema_rs.RegexOptions(),
                registry=self._shared.detailed if self._shared else None,
            )
        found = self._listed(self._clip(value), where, self._detailed) or self._listed(value, where, self._detailed)
        if len(found) > MAX_VIOLATIONS:
            found.pop()
            last = found[-1]
            found[-1] = replace(last, message=f"{last.message} (more follow: only {MAX_VIOLATIONS} are listed)")
        return found

    def _listed(self, value: Any, where: str, detailed: jsonschema_rs.Draft4Validator) -> list[Violation]:
        errors = [*islice(detailed.iter_errors(value), MAX_ERRORS)]
        direct = {_place_of(error) for error in errors if not _branches_of(error)}
        left = (error for error in errors if not _follows_from(error, direct))
        explained = (violation for error in left for violation in _explain(error, where, self._schema))
        return list(islice(explained, MAX_VIOLATIONS + 1))

    def _clip(self, value: Any) -> Any:
        """Return an invalid value with its lists and objects cut behind the first invalid parts.

        The library creates all errors of a value at once, each with the value in its message: 70,000 invalid items or
        unknown properties would take seconds. Properties that the schema names stay.
        """
        if not _has_long_part(value) or self.is_valid(value):
            return value
        if self._names is None:
            self._names = frozenset(_property_names(self._schema))
        valid, invalid = MAX_VIOLATIONS, MAX_VIOLATIONS
        while self.is_valid(_shortened(value, invalid, self._names)):
            valid, invalid = invalid + 1, invalid * GROWTH
        while valid < invalid:
            middle = (valid + invalid) // 2
            if self.is_valid(_shortened(value, middle, self._names)):
                valid = middle + 1
            else:
                invalid = middle
        return _shortened(value, invalid + MAX_VIOLATIONS, self._names)


class LazyValidator(Validator):
    """Validator whose schema is made and compiled when the first value is checked.

    A schema that cannot be compiled allows every value; ``understudy check`` names it.
    """

    __slots__ = ("_fault", "_is_compiled", "_make")

    def __init__(self, make: Callable[[], tuple[dict[str, Any], SharedDefinitions | None]]) -> None:
        self._make = make
        self._is_compiled = False
        self._fault = ""
        self._shared = None
        self._names = None
        self._detailed = None
        self._known_valid = set()
        self._known_valid_before = set()
        self.is_valid = self._compile_and_check  # type: ignore[assignment] # the same but for the argument's name

    def compile(self) -> None:
        """Compile the schema, once; raise ``ValueError`` with the reason if it is no JSON Schema."""
        if not self._is_compiled:
            try:
                super().__init__(*self._make())
            except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
                super().__init__({})
                self._fault = str(getattr(error, "message", error))
            self._is_compiled = True
        if self._fault:
            raise ValueError(self._fault)

    def violations(self, value: Any, where: str = "body") -> list[Violation]:
        """Return the violations of the schema by a value."""
        self.is_valid(value)
        return super().violations(value, where)

    def _compile_and_check(self, value: Any) -> bool:
        with suppress(ValueError):
            self.compile()
        return self.is_valid(value)


def _has_long_part(value: Any) -> bool:
    """Return whether a value is, or holds, a list or an object of many parts; the outermost are looked at first."""
    level = [value] if isinstance(value, dict | list) else []
    while level:
        if max(map(len, level)) > 2 * MAX_VIOLATIONS:
            return True
        inner = (part for node in level for part in (node.values() if isinstance(node, dict) else node))
        level = [part for part in inner if isinstance(part, dict | list)]
    return False


def _shortened(value: Any, most: int, names: frozenset[str]) -> Any:
    """Return a value with the first parts of each list, and of each object those and the properties of these names."""
    if isinstance(value, dict):
        kept = value if len(value) <= most else {name: value[name] for name in islice(value, most)}
        if kept is not value:
            kept |= {name: value[name] for name in names if name in value}
        return {name: _shortened(part, most, names) for name, part in kept.items()}
    return [_shortened(part, most, names) for part in value[:most]] if isinstance(value, list) else value


def _property_names(schema: Any) -> Iterator[str]:
    """Yield the names of the properties that a schema declares or requires, at any depth."""
    if isinstance(schema, dict):
        for name, part in schema.items():
            if name == "properties" and isinstance(part, dict):
                yield from part
            if name == "required" and isinstance(part, list):
                yield from (each for each in part if isinstance(each, str))
            yield from _property_names(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _property_names(part)


def _with_patterns(schema: Any) -> Any:
    """Return an equivalent schema with patterns in place of formats."""
    if isinstance(schema, list):
        return [_with_patterns(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _with_patterns(part) for name, part in schema.items()}
    pattern = PATTERNS.get(made["format"]) if isinstance(made.get("format"), str) else None
    if pattern is not None:
        made["allOf"] = [*made.get("allOf", ()), {"pattern": f"^(?:{pattern})$"}]
    return made


def _branches_of(error: jsonschema_rs.ValidationError) -> list[list[jsonschema_rs.ValidationError]]:
    """Return the errors of each alternative of an ``anyOf`` or ``oneOf``; none of another rule."""
    return getattr(error.kind, "context", None) or []


def _place_of(error: jsonschema_rs.ValidationError) -> str:
    """Return the place of an error as a JSON pointer; of a missing property, the property's."""
    kind: Any = error.kind
    path = [str(part) for part in error.instance_path]
    return join([*path, kind.property]) if kind.name == "required" else join(path)


def _follows_from(error: jsonschema_rs.ValidationError, direct: set[str]) -> bool:
    """Return whether an alternative fails only where other errors are, so that mending those mends this one."""
    return any(all(_place_of(each) in direct for each in branch) for branch in _branches_of(error) if branch)


def _explain(error: jsonschema_rs.ValidationError, where: str, schema: dict[str, Any]) -> Iterator[Violation]:
    """Yield the violations of a validator's error; the path of a missing or unexpected property ends with its name."""
    kind: Any = error.kind
    path = [str(part) for part in error.instance_path]
    extra = getattr(kind, "unexpected", None)
    branches = _branches_of(error)
    if kind.name == "required":
        yield Violation(where, join([*path, kind.property]), "required", f"{kind.property} is required")
    elif extra:
        known = _node_of(error, schema).get("properties", {})
        for number, name in enumerate(extra):
            hint = nearest(name, known) if number < MAX_HINTS else ""
            yield Violation(where, join([*path, name]), kind.name, f"{name} is not allowed here", hint=hint)
    elif branches:
        node, fitting = _node_of(error, schema), [not branch for branch in branches]
        message = name_alternatives(node.get(kind.name, ()), fitting, is_object=isinstance(error.instance, dict))
        if message:
            yield Violation(where, join(path), kind.name, message, error.instance)
        else:
            yield explain_alternatives(error, where, node, lambda part: _explain(part, where, schema))
    elif kind.name == "not" and (message := name_exclusion(kind.schema)):
        yield Violation(where, join(path), kind.name, message, error.instance)
    else:
        hint = _hint(error, _node_of(error, schema))
        yield Violation(where, join(path), kind.name, _shorten(error.message), error.instance, hint)


def _hint(error: jsonschema_rs.ValidationError, node: dict[str, Any]) -> str:
    """Return the nearest value of an enumeration, or the description of a text that breaks its pattern."""
    if error.kind.name == "enum":
        return nearest(str(error.instance), map(str, node.get("enum", ())))
    if error.kind.name == "pattern" and "description" in node:
        return f" ({node['description'].rstrip('.')})"
    return ""


def _node_of(error: jsonschema_rs.ValidationError, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a schema that holds the keyword of an error; an empty one if it cannot be found."""
    node: Any = schema
    for part in error.schema_path[:-1]:
        is_found = part in node if isinstance(node, dict) else isinstance(node, list)
        if not is_found:
            return {}
        node = node[part]
        if part == "$ref" and isinstance(node, str):
            node = schema.get("definitions", {}).get(node.removeprefix("#/definitions/"))
    return node if isinstance(node, dict) else {}


def _shorten(message: str, max_length: int = 300) -> str:
    return (
        message if len(message) <= max_length else message[: max_length // 2] + SHORTENED + message[-max_length // 2 :]
    )

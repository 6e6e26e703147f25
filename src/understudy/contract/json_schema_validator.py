"""JSON Schema (draft 4), compiled: whether a value keeps it, and where it does not."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs

from understudy.core.json_pointer import join
from understudy.core.refused import Violation

_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_FOURTH = "(?:0[48]|[2468][048]|[13579][26])"
_DAY = "(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31"
PATTERNS = {
    "date": f"{_YEAR}-(?:{_DAY})|(?:[0-9]{{2}}{_FOURTH}|{_FOURTH}00)-02-29",  # full-date of RFC 3339
    "uuid": "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",  # with its hyphens
}
"""The formats that are patterns: as such they are matched without asking Python."""


def is_base64(text: str) -> bool:
    """Tell whether a text is base64 with its padding (RFC 4648, section 4)."""
    try:
        b64decode(text.encode("ascii"), validate=True)
    except (NotBase64, ValueError):
        return False
    return True


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


OTHER_FORMATS = {"byte": is_base64}
OWN_FORMATS = OTHER_FORMATS | {name: _matches(pattern) for name, pattern in PATTERNS.items()}

MOST_PROVED = 1 << 14
"""How many texts a validator remembers as proved, each in some hundred bytes, before the older half is forgotten."""


class Validator:
    """Tells whether a JSON value keeps a schema, and where it does not. Remembers the texts that were proved before."""

    __slots__ = ("_explaining", "_proved", "_proved_before", "_schema", "is_valid")

    def __init__(self, schema: dict[str, Any]) -> None:
        """Compile a schema. Every call asks whether a value is valid, few are told why not: that is compiled then."""
        self._schema = schema
        self._explaining: jsonschema_rs.Draft4Validator | None = None
        self.is_valid = jsonschema_rs.Draft4Validator(
            _quick(schema),
            validate_formats=True,
            formats=OTHER_FORMATS,
            pattern_options=jsonschema_rs.RegexOptions(),
        ).is_valid
        self._proved: set[int] = set()
        self._proved_before: set[int] = set()

    def is_known_valid(self, text: bytes) -> bool:
        """Tell whether this JSON text was proved before.

        Texts are known by their hashes: 64 bits, keyed anew in each process. A text keeps its own once it is computed.
        """
        return hash(text) in self._proved or hash(text) in self._proved_before

    def remember_valid(self, text: bytes) -> None:
        """Remember that a JSON text was proved."""
        if len(self._proved) >= MOST_PROVED // 2:
            self._proved_before, self._proved = self._proved, set()
        self._proved.add(hash(text))

    def violations(self, value: Any, where: str = "body") -> list[Violation]:
        """Return every place where a value breaks the schema, the outermost first."""
        if self._explaining is None:
            self._explaining = jsonschema_rs.Draft4Validator(
                self._schema, validate_formats=True, formats=OWN_FORMATS, pattern_options=jsonschema_rs.RegexOptions()
            )
        errors = self._explaining.iter_errors(value)
        return [violation for error in errors for violation in _explain(error, where)]


def _quick(schema: Any) -> Any:
    """Return a schema that takes the same values, with patterns in place of formats."""
    if isinstance(schema, list):
        return [_quick(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _quick(part) for name, part in schema.items()}
    pattern = PATTERNS.get(made["format"]) if isinstance(made.get("format"), str) else None
    if pattern is not None:
        made["allOf"] = [*made.get("allOf", ()), {"pattern": f"^(?:{pattern})$"}]
    return made


def _explain(error: jsonschema_rs.ValidationError, where: str) -> Iterator[Violation]:
    """Turn a validator's error into violations; a missing or unexpected property's path ends with its name."""
    kind: Any = error.kind
    path = [str(part) for part in error.instance_path]
    extra = getattr(kind, "unexpected", None)
    branches = getattr(kind, "context", None)
    if kind.name == "required":
        yield Violation(where, join([*path, kind.property]), "required", f"{kind.property} is required")
    elif extra:
        for name in extra:
            yield Violation(where, join([*path, name]), kind.name, f"{name} is not allowed here")
    elif branches:
        yield Violation(where, join(path), kind.name, _closest(branches), error.instance)
    else:
        yield Violation(where, join(path), kind.name, _shorten(error.message), error.instance)


def _closest(branches: list[list[jsonschema_rs.ValidationError]]) -> str:
    said = list(dict.fromkeys(_shorten(error.message) for branch in branches for error in branch))
    return "none of the alternatives fits: " + "; or ".join(said[:4])


def _shorten(message: str, most: int = 300) -> str:
    return message if len(message) <= most else f"{message[: most // 2]} … {message[-most // 2 :]}"

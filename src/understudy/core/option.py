"""Option of a vendor: a text of a scenario's ``credentials`` or ``settings``, with its default."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

COUNTS = "@records"
"""Setting of a user's own document: numbers of start records by collection, which a scenario has under ``records``."""

MAX_LENGTH = 255
SEGMENT = r"[A-Za-z0-9][A-Za-z0-9._~-]*"
"""Texts that can be a segment of a path without escapes."""

PRINTABLE = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]+"
SENDABLE = r"[\x20-\x7e]+"
"""Texts that can be a header's value as they are."""

SENDABLE_FORM = "one line of text in ASCII"


@dataclass(frozen=True, slots=True)
class Option:
    """Text that a scenario may set.

    Its value is one of ``choices``, if there are any; otherwise it matches ``pattern``, described by ``form``, and is
    none of ``taken``: values that other records of the start data have. With ``maximum`` it is a whole number instead.
    """

    default: str
    choices: tuple[str, ...] = ()
    pattern: str = PRINTABLE
    form: str = "one line of text"
    taken: frozenset[str] = frozenset()
    maximum: int | None = None

    def fault(self, value: object) -> str:
        """Return the reason why a value is not allowed; an empty text for one that is."""
        if self.maximum is not None:
            is_number = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= self.maximum
            return "" if is_number else f"must be a whole number from 0 to {self.maximum}, not {value!r}"
        if not isinstance(value, str):
            return f"must be text, not {value!r}; put it in quotes" if value is not None else "has no value"
        if self.choices:
            return (
                "" if value in self.choices else f"must be one of {', '.join(map(repr, self.choices))}, not {value!r}"
            )
        if len(value) > MAX_LENGTH or value != value.strip() or not re.fullmatch(self.pattern, value):
            return f"must be {self.form}, not {value[:MAX_LENGTH]!r}"
        return f"cannot be {value!r}: another record of the start data has it" if value in self.taken else ""


@dataclass(frozen=True, slots=True)
class VendorOptions:
    """Options of one vendor, by name: those of a scenario's ``credentials`` and those of its ``settings``."""

    credentials: Mapping[str, Option] = field(default_factory=dict)
    settings: Mapping[str, Option] = field(default_factory=dict)

"""Regular expressions of fields: the vendor matches a pushed value as a whole."""

from functools import lru_cache

import jsonschema_rs

MAX_BACKTRACKING = 100_000
"""Number of steps back after which a value counts as one that does not match: some milliseconds."""


class BadPattern(Exception):  # noqa: N818 - a fact about a definition, which its handler refuses
    """Text that is no regular expression, or one in a syntax that JSON Schema does not have, such as ``(?i)``."""


def check_pattern(regex: str) -> None:
    """Raise ``BadPattern`` for a text that cannot be read as a regular expression."""
    _compile(regex)


def is_match(regex: str, text: str) -> bool:
    """Return whether a whole text matches; raise ``BadPattern`` for a text that is no regular expression."""
    return _compile(regex).is_valid(text)


@lru_cache(maxsize=256)
def _compile(regex: str) -> jsonschema_rs.Draft4Validator:
    try:
        _validator(regex)
        return _validator(f"^(?:{regex})$")
    except jsonschema_rs.ValidationError:
        raise BadPattern(regex) from None


def _validator(pattern: str) -> jsonschema_rs.Draft4Validator:
    options = jsonschema_rs.FancyRegexOptions(backtrack_limit=MAX_BACKTRACKING)
    return jsonschema_rs.Draft4Validator({"pattern": pattern}, pattern_options=options)

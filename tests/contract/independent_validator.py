"""Validator of a spec's schemas by a library that shares no code with ours."""

from binascii import a2b_base64
from copy import copy
from functools import cache
from typing import Any

from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator, oas30_format_checker

from understudy.contract.document import Document

VALIDATORS = {"request": OAS30WriteValidator, "response": OAS30ReadValidator}


def is_byte(value: object) -> bool:
    """Return whether a text is base64; the library's own check fails at text that is not ASCII."""
    return not isinstance(value, str) or a2b_base64(value, strict_mode=True) is not None


FORMATS = copy(oas30_format_checker)
FORMATS.checkers = {**oas30_format_checker.checkers, "byte": (is_byte, ValueError)}


@cache
def _validator(document: Document, direction: str) -> Any:
    return VALIDATORS[direction](document.raw, format_checker=FORMATS)


def independent_violations(document: Document, schema: Any, value: Any, direction: str) -> list[str]:
    """Return the violations of a schema by a value of a request or response, as texts."""
    try:
        errors = list(_validator(document, direction).evolve(schema=schema).iter_errors(value))
    except TypeError as error:  # the library uses the value of a discriminator as a key, and a list cannot be one
        return [f"a discriminator is no text: {error}"]
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors]

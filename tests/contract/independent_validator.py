"""A second opinion on what a spec allows, from a library that shares no code with ours."""

from binascii import a2b_base64
from copy import copy
from functools import cache
from typing import Any

from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator, oas30_format_checker

from understudy.contract.document import Document

JUDGES = {"request": OAS30WriteValidator, "response": OAS30ReadValidator}


def is_byte(value: object) -> bool:
    """Tell whether a text is base64; the library's own check fails at text that is not ASCII."""
    return not isinstance(value, str) or a2b_base64(value, strict_mode=True) is not None


FORMATS = copy(oas30_format_checker)
FORMATS.checkers = {**oas30_format_checker.checkers, "byte": (is_byte, ValueError)}


@cache
def _judge(document: Document, direction: str) -> Any:
    return JUDGES[direction](document.raw, format_checker=FORMATS)


def complaints(document: Document, schema: Any, value: Any, direction: str) -> list[str]:
    """What is wrong with a value that goes in (``request``) or comes out (``response``), in words."""
    try:
        errors = list(_judge(document, direction).evolve(schema=schema).iter_errors(value))
    except TypeError as error:  # it looks up a discriminator's value as it came, and a list cannot be looked up
        return [f"a discriminator is no text: {error}"]
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors]

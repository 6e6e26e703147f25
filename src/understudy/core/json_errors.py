"""Place and text at which a JSON text breaks off or goes wrong, in the words of no parser."""

import re
from json import JSONDecodeError, dumps

SIGNS = "+-"
MAX_TOKEN = 40
TOKEN = re.compile(rf"[\w.+-]{{1,{MAX_TOKEN}}}|.", re.DOTALL)


def json_mistake(error: JSONDecodeError) -> str:
    """Return the token that is no JSON with its place, such as ``"NaN" at line 1, column 7``."""
    at = _start(error)
    column = error.colno - (error.pos - at)
    return f"{token_at(error)} at line {error.lineno}, column {column}"


def token_at(error: JSONDecodeError) -> str:
    """Return the token that is no JSON, quoted; or that the text ends there."""
    found = TOKEN.match(error.doc, _start(error))
    return dumps(found[0], ensure_ascii=False) if found else "it breaks off"


def _start(error: JSONDecodeError) -> int:
    """Return the start of the token: some parsers point behind its sign."""
    is_signed = 0 < error.pos < len(error.doc) and error.doc[error.pos - 1] in SIGNS
    return error.pos - 1 if is_signed else error.pos

"""Values of forms, in the form that the control API takes them; what is wrong stays as it is, for its refusal."""

import re
from collections.abc import Mapping
from typing import Any

WHOLE = re.compile(r"[+-]?[0-9]{1,30}")
DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})")
LOCAL_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(?:\.\d+)?)?")


def filled(form: Mapping[str, str], *names: str) -> dict[str, str]:
    """Return the fields that are filled in."""
    return {name: text for name in names if (text := form.get(name, "").strip())}


def as_number(text: str) -> Any:
    """Return the number of a text, or the text if it is none."""
    if WHOLE.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text


def as_utc(text: str) -> str:
    """Return a time without a zone, as browsers send it, as one in UTC; any other text as it is."""
    found = LOCAL_TIME.fullmatch(text)
    if found is None:
        return text
    return f"{text.replace(' ', 'T')}{'' if found[1] else ':00'}Z"


def as_local(text: str) -> str:
    """Return a time in UTC as the value of a browser's field for a time without a zone, to the second."""
    return text[:19]

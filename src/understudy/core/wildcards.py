"""Patterns of texts in which ``*`` stands for any text."""

import re
from functools import lru_cache


def matches(pattern: str, text: str) -> bool:
    """Return whether a text fits a pattern; every character but ``*`` stands for itself."""
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)

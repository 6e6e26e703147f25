"""Patterns of texts in which ``*`` stands for any text."""

import re
from functools import lru_cache


def matches(pattern: str, text: str) -> bool:
    """Return whether a text fits a pattern; every character but ``*`` stands for itself."""
    return compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern as an expression that is tried in a time that grows with the text, not with the stars.

    What stands between two stars is looked for once, at its first place: a later one cannot fit better.
    """
    first, *between = re.sub(r"\*+", "*", pattern).split("*")
    last = between.pop() if between else None
    middle = "".join(f"(?>.*?{re.escape(each)})" for each in between)
    end = "" if last is None else f".*{re.escape(last)}"
    return re.compile(f"{re.escape(first)}{middle}{end}", re.DOTALL)

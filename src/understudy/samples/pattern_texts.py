"""Texts that a regular expression matches: a usual text in another form, or one made for the expression."""

import re
from collections.abc import Callable, Iterator
from itertools import product
from random import Random

import rstr

LETTERS_AND_DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789"
MIXED = "[A-Za-z0-9]"
CLASSES = {"d": "[0-9]", "w": "[a-z0-9]", "s": " ", "S": "[a-z0-9]", "D": "[a-z]", "W": "-", "h": " ", "R": "\n"}
PROPERTIES = {"L": "A-Za-z", "Lu": "A-Z", "Ll": "a-z", "N": "0-9", "Nd": "0-9", "P": "-", "Z": " ", "Zs": " ", "S": "+"}
PROPERTY = re.compile(r"\\[pP]\{(?:Is_?|L_=)?(\w+)(?:=\w+)?\}")
TRIES = 60
MAX_LENGTH = 2_000
MAX_MADE = 300_000
"""Characters that are made for one expression until it is given up."""

MIN_LONG = 4
"""Least length from which on repetitions are chosen by it."""


def forms_of(text: str) -> Iterator[str]:
    """Yield a text in the forms that patterns often ask for."""
    yield text
    yield text.lower()
    yield text.upper()
    for gap in ("-", "_", "", "."):
        joined = gap.join(re.findall(r"[A-Za-z0-9]+", text))
        yield joined.lower()
        yield joined.upper()
        yield joined
    digits = "".join(re.findall(r"[0-9]", text))
    if digits:
        yield digits
        yield f"+{digits}"


def text_of_pattern(
    pattern: str, is_allowed: Callable[[str], bool], random: Random, low: int = 0, high: int = MAX_LENGTH
) -> str | None:
    """Return a text that a regular expression of ECMAScript matches and that is allowed; ``None`` if none is found.

    ``low`` and ``high`` are limits of its length, by which repetitions are chosen.
    """
    if low > high:
        return None
    left = MAX_MADE
    for is_mixed, repeats in product((False, True), _repeats(low, high)):
        for source in _sources(pattern, repeats, is_mixed=is_mixed):
            made = _Source(source, random)
            for _ in range(TRIES if made.is_random else 1):
                text = made.text()
                if text is None or left < 0:
                    break
                left -= len(text)
                if text and len(text) <= MAX_LENGTH and is_allowed(text):
                    return text
    return "" if is_allowed("") else None


def _repeats(low: int, high: int) -> list[tuple[int, int]]:
    """Return how often a part without an end is repeated: usually up to eight times, more often in a longer text."""
    usual = (0, max(1, min(8, high)))
    if low <= MIN_LONG:
        return [usual]
    return [usual, *((low // parts, min(low // parts + 8, MAX_LENGTH)) for parts in (1, 2, 3, 4))]


class _Source:
    """Texts of one expression in Python's dialect."""

    def __init__(self, source: str, random: Random) -> None:
        self._source = source
        self._rstr = rstr.Rstr(random)
        self.is_random = any(each in source for each in "[.*+?{|(")

    def text(self) -> str | None:
        try:
            made = str(self._rstr.xeger(self._source))
        except (
            re.error,
            ValueError,
            KeyError,
            IndexError,
            NotImplementedError,
            OverflowError,
            RecursionError,
            TypeError,
        ):
            return None
        return "".join(each if each.isprintable() else "x" for each in made)


def _sources(pattern: str, repeats: tuple[int, int], *, is_mixed: bool) -> Iterator[str]:
    """Yield an expression in Python's dialect, its look-arounds taken out; then with what they ask for in front."""
    plain, ahead = _without_look_arounds(pattern)
    rest = _translated(plain, is_mixed=is_mixed)
    yield _short(rest, repeats)
    wanted = "".join(_short(_translated(each.removeprefix(".*"), is_mixed=is_mixed), repeats) for each in ahead)
    if wanted:
        yield wanted + _short(rest, repeats)
        yield wanted
        yield f"{wanted}{MIXED}{{6}}"


def _short(source: str, repeats: tuple[int, int]) -> str:
    """Return an expression whose open repetitions end soon, so that texts stay readable."""
    low, high = repeats
    made = re.sub(
        r"(?<!\\)\{(\d+),\}",
        lambda found: f"{{{max(low, int(found[1]))},{max(high if low else 0, int(found[1]) + 4)}}}",
        source,
    )
    made = re.sub(r"(?<![\\(])\*\??(?![^\[]*\])", f"{{{low},{high}}}", made)
    return re.sub(r"(?<![\\(])\+\??(?![^\[]*\])", f"{{{max(low, 1)},{high}}}", made)


def _translated(pattern: str, *, is_mixed: bool) -> str:
    """Return an expression in Python's dialect, its classes narrowed to letters and digits."""
    any_char = MIXED if is_mixed else "[a-z0-9]"
    made: list[str] = []
    at, is_class = 0, False
    pattern = re.sub(r"\(\?<(?![=!])", "(?P<", re.sub(r"\\u\{?([0-9a-fA-F]{4,5})\}?", _char, pattern))
    pattern = re.sub(r"\\k<(\w+)>", r"(?P=\1)", pattern)
    while at < len(pattern):
        char = pattern[at]
        found = PROPERTY.match(pattern, at)
        if found:
            letters = PROPERTIES.get(found[1], "a-z")
            made.append(letters if is_class else f"[{letters}]")
            at = found.end()
            continue
        if char == "\\" and at + 1 < len(pattern):
            made.append(_escaped(pattern[at + 1], any_char, is_class=is_class))
            at += 2
            continue
        if char == "[" and not is_class:
            is_class = True
            end = _end_of_class(pattern, at)
            if pattern.startswith("[^", at) and end:
                made.append(_other_than(pattern[at : end + 1], is_mixed=is_mixed))
                at, is_class = end + 1, False
                continue
        elif char == "[" and is_class:
            char = "\\["
        elif char == "]" and is_class:
            is_class = False
        elif char == "." and not is_class:
            char = any_char
        elif char in "^$" and not is_class:
            char = ""
        made.append(char)
        at += 1
    return "".join(made)


def _escaped(char: str, any_char: str, *, is_class: bool) -> str:
    if char in "bBAzZ":
        return ""
    if char == "/":
        return "/"
    if char not in CLASSES:
        return f"\\{char}"
    inner = CLASSES[char]
    if char in "wS":
        inner = any_char
    return inner.strip("[]") if is_class else inner


def _char(found: re.Match[str]) -> str:
    return re.escape(chr(int(found[1], 16)))


def _end_of_class(pattern: str, start: int) -> int:
    at = start + 2
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 1
        elif pattern[at] == "]" and at > start + 2:
            return at
        at += 1
    return 0


def _other_than(text: str, *, is_mixed: bool) -> str:
    """Return a class of the letters and digits that a negated class allows."""
    letters = LETTERS_AND_DIGITS + ("ABCDEFGHIJKLMNOPQRSTUVWXYZ" if is_mixed else "")
    try:
        allowed = [each for each in f"{letters}-_ .,:/" if re.match(text, each)]
    except re.error:
        return "[a-z]"
    chosen = [each for each in allowed if each.isalnum()] or allowed
    return f"[{''.join(map(re.escape, chosen))}]" if chosen else "~"


def _without_look_arounds(pattern: str) -> tuple[str, list[str]]:
    """Return an expression without its look-arounds and flags, and what its positive look-aheads ask for."""
    made, ahead = "", []
    at = 0
    while at < len(pattern):
        if pattern[at] == "\\":
            made += pattern[at : at + 2]
            at += 2
            continue
        opening = re.compile(r"\(\?(=|!|<=|<!|[imsux-]+\))").match(pattern, at)
        if opening is None:
            made += pattern[at]
            at += 1
            continue
        if opening[1].endswith(")"):
            at = opening.end()
            continue
        end = _end_of_group(pattern, at)
        if opening[1] == "=":
            ahead.append(pattern[opening.end() : end].lstrip("^").rstrip("$"))
        at = end + 1
    return made, ahead


def _end_of_group(pattern: str, start: int) -> int:
    depth, at, is_class = 0, start, False
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 1
        elif is_class:
            is_class = char != "]"
        elif char == "[":
            is_class = True
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if not depth:
                return at
        at += 1
    return len(pattern)

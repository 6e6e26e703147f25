"""Texts of fields within a schema's limits: the usual one in the form that the schema or its example asks for."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from random import Random
from typing import Any

from understudy.samples.field_values import INSTANT, LENGTH_OF_TIME, maker_of_text, time_of, time_text
from understudy.samples.pattern_texts import forms_of, text_of_pattern
from understudy.samples.subject import Subject
from understudy.samples.value_plans import Plan

ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
IDS = ("id", "ids", "key", "number", "code", "reference", "ref", "token", "sid", "no")
LISTED = re.compile(
    r"(?:one of|can be|either|(?:possible|allowed|valid) values?(?: are| include)?|values?:|must be)"
    r"[:\s]([^.]*)",
    re.IGNORECASE,
)
QUOTED = re.compile(r"[`\"“']([A-Za-z0-9_.:-]{1,40})[`\"”']")
ERROR = re.compile(r"\b(error|problem|fault|violation|exception)$")
TWO = re.compile(r"two.letter|two.character|alpha-?2|3166(?!.*alpha-?3)", re.IGNORECASE)
THREE = re.compile(r"three.letter|three.character|alpha-?3|4217", re.IGNORECASE)
RFC_2822 = "%a, %d %b %Y %H:%M:%S +0000"
MAIL_TIME = re.compile(r"\bRFC[ -]?(2822|822|1123|7231)", re.IGNORECASE)
IDENTIFIER = re.compile(r"^[A-Za-z0-9_:.-]*\d[A-Za-z0-9_:.-]*$")
MAX_LENGTH = 100_000


def text_of(plan: Plan, is_allowed: Callable[[str], bool], subject: Subject) -> str | None:
    """Return a text that a schema allows, or ``None`` if none is found."""
    node = plan.node
    candidates = _usual(plan, subject)
    pattern = node.get("pattern") or node.get("x-pattern")
    if pattern is None and not node.keys() & {"minLength", "maxLength", "format", "x-refused", "x-patterns"}:
        return _like_example(candidates, node.get("example"))
    for text in candidates:
        if is_allowed(text) and (("pattern" in node) or _matches(node.get("x-pattern"), text)):
            return text
    if pattern is not None:
        return _patterned(str(pattern), node, candidates, is_allowed, subject.random)
    fitted = _fitted(candidates[0], node.get("minLength", 0), node.get("maxLength"), subject)
    if fitted is None or is_allowed(fitted):
        return fitted
    short = (each for each in SHORT.get(plan.form, ()) if is_allowed(each))
    return next(short, fitted if "x-refused" in node or plan.form not in SHORT else None)


SHORT = {
    "email": ("a@b.co",),
    "idn-email": ("a@b.co",),
    "uri": ("https://a.co", "a:b"),
    "hostname": ("a.co", "a"),
    "byte": ("aGk=", "", "aGVsbG8gd29ybGQ="),
    "ipv6": ("::1",),
}
"""Short texts of formats."""


def _usual(plan: Plan, subject: Subject) -> tuple[str, ...]:
    """Return the usual texts of a field, the most usual first."""
    node, words = plan.node, plan.words
    if plan.form in ("date-time", "date"):
        time = time_of(words, subject)
        usual = time_text(time, plan.form)
        if "pattern" not in node and "x-pattern" not in node:
            return (usual,)
        return (
            usual,
            time.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            time.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
            *_other_times(time),
        )
    description = str(node.get("description", ""))
    traits = _traits(words, description)
    if traits.listed and not plan.form:
        return (subject.random.choice(traits.listed),)
    if traits.is_time and not plan.form:
        return _of_time(time_of(words, subject), description, node.get("example"))
    make = maker_of_text(words, plan.form, description)
    if make is not None:
        found = make(subject)
        found = found if isinstance(found, tuple) else (str(found),)
        return _preferred(found, traits)
    return _of_example_or_words(node.get("example"), words, subject)


def _of_time(time: datetime, description: str, example: Any) -> tuple[str, ...]:
    """Return a time as a text, first in the form of an example, or in the one that the description names."""
    usual = (time_text(time, "date-time"), time.strftime(RFC_2822), *_other_times(time))
    if isinstance(example, str) and example:
        alike = [each for each in usual if _mask(each) == _mask(example)]
        return (*alike, example, *usual)
    return (usual[1], *usual) if MAIL_TIME.search(description) else usual


def _mask(text: str) -> str:
    """Return a text with 9 for each digit and a for each letter, by which forms of times are compared."""
    return re.sub(r"[A-Za-z]", "a", re.sub(r"\d", "9", text))


@dataclass(frozen=True, slots=True)
class _Traits:
    """Traits of a field by its words and description: whether it is a time, and the form of its texts."""

    is_time: bool
    listed: tuple[str, ...]
    length: int
    is_lower: bool


@lru_cache(maxsize=1 << 14)
def _traits(words: str, description: str) -> _Traits:
    is_time = INSTANT.search(words) is not None and LENGTH_OF_TIME.search(words) is None
    length = 2 if TWO.search(description) else 3 if THREE.search(description) else 0
    return _Traits(is_time, listed_values(description), length, "lowercase" in description.lower())


def _preferred(found: tuple[str, ...], traits: _Traits) -> tuple[str, ...]:
    """Return the forms of a text, first those that a description asks for: a code of two letters, lower case."""
    if traits.length:
        found = tuple(sorted(found, key=lambda each: len(each) != traits.length))
    return tuple(each.lower() for each in found) if traits.is_lower else found


def _other_times(time: Any) -> Iterator[str]:
    yield time.strftime("%Y-%m-%d %H:%M:%S")
    yield time.date().isoformat()
    yield time.strftime("%d/%m/%Y")
    yield time.strftime("%H:%M:%S")
    yield f"{int(time.timestamp())}"


def _of_example_or_words(example: Any, words: str, subject: Subject) -> tuple[str, ...]:
    if isinstance(example, str) and example:
        return (shaped(example, subject.random),)
    last = words.rpartition(" ")[2]
    if last in ("code", "type") and ERROR.search(subject.noun):
        return ("invalid_request",)
    if last in IDS:
        return _identifier(last, subject)
    return (subject.slug.partition("-")[0],)


def _identifier(last: str, subject: Subject) -> tuple[str, ...]:
    """Return a number as people write it, or an id as machines do."""
    if last not in ("number", "no"):
        return f"{subject.random.getrandbits(64):016x}", f"{subject.random.randrange(10**5, 10**6)}"
    if "invoice" in subject.noun:
        return (f"INV-2026-{subject.random.randrange(1, 10_000):04d}",)
    return (f"{subject.random.randrange(100, 100_000)}",)


@lru_cache(maxsize=1 << 12)
def listed_values(description: str) -> tuple[str, ...]:
    """Return the values that a description lists, such as ``Can be `open` or `closed```, if it lists any."""
    found = LISTED.search(description)
    values = tuple(dict.fromkeys(QUOTED.findall(found[1]))) if found else ()
    return values if len(values) > 1 else ()


def shaped(example: str, random: Random) -> str:
    """Return a text like an example: of an identifier other letters and digits behind its prefix, else the same."""
    if not IDENTIFIER.match(example) or len(example) < 4:
        return example
    head, sign, tail = example.rpartition("_")
    is_hex = re.fullmatch(r"[0-9a-f-]+", tail) is not None
    letters = "abcdef" if is_hex else ALPHABET[:26]
    made = []
    for char in tail:
        if char.isdigit():
            made.append(random.choice("123456789"))
        elif char.isalpha() and any(each.isdigit() for each in tail):
            letter = random.choice(letters)
            made.append(letter.upper() if char.isupper() else letter)
        else:
            made.append(char)
    return f"{head}{sign}{''.join(made)}"


def _like_example(candidates: tuple[str, ...], example: Any) -> str:
    """Return the candidate that is most like an example: as short, in capitals, of digits."""
    if len(candidates) > 1 and isinstance(example, str) and example:
        for each in candidates:
            if _shape(each) == _shape(example):
                return each
    return candidates[0]


def _shape(text: str) -> tuple[bool, bool, bool, int]:
    return text.isupper(), text.islower(), text.isdigit(), min(4, len(text))


def _matches(pattern: Any, text: str) -> bool:
    """Return whether a text fits a pattern that the validator does not understand, as far as Python does."""
    if pattern is None:
        return True
    try:
        return re.search(str(pattern), text) is not None
    except re.error:
        return True


def _patterned(
    pattern: str, node: Any, candidates: tuple[str, ...], is_allowed: Callable[[str], bool], random: Random
) -> str | None:
    def fits(text: str) -> bool:
        return is_allowed(text) and ("pattern" in node or _matches(pattern, text))

    for text in (form for each in candidates for form in forms_of(each)):
        if fits(text):
            return text
    low, high = node.get("minLength", 0), node.get("maxLength", MAX_LENGTH)
    for each in (pattern, *node.get("x-patterns", ())):
        found = text_of_pattern(each, fits, random, low, high)
        if found is not None:
            return found
    return None if "pattern" in node else _fitted(candidates[0], low, node.get("maxLength"), None)


def _fitted(text: str, low: int, high: int | None, subject: Subject | None) -> str | None:
    """Return a text of a length between limits: sentences are added to a text, other characters to a word."""
    if low > MAX_LENGTH or (high is not None and high < low):
        return None
    while subject is not None and " " in text and len(text) < low:
        text = f"{text} {subject.text}"
    if len(text) < low and subject is not None:
        text += "".join(subject.random.choices(ALPHABET, k=low - len(text)))
    if high is not None and len(text) > high:
        cut = text[:high].rpartition(" ")[0] if " " in text[:high] else text[:high]
        text = cut if len(cut) >= low and cut else text[:high]
    return text.ljust(low, "x")

"""Credentials among the segments of a path that no operation takes: those that look like one, or follow its name."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from math import log2
from urllib.parse import unquote

from understudy.contract.document import Document
from understudy.core.world_names import WORLD_PREFIX

MIN_LENGTH = 20
"""Length from which letters and digits in one run look like a credential."""

MIN_MIXED_LENGTH = 16
"""The same, if the letters are of both cases."""

MIN_ENTROPY = 3.0
"""Bits that each character of such a run has at least: ``aaaaaaaaaaaaaaaaaaa1`` is none."""

RUN = re.compile(r"[A-Za-z0-9+=_]+")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""Id of a record, which is shown unless it follows a credential's name."""

JSON_WEB_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+")
WORLD_SEGMENT = WORLD_PREFIX.removeprefix("/")


def declared_segments(documents: Iterable[Document]) -> frozenset[str]:
    """Return the literal segments of all paths of documents, which begin with the documents' names."""
    paths = [f"{each.name}{each.base_path}{path}" for each in documents for path in each.raw.get("paths", {})]
    return frozenset(part for path in paths for part in path.split("/") if part and "{" not in part)


def credential_positions(path: str, declared: frozenset[str], looks_secret: Callable[[str], bool]) -> Iterator[int]:
    """Yield the positions of the segments of a percent-encoded path that may be credentials.

    A segment that a document declares is none, wherever it stands.
    """
    before = ""
    for position, segment in enumerate(path.split("/")):
        text = unquote(segment)
        is_open = text in declared or text.startswith(WORLD_SEGMENT)
        if text and not is_open and (looks_secret(before) or _looks_random(text)):
            yield position
        before = "" if text.startswith(WORLD_SEGMENT) else text or before


def _looks_random(text: str) -> bool:
    if JSON_WEB_TOKEN.match(text):
        return True
    return UUID.fullmatch(text) is None and any(map(_is_random, RUN.findall(text)))


def _is_random(run: str) -> bool:
    letters = {each for each in run if each.isalpha()}
    if not letters or not any(map(str.isdigit, run)):
        return False
    is_mixed = any(map(str.islower, letters)) and any(map(str.isupper, letters))
    return len(run) >= (MIN_MIXED_LENGTH if is_mixed else MIN_LENGTH) and _entropy(run) >= MIN_ENTROPY


def _entropy(text: str) -> float:
    """Return the bits of a character, by how often each occurs in the text."""
    return -sum(count / len(text) * log2(count / len(text)) for count in Counter(text).values())

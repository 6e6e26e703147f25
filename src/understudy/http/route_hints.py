"""Route hints: the known path that is most like one that no operation takes."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote

from understudy.core.world_names import WORLD_NAME, WORLD_PREFIX
from understudy.http.router import Router

LENGTH_LIMIT, SEGMENT_LIMIT = 1000, 24
"""Limits of a path for which a hint is looked for; a longer one gets none."""

COMPARED = 12
"""Number of paths with the most equal segments, which are then compared letter by letter."""

SIMILARITY = 0.6
"""Least similarity of a path that is named, from 0 to 1."""

CACHE_SIZE = 1024

SLASHES = re.compile(r"[/\\]+")
UNRESERVED = "/%{}@!$&'()*+,;=:~"


class _KnownPath(NamedTuple):
    segments: tuple[str, ...]
    methods: set[str]


class RouteHints:
    """Known paths of several vendors, with the prefixes of their mounts and their base paths."""

    def __init__(self) -> None:
        self._paths: dict[str, _KnownPath] = {}
        self._bases: dict[str, None] = {"": None}
        self._router: Router[str] = Router()
        self._cached = lru_cache(maxsize=CACHE_SIZE)(self._nearest)
        """Hints of the last paths: a client that calls a wrong path calls it again."""

    def add(self, base_path: str, path: str, method: str) -> None:
        """Add a path of an operation; ``base_path`` begins with the mount's prefix."""
        self._cached.cache_clear()
        whole = base_path + path
        known = self._paths.setdefault(whole, _KnownPath(tuple(whole.split("/")[1:]), set()))
        known.methods.update({"GET", "HEAD"} if method.upper() == "GET" else {method.upper()})
        self._bases[base_path] = None
        self._bases["/" + base_path.split("/")[1]] = None
        self._router.add(whole, method, whole)

    def nearest(self, path: str, prefix: str = "") -> str:
        """Return the known path most like a percent-encoded one, with its world and values, or an empty text.

        Paths below ``prefix`` are preferred.
        """
        return "" if len(path) > LENGTH_LIMIT else self._cached(path, "", prefix)

    def nearest_for(self, path: str, method: str, prefix: str) -> str:
        """Return the known path below a prefix that takes a method and is most like a path, or an empty text."""
        return "" if len(path) > LENGTH_LIMIT else self._cached(path, method, prefix)

    def _nearest(self, path: str, method: str, prefix: str) -> str:
        world, segments = _split_world(path)
        if not segments or len(segments) > SEGMENT_LIMIT:
            return ""
        if method:
            found = self._similar(segments, method, prefix)
        else:
            found = self._moved(segments, prefix) or self._similar(segments, "")
        return quote(world + found, safe=UNRESERVED) if found else ""

    def _moved(self, segments: Sequence[str], prefix: str) -> str:
        """Return a known path that ends as the segments do, but has another base path, or an empty text."""
        own = f"{prefix or '/' + segments[0]}/"
        bases = sorted(self._bases, key=lambda base: not f"{base}/".startswith(own))
        for start in range(len(segments)):
            if not self._may_drop(segments[:start], len(segments) - start):
                return ""
            rest = "".join(f"/{segment}" for segment in segments[start:])
            for base in bases:
                found = self._router.find(base + rest)
                if found is not None and _names_more(found[0].template, base, len(segments) - start):
                    return base + rest
        return ""

    def _may_drop(self, dropped: Sequence[str], left: int) -> bool:
        """Return whether the first segments of a path may be another base path, or one wrong name before several."""
        known = {segment for base in self._bases for segment in base.split("/")}
        return known.issuperset(dropped) or (len(dropped) == 1 and left > 1)

    def _similar(self, segments: Sequence[str], method: str, prefix: str = "") -> str:
        """Return the most similar known path that takes the method, if one is given, or an empty text."""
        path = "/".join(segments).casefold()
        matcher: SequenceMatcher[str] = SequenceMatcher(None, autojunk=False)
        matcher.set_seq2([segment.casefold() for segment in segments])
        scored: list[tuple[float, str]] = []
        for whole, known in self._paths.items():
            if (method and method not in known.methods) or not f"{whole}/".startswith(f"{prefix}/"):
                continue
            filled = list(_filled(known.segments, segments))
            matcher.set_seq1([segment.casefold() for segment in filled])
            scored.append((matcher.ratio(), "/".join(filled)))
        scored.sort(key=lambda each: -each[0])
        candidates = {filled.casefold(): filled for _, filled in scored[:COMPARED]}
        for found in get_close_matches(path, candidates, n=1, cutoff=SIMILARITY):
            return f"/{candidates[found]}"
        return ""


def _filled(template: Sequence[str], segments: Sequence[str]) -> Iterator[str]:
    """Yield the template's segments, with the path's segment in place of a parameter."""
    for at, segment in enumerate(template):
        yield segments[at] if segment.startswith("{") and at < len(segments) else segment


def _names_more(template: str, base: str, count: int) -> bool:
    """Return whether the last segments of a template have a name that is not of the base path."""
    below = template.removeprefix(base).split("/")[-count:]
    return any(segment and not segment.startswith("{") for segment in below)


def _split_world(path: str) -> tuple[str, list[str]]:
    """Return the prefix of the world that a path names in any place and encoding, and its other segments.

    Empty segments and slashes at the end are left out.
    """
    segments = [segment for segment in SLASHES.split(path) if segment]
    if segments and unquote(segments[0]).startswith("@") and "%2f" in segments[0].lower():
        segments = [segment for segment in SLASHES.split(unquote(path)) if segment]
    for at, segment in enumerate(segments):
        name = unquote(segment)
        if name.startswith("@") and WORLD_NAME.fullmatch(name[1:]):
            return WORLD_PREFIX + name[1:], [*segments[:at], *segments[at + 1 :]]
    return "", segments

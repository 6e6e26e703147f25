"""Router from paths to targets: fixed paths by one look-up, templated paths segment by segment."""

import re
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote

Target = TypeVar("Target")

TEMPLATE = re.compile(r"\{([^{}]*)\}")
WHOLE = re.compile(r"\{[^{}]*\}")


@dataclass(slots=True)
class Route(Generic[Target]):
    """Path with its targets by method, and the names of its parameters in order."""

    template: str
    names: tuple[str, ...]
    methods: dict[str, Target] = field(default_factory=dict)

    @property
    def allow(self) -> str:
        """Methods of the path, as the ``Allow`` header lists them."""
        methods = {*self.methods} | ({"HEAD"} if "GET" in self.methods else set())
        return ", ".join(sorted(methods))


@dataclass(slots=True)
class _Branch(Generic[Target]):
    """Segments that may follow: fixed ones, partly templated ones such as ``{id}.json``, and any one."""

    fixed: dict[str, "_Branch[Target]"] = field(default_factory=dict)
    partial: "dict[str, tuple[re.Pattern[str], _Branch[Target]]]" = field(default_factory=dict)
    any: "_Branch[Target] | None" = None
    route: Route[Target] | None = None


class Router(Generic[Target]):
    """Routes by path. A fixed segment has precedence over a partly templated one, and that over a templated one."""

    def __init__(self) -> None:
        self._fixed: dict[str, Route[Target]] = {}
        self._root: _Branch[Target] = _Branch()

    def add(self, path: str, method: str, target: Target) -> None:
        """Add a target for a method of a path, in which ``{name}`` matches one segment, or a part of one."""
        segments = path.split("/")[1:]
        names = tuple(name for segment in segments for name in TEMPLATE.findall(segment))
        branch = self._root
        for segment in segments:
            if WHOLE.fullmatch(segment):
                branch.any = branch.any or _Branch()
                branch = branch.any
            elif TEMPLATE.search(segment):
                shape = TEMPLATE.sub("{}", segment)
                _, branch = branch.partial.setdefault(shape, (_segment_pattern(segment), _Branch()))
            else:
                branch = branch.fixed.setdefault(unquote(segment) if "%" in segment else segment, _Branch())
        if branch.route is None:
            branch.route = Route(path, names)
            if not names:
                self._fixed[path] = branch.route
        branch.route.methods[method.upper()] = target

    def has(self, path: str, method: str) -> bool:
        """Return whether a template has a target for a method."""
        found = self.find(path)
        return found is not None and found[0].template == path and method.upper() in found[0].methods

    def find(self, path: str) -> tuple[Route[Target], list[str]] | None:
        """Return the route of a percent-encoded path and the decoded values of its parameters, or ``None``."""
        route = self._fixed.get(path)
        if route is not None:
            return route, []
        segments = path.split("/")[1:]
        if "%" in path:
            segments = [unquote(segment) for segment in segments]
        branch, values = self._root, []
        for segment in segments:
            following = branch.fixed.get(segment)
            if branch.partial:
                return self._search(segments)
            if following is None:
                following = branch.any
                values.append(segment)
            if following is None or not segment:
                return self._search(segments)
            branch = following
        return self._search(segments) if branch.route is None else (branch.route, values)

    def _search(self, segments: list[str]) -> tuple[Route[Target], list[str]] | None:
        """Search with backtracking, which is needed only if a fixed segment leads to no route."""
        values: list[str] = []
        found = _walk(self._root, segments, 0, values)
        return None if found is None else (found, values)


def _walk(branch: _Branch[Target], segments: list[str], at: int, values: list[str]) -> Route[Target] | None:
    if at == len(segments):
        return branch.route
    fixed = branch.fixed.get(segments[at])
    if fixed is not None:
        found = _walk(fixed, segments, at + 1, values)
        if found is not None:
            return found
    for pattern, following in branch.partial.values():
        matched = pattern.fullmatch(segments[at])
        if matched is None:
            continue
        values.extend(matched.groups())
        found = _walk(following, segments, at + 1, values)
        if found is not None:
            return found
        del values[len(values) - pattern.groups :]
    if branch.any is not None and segments[at]:
        values.append(segments[at])
        found = _walk(branch.any, segments, at + 1, values)
        if found is not None:
            return found
        values.pop()
    return None


def _segment_pattern(segment: str) -> re.Pattern[str]:
    """Return the pattern of a segment with templates in it; each of them matches one character or more."""
    fixed = [re.escape(part) for part in TEMPLATE.split(segment)[::2]]
    return re.compile("(.+?)".join(fixed[:-1]) + "(.+)" + fixed[-1])

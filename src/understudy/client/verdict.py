"""Verdict on expected calls, with its findings as text."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from understudy.core.json_types import Json


class Verdict(dict[str, Any]):
    """Result of a verification, as the control API returns it: ``holds`` and ``findings``.

    It is true if all expectations hold. As text it is the expectations that do not hold, each with its nearest calls.
    """

    def __init__(self, found: Json, world: str, expect: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(found)
        self._world = world
        self._expect = expect

    def __bool__(self) -> bool:
        return bool(self["holds"])

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def __repr__(self) -> str:
        return f"<Verdict {self}>"

    def _lines(self) -> Iterator[str]:
        if self:
            yield f"the calls in the world {self._world} are as expected"
            return
        yield f"the calls in the world {self._world} are not as expected"
        for finding in self["findings"]:
            if not finding["holds"]:
                number = finding["expectation"]
                yield f"expectation {number}, {_text(self._expect[number])}:"
                yield from finding_lines(finding)


def finding_lines(finding: Json) -> Iterator[str]:
    """Yield a finding as lines of text: whether it holds, then the nearest calls with their differences."""
    yield f"{'holds' if finding['holds'] else 'fails'}  {finding['says']}"
    for near in finding["nearest"]:
        struck = f" (struck by {near['fault']})" if near.get("fault") else ""
        yield f"       nearest: {near['number']} {near['vendor']} {near['operation']} {near['status']}{struck}"
        for each in near["differs"]:
            found = _text(each["found"]) if "found" in each else "nothing"
            yield f"         {each['where']}: expected {_text(each['expected'])}, found {found}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

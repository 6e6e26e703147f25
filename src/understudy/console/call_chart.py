"""Chart of the calls of the last minutes, as bars of an SVG drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

HEIGHT = 40
WIDTH = 6
GAP = 1.5
MIN_BAR = 1.5
"""Height of the bar of a span with one call among thousands: it has to be seen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Bar of one span: its place, the heights of its parts, and its text."""

    x: float
    accepted: float
    refused: float
    text: str


@dataclass(frozen=True, slots=True)
class CallChart:
    """Bars of all spans, the oldest first, and what they show in words."""

    bars: Sequence[Bar]
    width: float
    height: float
    calls: int
    refused: int
    minutes: int
    highest: int
    seconds: int
    is_complete: bool


def call_chart(recent: Any) -> CallChart:
    """Return the chart of what ``count_recent_calls`` answers."""
    spans, seconds = recent["spans"], recent["seconds"]
    highest = max((each["calls"] for each in spans), default=0)
    bars = []
    for at, each in enumerate(spans):
        refused = _height(each["refused"], highest)
        accepted = _height(each["calls"] - each["refused"], highest)
        ago = (len(spans) - at) * seconds
        text = f"{each['calls']} calls, {each['refused']} refused, {ago} to {ago - seconds} seconds ago"
        bars.append(Bar(at * WIDTH, accepted, min(refused, HEIGHT - accepted), text if each["calls"] else ""))
    return CallChart(
        bars,
        len(spans) * WIDTH - GAP,
        HEIGHT,
        sum(each["calls"] for each in spans),
        sum(each["refused"] for each in spans),
        len(spans) * seconds // 60,
        highest,
        seconds,
        recent["is_complete"],
    )


def _height(number: int, highest: int) -> float:
    return max(round(number / highest * HEIGHT, 1), MIN_BAR) if number else 0

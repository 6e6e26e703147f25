"""Patterns that no allowed text matches: they are given up soon, so that nobody waits for them."""

from random import Random

import pytest

from understudy.samples.pattern_texts import MAX_LENGTH, MAX_MADE, text_of_pattern

NESTED = "^se(-[a-z0-9]+)+$"


def tried(pattern: str, low: int, high: int) -> tuple[str | None, list[str]]:
    """Return the text that is found where none is allowed, and those that were tried."""
    texts: list[str] = []

    def is_allowed(text: str) -> bool:
        texts.append(text)
        return False

    return text_of_pattern(pattern, is_allowed, Random(1), low, high), texts


def test_nothing_is_tried_where_the_least_length_is_above_the_greatest() -> None:
    assert tried(NESTED, 36, 25) == (None, [])


@pytest.mark.parametrize(("low", "high"), [(36, 36), (900, MAX_LENGTH), (0, MAX_LENGTH)])
def test_a_pattern_is_given_up_after_so_many_characters(low: int, high: int) -> None:
    found, texts = tried(NESTED, low, high)

    assert found is None
    assert sum(map(len, texts)) <= MAX_MADE + MAX_LENGTH


@pytest.mark.parametrize(("low", "high"), [(36, 36), (36, 40), (0, 8)])
def test_a_possible_one_is_found(low: int, high: int) -> None:
    found = text_of_pattern(NESTED, lambda text: low <= len(text) <= high, Random(1), low, high)

    assert found is not None
    assert low <= len(found) <= high

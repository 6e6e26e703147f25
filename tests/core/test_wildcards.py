"""Patterns with stars: they fit as they should, in a time that does not grow with the number of stars."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.wildcards import matches
from understudy.deliveries.rules import MAX_DESTINATION, InvalidRule, read_rules


@given(st.text("ab*", max_size=8), st.text("ab\n", max_size=10))
def test_a_pattern_fits_as_if_every_place_of_its_texts_were_tried(pattern: str, text: str) -> None:
    plain = re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)

    assert matches(pattern, text) is (plain.fullmatch(text) is not None)


@pytest.mark.parametrize("pattern", ["*" * 2000 + "b", "*a" * 1000 + "*b", "*ab" * 600, "a*" * 1000])
def test_many_stars_hold_nothing_up(pattern: str) -> None:
    started = time.process_time()

    matches(pattern, "a" * 100_000)

    assert time.process_time() - started < 0.5  # endless before; the bound is wide for a slow machine


@pytest.mark.parametrize(("length", "is_allowed"), [(MAX_DESTINATION, True), (MAX_DESTINATION + 1, False)])
def test_a_destination_of_a_rule_has_a_longest(length: int, *, is_allowed: bool) -> None:
    rules = [{"destination": "*" * length, "target": "http://127.0.0.1:9/"}]

    if is_allowed:
        assert read_rules(rules, [])[0].fits("hook")
    else:
        with pytest.raises(InvalidRule, match="destination has 2049 characters, 2048 at most are allowed"):
            read_rules(rules, [])

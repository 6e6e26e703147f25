import pytest

from understudy.core.refused import Cause, Refused, Violation


@pytest.mark.parametrize(
    ("path", "name"), [("", ""), ("/a", "a"), ("/a/0/b", "b"), ("limit", "limit"), ("/a~1b", "a/b"), ("/a~01", "a~1")]
)
def test_a_violation_is_named_by_the_last_part_of_its_path(path: str, name: str) -> None:
    assert Violation("body", path, "type", "wrong").name == name


def test_a_violation_of_a_part_is_placed_in_the_whole_with_those_within_it() -> None:
    inner = Violation("body", "/kind/name", "enum", "unknown")
    found = Violation("body", "/kind", "oneOf", "none fits", within=(inner,)).below("/lines/0")

    assert (found.path, found.within[0].path) == ("/lines/0/kind", "/lines/0/kind/name")


def test_the_default_cause_of_a_refusal_is_a_rule() -> None:
    refused = Refused(404, "gone", violations=[Violation("body", "", "type", "wrong")])

    assert (refused.cause, str(refused), len(refused.violations)) == (Cause.RULE, "gone", 1)

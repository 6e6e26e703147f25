"""The small words of the domain: the nearest name, a violation's name, an index by properties, a reply's headers."""

import pytest

from understudy.core.misconfigured import nearest
from understudy.core.refused import Cause, Refused, Violation
from understudy.core.reply import Reply
from understudy.core.table import by

KNOWN = ("create_event", "list_events", "disable_event")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("creat_event", "; did you mean 'create_event'?"),
        ("events_list", "; did you mean 'list_events'?"),
        ("disable_event", "; did you mean 'disable_event'?"),
        ("zzzzzz", ""),
        ("", ""),
    ],
)
def test_the_nearest_name_is_offered_if_one_is_near(name: str, hint: str) -> None:
    assert nearest(name, KNOWN) == hint


def test_among_no_names_none_is_near() -> None:
    assert nearest("anything", ()) == ""


@pytest.mark.parametrize(
    ("path", "name"), [("", ""), ("/a", "a"), ("/a/0/b", "b"), ("limit", "limit"), ("/a~1b", "a/b"), ("/a~01", "a~1")]
)
def test_a_violation_is_named_by_the_last_part_of_its_path(path: str, name: str) -> None:
    assert Violation("body", path, "type", "wrong").name == name


def test_a_refusal_is_a_rules_unless_it_says_otherwise() -> None:
    refused = Refused(404, "gone", violations=[Violation("body", "", "type", "wrong")])

    assert (refused.cause, str(refused), len(refused.violations)) == (Cause.RULE, "gone", 1)


def test_an_index_by_properties_goes_down_at_dots() -> None:
    indexes = by("email", "contact.id")
    row = {"email": "a@b", "contact": {"id": 7}}

    assert {name: extract(row) for name, extract in indexes.items()} == {"email": "a@b", "contact.id": 7}


@pytest.mark.parametrize("row", [{}, {"contact": None}, {"contact": "text"}, {"contact": {}}, {"contact": [1]}])
def test_an_object_without_the_property_is_in_no_index(row: dict[str, object]) -> None:
    assert by("contact.id")["contact.id"](row) is None


def test_replies_share_no_headers_that_could_be_written() -> None:
    with pytest.raises(TypeError):
        Reply().headers["X"] = "y"  # type: ignore[index] # the claim

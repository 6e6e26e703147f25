import pytest

from understudy.core.misconfigured import nearest

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


def test_without_known_names_no_name_is_offered() -> None:
    assert nearest("anything", ()) == ""

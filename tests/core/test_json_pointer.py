from hypothesis import given
from hypothesis import strategies as st

from understudy.core.json_pointer import escape, join, unescape


def test_a_pointer_escapes_tildes_and_slashes() -> None:
    assert join(["a/b", "m~n", "~1", ""]) == "/a~1b/m~0n/~01/"


def test_the_pointer_to_the_whole_document_is_empty() -> None:
    assert join([]) == ""


@given(st.text(alphabet="~/01a"))
def test_an_escaped_name_has_no_slash_and_can_be_unescaped(name: str) -> None:
    assert "/" not in escape(name)
    assert unescape(escape(name)) == name

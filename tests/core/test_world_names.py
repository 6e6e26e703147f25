import pytest

from understudy.core.world_names import WORLD_NAME


@pytest.mark.parametrize("name", ["a", "A-1", "checkout-42", "x.y_z", "0", "x" * 64])
def test_letters_digits_dots_and_dashes_make_a_worlds_name(name: str) -> None:
    assert WORLD_NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["", "-a", ".a", "a b", "a/b", "\xe9", "x" * 65, "a\n"])
def test_any_other_text_is_no_worlds_name(name: str) -> None:
    assert not WORLD_NAME.fullmatch(name)

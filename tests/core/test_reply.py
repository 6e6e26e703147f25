import pytest

from understudy.core.reply import Reply


def test_the_default_headers_of_replies_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        Reply().headers["X"] = "y"  # type: ignore[index] # the claim

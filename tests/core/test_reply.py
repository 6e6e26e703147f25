import pytest

from understudy.core.reply import Reply


def test_replies_share_no_headers_that_could_be_written() -> None:
    with pytest.raises(TypeError):
        Reply().headers["X"] = "y"  # type: ignore[index] # the claim

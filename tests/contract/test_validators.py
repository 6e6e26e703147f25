"""Validators remember what they proved, and not for ever."""

import pytest

from understudy.contract import validators
from understudy.contract.validators import Validator


def test_a_text_is_proved_once_it_is_remembered_and_by_no_other_validator() -> None:
    first, second = Validator({"type": "string"}), Validator({"type": "string"})
    first.remember(b'"a"')

    assert first.has_proved(b'"a"')
    assert not first.has_proved(b'"b"')
    assert not second.has_proved(b'"a"')


def test_old_proofs_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validators, "MOST_PROVED", 4)
    validator = Validator({"type": "string"})
    texts = [b'"%d"' % number for number in range(9)]
    for text in texts:
        validator.remember(text)
        assert validator.has_proved(text)

    assert [text for text in texts if validator.has_proved(text)] == texts[-3:]

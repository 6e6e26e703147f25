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


def test_the_oldest_proof_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validators, "MOST_PROVED", 2)
    validator = Validator({"type": "string"})
    for text in (b'"a"', b'"b"', b'"c"'):
        validator.remember(text)

    assert not validator.has_proved(b'"a"')
    assert validator.has_proved(b'"b"')
    assert validator.has_proved(b'"c"')

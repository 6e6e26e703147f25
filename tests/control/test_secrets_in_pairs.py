"""Credentials in lists of pairs, and as the user of a command: hidden, and other lists and texts are not."""

from typing import Any

import pytest

from understudy.control.secret_texts import HIDDEN, hide_within
from understudy.control.secrets import Names, hide_echoes, looks_secret
from understudy.core.steps import run_to_end

SECRET = "LEAKED-9f8e7d"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (["X-Token", SECRET], ["X-Token", HIDDEN]),
        ([["Accept", "a/b1"], ["Authorization", SECRET]], [["Accept", "a/b1"], ["Authorization", HIDDEN]]),
        ({"a": [["password", [SECRET]]]}, {"a": [["password", HIDDEN]]}),
        (["password", {"v": SECRET}], ["password", HIDDEN]),
        (["token", 12345678], ["token", HIDDEN]),
        (["password", "email"], ["password", "email"]),
        (["email", "a1@example.com"], ["email", "a1@example.com"]),
        (["password", "email1", "x"], ["password", "email1", "x"]),
        (["password"], ["password"]),
        ([1, "a1"], [1, "a1"]),
    ],
)
def test_a_value_beside_its_name_in_a_list_is_hidden(value: Any, shown: Any) -> None:
    assert Names().hide(value) == shown
    found = list(Names().credentials(value))
    assert (SECRET in found) is (SECRET in str(value))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"curl -u ann:{SECRET} https://h", f"curl -u ann:{HIDDEN} https://h"),
        (f"-u ann:{SECRET}", f"-u ann:{HIDDEN}"),
        (f"curl --user 'ann:{SECRET}' h", f"curl --user 'ann:{HIDDEN}' h"),
        (f'curl --user="ann:{SECRET}" h', f'curl --user="ann:{HIDDEN}" h'),
        (f"curl -U ann:{SECRET} h", f"curl -U ann:{HIDDEN} h"),
        (f"curl --proxy-user ann:{SECRET} h", f"curl --proxy-user ann:{HIDDEN} h"),
        ("sort -u names", "sort -u names"),
        ("menu-u a:b", "menu-u a:b"),
        ("at 10:30 --username ann", "at 10:30 --username ann"),
    ],
)
def test_the_password_of_a_commands_user_is_hidden(text: str, shown: str) -> None:
    assert hide_within(text, looks_secret) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bad 9f8e … 6c5b", f"bad {HIDDEN} … {HIDDEN}"),
        ("bad 9f8 … c5b", "bad 9f8 … c5b"),
        ("bad 9f8e7d … 7d6c5b is", f"bad {HIDDEN} … {HIDDEN} is"),
        ("bad 9f8e x … y 6c5b", "bad 9f8e x … y 6c5b"),
        ("bad 9f8e", "bad 9f8e"),
    ],
)
def test_the_rests_of_a_credential_are_hidden_from_four_characters_on(text: str, shown: str) -> None:
    assert run_to_end(hide_echoes({"message": text}, ["9f8e7d6c5b"])) == {"message": shown}

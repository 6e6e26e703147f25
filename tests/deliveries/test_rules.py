"""Rules and targets of deliveries: patterns, waits, and the hosts that are this machine."""

import pytest

from understudy.deliveries.rules import Retries, find_rule, read_rules
from understudy.deliveries.targets import InvalidTarget, check_target, destination_pattern, split_given, split_host

TARGET = "http://127.0.0.1:9/"


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://LOCALHOST:9000/hook?a=1",
        "http://shop.localhost/",
        "https://127.0.0.1/",
        "http://127.255.255.254:1/",
        "http://[::1]:9000/",
        "sqs+http://127.0.0.1:5000/queue",
        "http://consumer:8080/",
        "http://CONSUMER/",
    ],
)
def test_this_machine_and_named_hosts_are_targets(url: str) -> None:
    check_target(url, ["consumer"])


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "http://consumer.example.com/",
        "http://localhost.example.com/",
        "http://notlocalhost/",
        "http://128.0.0.1/",
        "http://0.0.0.0/",
        "http://127.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://[::2]/",
        "http://169.254.169.254/latest/meta-data",
        "https://sqs.eu-west-1.amazonaws.com/1/q",
        "sqs+https://sqs.eu-west-1.amazonaws.com/1/q",
    ],
)
def test_any_other_host_is_none(url: str) -> None:
    with pytest.raises(InvalidTarget, match="is not this machine; --deliver-host"):
        check_target(url, ["consumer"])


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("127.0.0.1:9000", "is no target: write it as http://127.0.0.1:9000/path"),
        ("http:///path", "is no target"),
        ("http://127.0.0.1:0/", "port 0"),
        ("http://127.0.0.1:70000/", "is no URL"),
        ("http://127.0.0.1/a b", "ASCII without spaces"),
        ("http://127.0.0.1/\u00fc", "ASCII without spaces"),
        ("http://127.0.0.1/#top", "leave out what is behind #"),
        ("http://127.0.0.1/" + "x" * 2000, "at most 2000 characters"),
        ("http://a:b@127.0.0.1/", "has credentials"),
    ],
)
def test_a_text_that_is_no_target_is_refused(url: str, words: str) -> None:
    with pytest.raises(InvalidTarget, match=words):
        check_target(url, [])


@pytest.mark.parametrize(
    ("pattern", "text", "is_fit"),
    [
        ("*", "", True),
        ("*", "https://a/b\nc", True),
        ("https://a/*", "https://a/", True),
        ("https://a/*", "https://b/", False),
        ("https://a", "https://a/", False),
        ("*/hook", "https://a/hook", True),
        ("*/hook", "https://a/hooks", False),
        ("a*b*c", "aXbYc", True),
        ("a.c", "abc", False),
        ("a[b]", "a[b]", True),
    ],
)
def test_a_star_stands_for_any_text_and_nothing_else_does(pattern: str, text: str, *, is_fit: bool) -> None:
    assert (destination_pattern(pattern).fullmatch(text) is not None) is is_fit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*=http://127.0.0.1/", ("*", "http://127.0.0.1/")),
        ("https://a/?b=c=http://127.0.0.1/?d=e", ("https://a/?b=c", "http://127.0.0.1/?d=e")),
        ("arn:aws:sns:eu:1:t=sns+http://127.0.0.1:5000", ("arn:aws:sns:eu:1:t", "sns+http://127.0.0.1:5000")),
    ],
)
def test_a_destination_and_its_target_are_one_text(text: str, expected: tuple[str, str]) -> None:
    assert split_given(text) == expected


@pytest.mark.parametrize("text", ["", "*", "=http://127.0.0.1/", "*=127.0.0.1", "*="])
def test_a_text_without_both_is_refused(text: str) -> None:
    with pytest.raises(InvalidTarget):
        split_given(text)


@pytest.mark.parametrize(("text", "host"), [("Consumer", "consumer"), ("[::2]", "::2"), ("10.0.0.1", "10.0.0.1")])
def test_a_host_is_a_name_or_an_address(text: str, host: str) -> None:
    assert split_host(text) == host
    check_target(f"http://{text}/", [host])


def test_the_waits_grow_up_to_the_greatest() -> None:
    retries = Retries(attempts=7, first=2, factor=3, maximum=50)

    assert [retries.delay(tries) for tries in range(1, 8)] == [2, 6, 18, 50, 50, 50, None]
    assert [Retries(4, delays=(5, 60)).delay(tries) for tries in range(1, 5)] == [5, 60, 60, None]
    assert Retries(1).delay(1) is None


def test_the_first_rule_that_fits_applies() -> None:
    rules = read_rules([{"destination": "a*", "target": None}, {"destination": "*", "target": TARGET}], ())
    found = [find_rule(rules, destination) for destination in ("ab", "b")]

    assert [each and each.target for each in found] == [None, TARGET]
    assert find_rule(rules[:1], "b") is None

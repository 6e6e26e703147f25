"""Hosts of targets: every reader of a URL finds the same one, and only this machine or an allowed one."""

import pytest

from understudy.deliveries.queue_sender import queue_target
from understudy.deliveries.targets import InvalidTarget, check_target, split_host


@pytest.mark.parametrize("service", ["", "sqs+", "sns+", "webhook+"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example\\.localhost",
        "evil.example%2f.localhost",
        "evil.example%00.localhost",
        "evil.example;.localhost",
        "evil.example|.localhost",
        "evil.example{}.localhost",
        "a..localhost",
        ".localhost",
        "localhost.",
        "[::1%25evil.example]",
        "[::1%evil.example]",
        "[::1].evil.example",
        "[::1]evil",
        "[v1.localhost]",
    ],
)
def test_a_host_that_two_readers_could_read_differently_is_refused(service: str, host: str) -> None:
    with pytest.raises(InvalidTarget, match=r"neither a host's name nor an address|is no URL"):
        check_target(f"{service}http://{host}/queue", ["evil.example"])


@pytest.mark.parametrize(
    "url", ["http://[::1]/", "http://[::1]:9000/", "http://127.0.0.1:9000", "http://a-b.localhost"]
)
def test_this_machine_is_allowed_in_its_plain_spellings(url: str) -> None:
    check_target(url, [])


@pytest.mark.parametrize("text", ["192.168.0.5:8080", "cafe:80", ":", "[:]", "fe80::1]", "[fe80::1", "a..b", "::1%lo"])
def test_a_host_with_a_port_or_of_odd_form_is_not_allowed_for_nothing(text: str) -> None:
    with pytest.raises(InvalidTarget, match="give its name or address alone"):
        split_host(text)


@pytest.mark.parametrize("given", ["fe80:0:0:0:0:0:0:1", "FE80::1", "[fe80::1]"])
def test_an_address_is_allowed_in_whichever_spelling(given: str) -> None:
    check_target("http://[fe80::0:1]:9000/", [split_host(given)])


@pytest.mark.parametrize(
    ("target", "endpoint"),
    [
        ("http://queues.localhost:5000", "http://localhost:5000"),
        ("sqs+http://Queues.LocalHost", "http://localhost"),
        ("http://localhost:5000", "http://localhost:5000"),
        ("http://notlocalhost:5000", "http://notlocalhost:5000"),
        ("http://x.localhost.example:5000", "http://x.localhost.example:5000"),
    ],
)
def test_no_name_server_is_asked_for_a_queue_below_localhost(target: str, endpoint: str) -> None:
    assert queue_target("sqs", target, "orders").endpoint == endpoint

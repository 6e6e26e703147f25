"""Heads of requests as they are sent upstream: the host is replaced, as HTTP demands, and nothing else."""

import re
from dataclasses import dataclass

from understudy.proxy.message_readers import Malformed
from understudy.proxy.upstream import Upstream

END = re.compile(rb"\r?\n\r?\n")
HOST = re.compile(rb"(?im)^(host[ \t]*:[ \t]*)([^\r\n]*?)([ \t]*)(?=\r?$)")
REQUEST_LINE = re.compile(rb"\s*(\S+) +(.+?) +(HTTP/[0-9.]+)[ \t]*\r?\Z")
ABSOLUTE = re.compile(rb"(?i)https?://[^/?#]*")


@dataclass(frozen=True, slots=True)
class SentHead:
    """Head as it is sent upstream, its target, and the target that the client sent, as a path."""

    head: bytes
    target: bytes
    client_target: bytes


def end_of_head(data: bytes) -> int:
    """Return the end of a head with its empty line; 0 if it is not complete."""
    start = len(data) - len(data.lstrip(b"\r\n"))
    found = END.search(data, start)
    return found.end() if found else 0


def head_for(upstream: Upstream, head: bytes) -> SentHead:
    """Return a client's head as it is sent upstream; raise ``Malformed`` for a request line that is none."""
    line, end, rest = head.lstrip(b"\r\n").partition(b"\n")
    found = REQUEST_LINE.match(line)
    if found is None:
        raise Malformed("the first line is no request line of HTTP")
    method, given, version = found.groups()
    path = ABSOLUTE.sub(b"", given, count=1) if ABSOLUTE.match(given) else given
    path = path if path.startswith((b"/", b"*")) else b"/" + path
    target = path if path == b"*" else upstream.prefix + path
    sent = b"http://" + upstream.host + target if upstream.speaks_to_proxy and path != b"*" else target
    rest = HOST.sub(lambda match: match[1] + upstream.host + match[3], rest, count=1)
    if upstream.speaks_to_proxy and upstream.proxy_credentials:
        rest = b"Proxy-Authorization: " + upstream.proxy_credentials + b"\r\n" + rest
    if sent == given:
        return SentHead(line + end + rest, target, path)
    ending = b"\r" if line.endswith(b"\r") else b""
    return SentHead(b"%b %b %b%b" % (method, sent, version, ending) + end + rest, target, path)

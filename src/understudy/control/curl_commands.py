"""Export of the journal as curl commands, a line for each request, that make the same requests again."""

import re
from collections.abc import Iterator, Sequence
from shlex import quote

from understudy.control.exchanges import RedactedExchange
from understudy.control.journal_exports import host_of, url_of
from understudy.core.content_codings import are_accepted, codings_applied, content_codings
from understudy.state.journal import Exchange

NOT_REPEATED = frozenset(
    (
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "upgrade",
        "http2-settings",
        "expect",
    )
)
"""Headers that a command leaves out: curl computes them itself, or they are about the connection."""

ADDED_BY_CURL = ("Accept", "User-Agent")
"""Headers that curl sends by itself unless they are switched off."""

GLOBS = frozenset("[]{}")
NOT_IN_URL = frozenset(" #\\")
"""Characters that curl does not send in a URL as they are, though a request may hold them."""

MAX_ARGUMENT = 100_000
"""Bytes of a body up to which it is an argument of the command; Linux takes arguments of 128 KiB at most."""

MIN_EXPECTED = 1000
"""Bytes of a body from which a release of curl asks first (``Expect: 100-continue``)."""

DEFAULT_PORTS = {"http": 80, "https": 443}
PORT = re.compile(r":[0-9]+$")


def write_curl(calls: list[RedactedExchange], world: str, missing: Sequence[str] = ()) -> str:
    """Return requests as curl commands, oldest first, below comment lines with the world and what is missing."""
    return "\n".join(curl_lines(calls, world, missing))


def curl_lines(calls: list[RedactedExchange], world: str, missing: Sequence[str] = ()) -> Iterator[str]:
    """Yield the lines of such a text, each made when it is asked for."""
    yield f"# world {world}"
    for line in missing:
        yield f"# {line}"
    yield from map(_command, calls)


def _command(call: RedactedExchange) -> str:
    exchange = call.exchange
    given, words, note = _body(call)
    method = ["--head"] if exchange.method == "HEAD" else ["-X", exchange.method]
    return " ".join([*given, "curl", *method, *_address(call), *_headers(call), *words, *note])


def _address(call: RedactedExchange) -> list[str]:
    url, target = url_of(call), call.target
    words = [_word(url)]
    if not _is_plain(target) or NOT_IN_URL.intersection(target):
        words = [_word(f"{call.exchange.scheme}://{host_of(call)}/"), "--request-target", _word(target)]
    elif "/." in target:
        words.append("--path-as-is")
    if GLOBS.intersection(url):
        words.append("--globoff")
    return [*words, *_connection(call)]


def _connection(call: RedactedExchange) -> list[str]:
    """Return the option that leads to this server, for a request that named another host without a port.

    Such a request, with a vendor's own host, came by an entry in a hosts file or by a header; the vendor must not get
    it.
    """
    server = call.exchange.server
    is_usual = server.endswith(f":{DEFAULT_PORTS[call.exchange.scheme]}")
    if not server or is_usual or PORT.search(host_of(call)):
        return []
    return ["--connect-to", _word(f"::{server}")]


def _headers(call: RedactedExchange) -> list[str]:
    """Return the options of the headers: those sent, and one for each that curl must not add."""
    body = call.exchange.request_body
    left_out = NOT_REPEATED.union(["content-encoding"] if _is_decoded(call.exchange) else [])
    headers = [(each["name"], each["value"]) for each in call.request_headers()]
    sent = {name for name, _ in headers}
    lines = [f"{name}: {value}" if value else f"{name};" for name, value in headers if name not in left_out]
    added = [*ADDED_BY_CURL, *(["Content-Type"] if _has_data(call) else [])]
    lines += [f"{name}:" for name in added if name.lower() not in sent]
    if len(body) >= MIN_EXPECTED:
        lines.append("Expect:")
    return [word for line in lines for word in ("-H", _word(line))]


def _is_decoded(exchange: Exchange) -> bool:
    """Return whether a body is stored without the content codings in which it was sent."""
    codings = codings_applied(content_codings(exchange.request_headers))
    return bool(codings) and bool(exchange.request_body) and are_accepted(codings)


def _length_sent(call: RedactedExchange) -> str:
    """Return the length of the body as its headers had it: a number, ``chunked``, or empty without a body."""
    headers = dict(call.exchange.request_headers)
    return "chunked" if b"transfer-encoding" in headers else headers.get(b"content-length", b"").decode("latin-1")


def _has_data(call: RedactedExchange) -> bool:
    """Return whether the command sends a body, or says that it is empty."""
    return bool(call.exchange.request_body) or (call.exchange.method != "HEAD" and _length_sent(call) == "0")


def _body(call: RedactedExchange) -> tuple[list[str], list[str], list[str]]:
    """Return the words of a body: those before the command, its options, and a comment after it."""
    if not call.exchange.request_body:
        if _has_data(call):
            return [], ["--data-raw", "''"], []
        was_sent = _length_sent(call) not in ("", "0")
        return [], [], ["# its body is not in the journal"] if was_sent else []
    body = call.request_body()
    from_input = ["--data-binary", "@-"]
    if body.is_base64:
        return ["printf", "%s", quote(body.text), "|", "base64", "-d", "|"], from_input, []
    if not body.text.isprintable():
        return ["printf", "%b", quote(_escape(body.text)), "|"], from_input, []
    if len(body.text.encode()) > MAX_ARGUMENT:
        return ["printf", "%s", quote(body.text), "|"], from_input, []
    return [], ["--data-raw", quote(body.text)], []


def _escape(text: str) -> str:
    """Return a text as ``printf %b`` reads it: on one line, with octal numbers for bytes that are not printable."""
    return "".join(
        each if each.isprintable() and each != "\\" else "".join(f"\\0{byte:03o}" for byte in each.encode())
        for each in text
    )


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _word(text: str) -> str:
    """Return a text, a character for each byte, as one word of a shell."""
    if _is_plain(text):
        return quote(text)
    octal = "".join(each if _is_plain(each) and each != "\\" else f"\\0{ord(each):03o}" for each in text)
    return f'"$(printf %b {quote(octal)})"'

"""Credentials within texts: user info and parameters of URLs, ``Bearer`` and ``Basic`` schemes, tokens, assignments.

Every pattern looks at each character a bounded number of times, so that a long text takes time in proportion.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote_plus

HIDDEN = "(hidden)"
Hides = Callable[[str], bool]
"""Function that returns whether the value of a name is a credential."""

USER_INFO = re.compile(r"(?<=://)[^/?#\s\"'<>\\]*@")
ASSIGNED = re.compile(r"(?:(?<=[?&#;,\s(\[{|])|^)([^=&#?;,\s\"'<>()\[\]{}|]{1,100})=([^&#;,\s\"'<>]*)")
"""Name and value, as in a URL's query or fragment, or alone in a text."""

SCHEME = re.compile(r"\b(bearer|basic)(\s+)([\w.~+/-]+=*)", re.IGNORECASE)
JSON_WEB_TOKEN = re.compile(r"(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*")
USER_OPTION = re.compile(r"(?:(?<=\s)|^)(-[uU]|--(?:proxy-)?user)(\s|=)([\"']?[^\s:\"']{1,100}):[^\s\"']+")
"""User and password as an option of curl and others."""

NO_VALUE = re.compile(r"[A-Za-z_ -]*")
"""Text that may be one more name, where it follows a name in a list."""

MAY_HOLD = re.compile(r"://|=|bearer|basic|eyJ|-u |--user|--proxy-user", re.IGNORECASE)
"""Text without which nothing below is found: most texts are done with it."""

NONE: frozenset[int] = frozenset()
NAMED = ("name", "key", "header", "headername", "field", "param", "parameter", "property")
VALUES = ("value", "values", "val", "content", "data")
"""Names of an object's members, in lower case, of which one names what the other holds."""

LAST_WORDS = frozenset(
    (
        "otp", "totp", "hotp", "pin", "pins", "passcode", "passcodes", "signature", "signatures", "sig", "hmac",
        "cvv", "cvc", "csrf", "xsrf", "sessid", "sessionid", "jsessionid", "phpsessid", "cookie", "cookies",
    )
)  # fmt: skip
"""Last words that make a name look like a credential's."""

COUNTING = frozenset(("code", "codes", "number", "value", "hash", "header"))
"""Words that may follow such a word."""

NO_KEYS = tuple(
    f"{word}{plural}"
    for word in ("monkey", "turkey", "donkey", "hockey", "jockey", "whiskey", "lackey", "malarkey", "hickey", "smokey")
    for plural in ("", "s")
)
"""Words that end like a key and are none."""

ENDS = (
    "sessionid",
    "sessionids",
    "passcode",
    "mfacode",
    "onetimecode",
    "securitycode",
    "verificationcode",
    "accesscode",
)
IN_PLAIN_TEXT = re.compile(
    r"(?:signature|session[_-]?id|passcode|\b(?:t?otp|pin|cvv|cvc|hmac|sig))[\"']?\s*[:=>]", re.IGNORECASE
)


def has_secret_end(words: list[str]) -> bool:
    """Return whether a name of these words ends like a credential's: ``x-signature``, ``sessionId``, ``otp_code``."""
    if not words:
        return False
    last = words[-2] if len(words) > 1 and words[-1] in COUNTING else words[-1]
    return last in LAST_WORDS or "".join(words).endswith(ENDS)


def hide_within(text: str, hides: Hides) -> str:
    """Return a text without the credentials within it; all else stays as it is."""
    if not MAY_HOLD.search(text):
        return text
    text = USER_INFO.sub(f"{HIDDEN}@", text)
    text = SCHEME.sub(_without_scheme, text)
    text = JSON_WEB_TOKEN.sub(HIDDEN, text)
    text = USER_OPTION.sub(rf"\1\2\3:{HIDDEN}", text)

    def without_value(found: re.Match[str]) -> str:
        name, value = found.groups()
        return f"{name}={HIDDEN}" if value and hides(unquote_plus(name)) else found[0]

    return ASSIGNED.sub(without_value, text)


def _without_scheme(found: re.Match[str]) -> str:
    scheme, space, token = found.groups()
    is_secret = _is_user_and_password(token) if scheme.lower() == "basic" else _is_token(found)
    return f"{scheme}{space}{HIDDEN}" if is_secret else found[0]


def _is_token(found: re.Match[str]) -> bool:
    """Return whether what follows ``Bearer`` is no plain word of a sentence."""
    token = found[3].rstrip(".")
    is_header = (found.start() == 0 or found.string[found.start() - 1] in ":=\"'") and found.end() == len(found.string)
    return is_header or not (token.isalpha() and (token.islower() or token.istitle()))


def _is_user_and_password(token: str) -> bool:
    try:
        return b":" in b64decode(token.rstrip("=") + "=" * (-len(token.rstrip("=")) % 4), validate=True)
    except (Error, ValueError):
        return False


def paired_values(value: Mapping[str, Any], hides: Hides) -> frozenset[str]:
    """Return the members of an object that hold a credential because another one names it.

    Such as ``value`` of ``{"name": "Authorization", "value": "…"}``.
    """
    if len(value) < 2:
        return frozenset()
    by_name = {name.lower(): name for name in value if len(name) <= len("parameter")}
    named = [value[by_name[name]] for name in NAMED if name in by_name]
    if not any(isinstance(each, str) and hides(each) for each in named):
        return frozenset()
    return frozenset(by_name[name] for name in VALUES if name in by_name)


def paired_items(value: list[Any], hides: Hides) -> frozenset[int]:
    """Return the place of the item that is a credential in a pair such as ``["X-Token", "…"]``; none in other lists."""
    is_pair = len(value) == len(("name", "value")) and isinstance(value[0], str) and hides(value[0])
    return frozenset((1,)) if is_pair and not (isinstance(value[1], str) and NO_VALUE.fullmatch(value[1])) else NONE

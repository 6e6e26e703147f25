"""Parser of a JSON text that arrives in pieces: long arrays are handed on item by item, and never held whole."""

import codecs
import json
from collections.abc import Callable, Generator, Mapping
from enum import Enum, auto
from json import JSONDecodeError
from typing import Any, NoReturn

from understudy.core.json_errors import token_at
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest


class Wanted(Enum):
    """Item that work in steps yields when it needs the next piece of a request's body."""

    PIECE = auto()


ITEMS = "items"
"""Shape of an array whose items are handed on."""

ANY = "*"
"""Name in a shape that stands for all members without a shape of their own."""

Shape = Mapping[str, Any] | str | None
"""Shape of a value: an object's shapes by member, ``ITEMS``, or ``None`` for a value that is parsed in one piece."""

BodySteps = Generator[Wanted | None, bytes, Any]
"""Work in steps on a body. It yields ``Wanted.PIECE`` for the next piece, which is empty after the last one."""

ADDITIONAL = "additionalProperties"
SPACE = " \t\n\r"
MAX_ESCAPE = 16
"""Number of characters at the end of a piece in which a text that breaks off is taken for one that continues."""


MAX_REST = 3
"""Number of characters after a number that is cut off, such as ``e-``, that do not count as its part; less one."""


MAX_MEMBERS = 1000
"""Number of members of an object that is read member by member."""

MAX_SHOWN = 200
"""Number of characters of a member's name that a message shows."""

MAX_WHOLE = 1 << 20
"""Number of characters of a value that is parsed in one piece, unless it is an item of a long array."""

MAX_ITEM = 1 << 26
"""Number of characters of an item of a long array."""


class UnfitMember(Exception):  # noqa: N818 - a fact about a text
    """Value that does not have the shape of the text, found before it is read: its path, the rule and the reason."""

    def __init__(self, path: tuple[str, ...], rule: str, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.path = path
        self.rule = rule
        self.hint = hint


class InvalidJson(Exception):  # noqa: N818 - a fact about a text
    """Text that is not JSON, with the reason as its message."""


class JsonStream:
    """Parser of one JSON text. ``read`` returns its value, with empty arrays in place of those handed on."""

    def __init__(self, shape: Shape, add: Callable[[tuple[str, ...], Any], None], *, is_closed: bool = False) -> None:
        """``add`` takes each item of the arrays that ``shape`` names, with the names of the members around it.

        If it ``is_closed``, the objects in the shape have no members but those.
        """
        self._is_closed = is_closed
        self._shape = shape
        self._add = add
        self._utf8 = codecs.getincrementaldecoder("utf-8-sig")()
        self._decoder = json.JSONDecoder(parse_constant=_refuse_constant)
        self._text = ""
        self._at = 0
        self._passed = 0
        self._has_ended = False

    def read(self) -> BodySteps:
        """Parse the text in steps; raise ``InvalidJson`` or ``UnfitMember`` as soon as it cannot be valid."""
        value = yield from self._read(self._shape, ())
        if (yield from self._peek()):
            raise InvalidJson("there is more after the end of the value")
        return value

    def _read(self, shape: Shape, path: tuple[str, ...]) -> BodySteps:
        first = yield from self._peek()
        if first == "{" and isinstance(shape, Mapping):
            return (yield from self._read_object(shape, path))
        if first == "[" and shape == ITEMS:
            return (yield from self._read_items(path))
        if first in ("{", "[") and shape is not None and self._is_closed:
            wanted = "object" if isinstance(shape, Mapping) else "array"
            raise UnfitMember(path, "type", f"this must be an {wanted}")
        return (yield from self._read_whole(MAX_WHOLE))

    def _read_object(self, shape: Mapping[str, Any], path: tuple[str, ...]) -> BodySteps:
        found: Json = {}
        self._at += 1
        has_more = (yield from self._peek()) != "}"
        if not has_more:
            self._at += 1
        while has_more:
            if (yield from self._peek()) != '"':
                raise InvalidJson("a member has no name")
            name = yield from self._read_whole(MAX_WHOLE)
            if len(found) >= MAX_MEMBERS:
                raise InvalidJson(f"an object has more than {MAX_MEMBERS} members")
            if self._is_closed and name not in shape and ANY not in shape:
                shown = name[:MAX_SHOWN].encode(errors="replace").decode()
                raise UnfitMember((*path, shown), ADDITIONAL, f"{shown} is not allowed here", nearest(shown, shape))
            if name in found:
                raise InvalidJson(f"the member {name!r} is given twice")
            yield from self._expect(":")
            found[name] = yield from self._read(shape.get(name, shape.get(ANY)), (*path, name))
            has_more = (yield from self._expect(",}")) == ","
        return found

    def _read_items(self, path: tuple[str, ...]) -> BodySteps:
        self._at += 1
        has_more = (yield from self._peek()) != "]"
        if not has_more:
            self._at += 1
        while has_more:
            yield from self._peek()
            self._add(path, (yield from self._read_whole(MAX_ITEM)))
            has_more = (yield from self._expect(",]")) == ","
            yield None
        return []

    def _read_whole(self, limit: int) -> BodySteps:
        """Return the next value, parsed in one piece; a value that breaks off is tried again with twice the text."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except JSONDecodeError as error:
                if self._has_ended or not self._breaks_off(error):
                    raise InvalidJson(f"{token_at(error)} at {self._place(error.pos)}") from None
            except InvalidConstant as error:
                raise InvalidJson(f"{error}, in the value at {self._place(self._at)}") from None
            except ValueError:
                raise InvalidJson(f"a number has too many digits, in the value at {self._place(self._at)}") from None
            except RecursionError:
                raise InvalidJson(f"it is nested too deep, in the value at {self._place(self._at)}") from None
            else:
                if self._has_ended or not self._may_continue(value, end):
                    self._at = end
                    return value
            if len(self._text) - self._at > limit:
                raise InvalidJson(f"a value is longer than {limit} characters")
            wanted = 2 * (len(self._text) - self._at)
            yield from self._receive()
            while len(self._text) < wanted and not self._has_ended:
                yield from self._receive()

    def _breaks_off(self, error: JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - MAX_ESCAPE

    def _may_continue(self, value: Any, end: int) -> bool:
        """Return whether a number may have more digits in the next piece."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            return False
        rest = self._text[end : end + MAX_REST]
        return len(self._text) - end < MAX_REST and not rest.strip(".eE+-")

    def _peek(self) -> BodySteps:
        """Return the next character that is no space; an empty text at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in SPACE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if self._has_ended:
                return ""
            yield from self._receive()

    def _expect(self, characters: str) -> BodySteps:
        found = yield from self._peek()
        if not found:
            raise InvalidJson("it breaks off")
        if found not in characters:
            raise InvalidJson(f"{found!r} at {self._place(self._at)} where {' or '.join(characters)} should be")
        self._at += 1
        return found

    def _receive(self) -> BodySteps:
        piece = yield Wanted.PIECE
        self._has_ended = not piece
        try:
            text = self._utf8.decode(piece, final=self._has_ended)
        except UnicodeDecodeError:
            raise InvalidJson("it is not UTF-8") from None
        self._passed += self._at
        self._text, self._at = self._text[self._at :] + text, 0

    def _place(self, at: int) -> str:
        """Return a place in the whole text, of which parts were parsed and dropped."""
        return f"character {self._passed + at + 1}"


class InvalidConstant(ValueError):  # noqa: N818 - a fact about a text
    """Constant such as ``NaN``."""


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidConstant(f"{name} is no JSON value")

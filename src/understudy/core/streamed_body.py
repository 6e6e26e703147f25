"""Body of a request whose handler reads it while it arrives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from understudy.core.json_pointer import join
from understudy.core.json_stream import BodySteps, InvalidJson, JsonStream, Shape, UnfitMember
from understudy.core.refused import Cause, Refused, Violation


@dataclass(frozen=True, slots=True)
class StreamedBody:
    """Body of an operation that its document marks ``x-streamed``. ``check`` refuses a value that breaks the schema."""

    check: Callable[[Any], None]

    def read(self, shape: Shape, add: Callable[[tuple[str, ...], Any], None]) -> BodySteps:
        """Return the value in steps; the items of its long arrays go to ``add``, and are not in it.

        Raises ``Refused`` for a text that is not JSON, and for a value that breaks the schema.
        """
        try:
            value = yield from JsonStream(shape, add, is_closed=True).read()
            self.check(value)
        except InvalidJson as error:
            raise _malformed(str(error)) from None
        except UnfitMember as found:
            shown = Violation("body", join(found.path), found.rule, str(found), hint=found.hint)
            raise Refused(400, shown.message, violations=[shown], cause=Cause.CONTRACT) from None
        except UnicodeEncodeError:
            raise _malformed("a text is not valid Unicode") from None
        return value


def _malformed(reason: str) -> Refused:
    why = f"the body is not valid JSON: {reason}"
    return Refused(400, why, violations=[Violation("body", "", "malformed", why)], cause=Cause.CONTRACT)

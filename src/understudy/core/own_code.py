"""Python that users write: what it raises, and what it must not return, is reported by file and line, in one line."""

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from traceback import walk_tb
from types import ModuleType
from typing import Any

from understudy.core.misconfigured import Misconfigured
from understudy.core.refused import Refused
from understudy.core.reply import Reply

OwnFunction = Callable[..., Any]


class OwnCodeFailed(Misconfigured):
    """Mistake in a user's own code; its cause is the exception, if the code raised one."""


def import_own(name: str) -> ModuleType:
    """Return a user's module; raise ``OwnCodeFailed`` if it cannot be imported."""
    try:
        return import_module(name)
    except Misconfigured:
        raise
    except (Exception, SystemExit) as error:
        raise OwnCodeFailed(_described(error, name, _file_of(name))) from error


def guarded(function: OwnFunction, is_right: Callable[[Any], bool], wanted: str) -> OwnFunction:
    """Return a user's function that raises ``Refused`` and ``OwnCodeFailed`` alone.

    ``is_right`` decides whether what it returns will do; ``wanted`` names that. A generator is run in its steps.
    """

    def check(found: Any) -> Any:
        if not is_right(found):
            code = function.__code__
            place = f"{code.co_filename}:{code.co_firstlineno}: {code.co_name}"
            raise OwnCodeFailed(f"{place} returns {_kind_of(found)} in place of {wanted}")
        return found

    def run(steps: Generator[Any, None, Any]) -> Generator[Any, None, Any]:
        has_replied = False
        with _reported(function):
            while True:
                try:
                    found = next(steps)
                except StopIteration as done:
                    return done.value if has_replied else check(done.value)
                has_replied = has_replied or isinstance(found, Reply)
                yield found

    @wraps(function)
    def call(*values: Any, **named: Any) -> Any:
        with _reported(function):
            found = function(*values, **named)
        return run(found) if isinstance(found, Generator) else check(found)

    return call


@contextmanager
def _reported(function: OwnFunction) -> Iterator[None]:
    """Raise ``OwnCodeFailed`` for any exception of a function but a refusal."""
    try:
        yield
    except (Refused, Misconfigured):
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a user's function may raise anything
        code = function.__code__
        place = f"{code.co_filename}:{code.co_firstlineno}"
        raise OwnCodeFailed(_described(error, function.__module__, place)) from _without_our_frames(error)


def _without_our_frames(error: BaseException) -> BaseException:
    """Return an exception whose traceback begins in the user's function."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None and traceback.tb_frame.f_code.co_filename == __file__:
        traceback = traceback.tb_next
    return error.with_traceback(traceback)


def _described(error: BaseException, module: str, place: str) -> str:
    """Return an exception in one line, with the last place in the user's own files; else with ``place``."""
    text = " ".join(str(error).split())
    if isinstance(error, SyntaxError):
        return f"{error.filename or place}:{error.lineno}: {error.msg}" if error.lineno else f"{place}: {error.msg}"
    roots = tuple(getattr(sys.modules.get(module.partition(".")[0]), "__path__", ()))
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    own = [f"{file}:{line}" for file, line in frames if file.startswith(roots)] if roots else []
    return f"{own[-1] if own else place}: {type(error).__name__}{': ' if text else ''}{text}"


def _file_of(name: str) -> str:
    found = find_spec(name)
    return str(found.origin) if found is not None and found.origin else name


def _kind_of(found: Any) -> str:
    kind = type(found).__name__
    return "nothing" if found is None else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"

"""Pages of the console, which are imported and made at the first request for one: a server starts without them."""

from collections.abc import Callable, Iterable
from importlib import import_module
from threading import Lock
from typing import Any

from understudy.console.access import Access
from understudy.console.services import Services


class LazyPages:
    """WSGI app of the pages."""

    def __init__(self, services: Services, access: Access) -> None:
        self._services = services
        self._access = access
        self._made: Any = None
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request, in a thread."""
        with self._lock:
            if self._made is None:
                self._made = import_module("understudy.console.app").create_console(self._services, self._access)
        answer: Iterable[bytes] = self._made(environ, start_response)
        return answer

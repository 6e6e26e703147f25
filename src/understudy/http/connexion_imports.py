"""Imports of connexion without its test client and HTTP clients, which this server does not use.

Those and their dependencies are a third of the start-up time. While connexion is imported, ``sys.modules`` has
placeholders for them, which import the real module when one of its functions is called. Its warnings about libraries
that it uses are no business of a suite that has the stand-in in its process, and may treat warnings as errors.
"""

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class _LazyModule(ModuleType):
    """Placeholder of a module: its functions and classes are imported when they are called."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*args: Any, **options: Any) -> Any:
            return getattr(import_module(self.__name__), name)(*args, **options)

        return call


@contextmanager
def _lazy_modules(*names: str) -> Iterator[None]:
    """Replace modules by placeholders within the ``with`` block, except those imported already."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update({name: _LazyModule(name) for name in absent})
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with warnings.catch_warnings(), _lazy_modules("httpx", "requests", "starlette.testclient"):
    warnings.simplefilter("ignore", DeprecationWarning)
    from connexion.middleware.abstract import AbstractRoutingAPI, SpecMiddleware
    from connexion.middleware.main import API, ConnexionMiddleware
    from connexion.operations import AbstractOperation
    from connexion.resolver import Resolution, Resolver
    from connexion.spec import OpenAPISpecification, Specification

__all__ = [
    "API", "AbstractOperation", "AbstractRoutingAPI", "ConnexionMiddleware", "OpenAPISpecification", "Resolution",
    "Resolver", "SpecMiddleware", "Specification",
]  # fmt: skip

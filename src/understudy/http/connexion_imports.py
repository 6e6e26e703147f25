"""The parts of connexion that drive the lane, imported without what no server of ours ever calls.

Connexion imports a test client, two HTTP clients and what they stand on: a third of the time that it takes to start.
While it is imported it sees stand-ins for them, which import the real one when something of theirs is called.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """A module whose functions and classes are imported when they are called."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*args: Any, **options: Any) -> Any:
            return getattr(import_module(self.__name__), name)(*args, **options)

        return call


@contextmanager
def _spared(*names: str) -> Iterator[None]:
    """Have modules stood in for meanwhile, unless somebody has imported them already."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update({name: _Later(name) for name in absent})
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with _spared("httpx", "requests", "starlette.testclient"):
    from connexion.middleware.abstract import AbstractRoutingAPI, SpecMiddleware
    from connexion.middleware.main import API, ConnexionMiddleware
    from connexion.operations import AbstractOperation
    from connexion.resolver import Resolution, Resolver
    from connexion.spec import OpenAPISpecification, Specification

__all__ = [
    "API", "AbstractOperation", "AbstractRoutingAPI", "ConnexionMiddleware", "OpenAPISpecification", "Resolution",
    "Resolver", "SpecMiddleware", "Specification",
]  # fmt: skip

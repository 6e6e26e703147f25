"""Apps that serve one of the small documents beside this file."""

from functools import lru_cache
from pathlib import Path

from understudy.app import Understudy, create_app
from understudy.settings import Settings

FOLDER = Path(__file__).parent


@lru_cache
def served(name: str) -> Understudy:
    """Return the app that serves a document under its name; calls of it are independent of each other."""
    return create_app(Settings(documents=((name, f"{FOLDER / name}.yaml"),), cache=None))

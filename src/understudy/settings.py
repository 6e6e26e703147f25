"""What can be set, in one place; the only module that reads the environment."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from understudy.core.data_folder import data_folder
from understudy.core.world_names import MAIN
from understudy.state.journal import MAX_EXCHANGES

MEBIBYTE = 1024 * 1024


def cache_folder() -> Path:
    """Return the folder for parsed specs: under ``XDG_CACHE_HOME``, or ``~/.cache``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "understudy"


def keys_folder() -> Path:
    """Return the folder for the certificate authority: under ``XDG_DATA_HOME``, or ``~/.local/share``."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "understudy"


def server_url() -> str:
    """Return where the server to be steered is."""
    return os.environ.get("UNDERSTUDY_URL") or "http://127.0.0.1:8080"


def world_name() -> str:
    """Return the world to be steered."""
    return os.environ.get("UNDERSTUDY_WORLD") or MAIN


def process_environment() -> dict[str, str]:
    """Return the environment of this process, for a child to inherit."""
    return dict(os.environ)


def control_token() -> str | None:
    """Return the token that the control API asks for, if there is to be one."""
    return os.environ.get("UNDERSTUDY_TOKEN") or None


@dataclass(frozen=True, slots=True)
class Settings:
    """How to start. ``vendors`` names those to serve, all unless any; ``seed`` overrides the scenario's.

    ``is_strict`` refuses unknown credentials. ``body_limit`` and ``upload_limit`` are in bytes; the latter is that of a
    multipart form with its files, and without them it keeps to the former. ``remap`` is a file that moves operations to
    other methods and paths. ``is_secure`` speaks TLS, by an authority that is kept in ``keys``. ``reloads`` takes up
    files that change. ``package`` holds the vendors' behaviour. ``token`` is asked of those who steer; without one only
    this machine may. ``journal`` is how many exchanges each world keeps.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    vendors: tuple[str, ...] = ()
    is_strict: bool = True
    seed: int | None = None
    scenario: Path | None = None
    remap: Path | None = None
    body_limit: int = MEBIBYTE
    upload_limit: int = 64 * MEBIBYTE
    is_secure: bool = False
    reloads: bool = False
    keys: Path = field(default_factory=keys_folder)
    specs: Path = field(default_factory=lambda: data_folder("specs"))
    package: str = "understudy.vendors"
    cache: Path | None = field(default_factory=cache_folder)
    token: str | None = field(default_factory=control_token, repr=False)
    journal: int = MAX_EXCHANGES

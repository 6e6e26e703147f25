"""Settings of a server, and of its clients; the only module that reads the environment."""

import os
import re
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from understudy.core.data_folder import data_folder
from understudy.core.misconfigured import Misconfigured
from understudy.state.journal import MAX_EXCHANGES
from understudy.state.worlds import MAX_WORLDS

TOKEN = re.compile(r"[\x21-\x7e]+")
"""Tokens that an Authorization header can carry."""

MEBIBYTE = 1024 * 1024
KEEP_ALIVE = 75
"""Seconds for which an idle connection stays open: above the 60 of common proxies and pools."""


def home() -> Path:
    """Return the user's home; the root folder for a user without one, as in a container."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("/")


def cache_folder() -> Path:
    """Return the folder for parsed specs: under ``XDG_CACHE_HOME``, or ``~/.cache``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or home() / ".cache") / "understudy"


def keys_folder() -> Path:
    """Return the folder for the certificate authority: under ``XDG_DATA_HOME``, or ``~/.local/share``."""
    return Path(os.environ.get("XDG_DATA_HOME") or home() / ".local" / "share") / "understudy"


def server_url() -> str:
    """Return the root URL of the server that commands use: ``UNDERSTUDY_URL``, or port 8080 of this machine."""
    return given_server_url() or "http://127.0.0.1:8080"


def given_server_url() -> str | None:
    """Return the root URL of the server in ``UNDERSTUDY_URL``; None for none."""
    return os.environ.get("UNDERSTUDY_URL") or None


def world_name() -> str:
    """Return the name of the world that commands use: ``UNDERSTUDY_WORLD``, or ``main``."""
    return os.environ.get("UNDERSTUDY_WORLD") or "main"


def process_environment() -> dict[str, str]:
    """Return the environment variables of this process, for a child process."""
    return dict(os.environ)


def control_token() -> str | None:
    """Return the token of the control API, from ``UNDERSTUDY_TOKEN``; None for no token.

    Raise ``Misconfigured``, without the token, if no header can carry it.
    """
    return check_token(os.environ.get("UNDERSTUDY_TOKEN") or None, "UNDERSTUDY_TOKEN")


def check_token(token: str | None, place: str) -> str | None:
    """Return a token; raise ``Misconfigured`` with the place, and without the token, if no header can carry it."""
    if token and not TOKEN.fullmatch(token):
        raise Misconfigured(f"{place} cannot be sent in a header: take letters, digits and signs of ASCII, no spaces")
    return token


def proxy_of(url: str) -> str:
    """Return the proxy that the environment sets for a URL: ``HTTPS_PROXY``, ``ALL_PROXY``; empty by ``NO_PROXY``."""
    urls = import_module("urllib.request")  # slow to import, and needed by one command
    parts = urlsplit(url)
    proxies: dict[str, str] = urls.getproxies()
    if urls.proxy_bypass(parts.netloc):
        return ""
    return proxies.get(parts.scheme) or proxies.get("all", "")


def has_variables() -> bool:
    """Return whether environment variables may hold settings of a server: any of ``UNDERSTUDY_…``."""
    return any(name.startswith("UNDERSTUDY_") for name in os.environ)


def leave_out_statistics() -> None:
    """Have the library of Pact send no statistics of its use; a value that the user has set stays."""
    os.environ.setdefault("PACT_DO_NOT_TRACK", "true")


def is_plain() -> bool:
    """Return whether the output has neither colours nor bold text: ``NO_COLOR`` is set, or the terminal has none."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"


def is_debugging() -> bool:
    """Return whether commands print the traceback of an unforeseen exception: if ``UNDERSTUDY_DEBUG`` is set."""
    return bool(os.environ.get("UNDERSTUDY_DEBUG"))


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a server.

    ``vendors``: names of the shipped vendors to serve; default: all, or none if there are ``documents``.
    ``documents``: names and addresses (path or URL) of users' own documents. ``remote_hosts``: hosts to which their
    references may lead. ``overlays``: files that change these documents. ``records``: number of the start records
    of each collection of these. ``references``: ``checked`` refuses references to records that do not exist.
    ``quota``: number of calls an hour to a document with quotas. ``seed``: overrides the scenario's. ``behaviour``:
    folders with the Python of users' own vendors, which may have behaviour of ``unserved`` documents too.
    ``refuses_findings``: refuses a document of which a part is not obeyed. ``scenarios``: files and folders of more
    scenarios. ``is_strict``: refuses unknown credentials; default: of shipped vendors only. ``body_limit``: bytes
    of a request's body. ``upload_limit``: bytes of a multipart form with its files; without its files the form
    keeps to ``body_limit``. ``snapshot_limit``: bytes of a snapshot that is restored. ``remap``: file that moves
    operations to other methods and paths. ``allows_cors``: pages of any origin may call every vendor.
    ``is_secure``: serves over TLS, with the certificate authority stored in ``keys``. ``reloads``: reloads files
    that change. ``package``: package of the vendors' behaviour. ``token``: required by the control API, which
    without one serves this machine only. ``journal``: number of exchanges that each world keeps. ``replays``: HTTP
    archives whose recorded answers are given where nothing better is known. ``max_worlds``:
    greatest number of worlds. ``world_age``: idle seconds after which a world that its first use has created is
    dropped; 0 drops none. ``keep_alive``: seconds after which an idle connection is closed. ``deliver``: destinations
    of what vendors send by themselves, with their targets. ``deliver_hosts``: hosts that may be targets.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    vendors: tuple[str, ...] = ()
    documents: tuple[tuple[str, str], ...] = ()
    remote_hosts: tuple[str, ...] = ()
    overlays: tuple[Path, ...] = ()
    records: int = 3
    references: str = "free"
    quota: int = 1_000_000
    behaviour: tuple[Path, ...] = ()
    unserved: tuple[str, ...] = ()
    refuses_findings: bool = False
    is_strict: bool | None = None
    seed: int | None = None
    scenario: Path | None = None
    scenarios: tuple[Path, ...] = ()
    remap: Path | None = None
    body_limit: int = MEBIBYTE
    upload_limit: int = 64 * MEBIBYTE
    snapshot_limit: int = 2048 * MEBIBYTE
    allows_cors: bool = False
    is_secure: bool = False
    reloads: bool = False
    keys: Path = field(default_factory=keys_folder)
    specs: Path = field(default_factory=lambda: data_folder("specs"))
    package: str = "understudy.vendors"
    cache: Path | None = field(default_factory=cache_folder)
    token: str | None = field(default_factory=control_token, repr=False)
    journal: int = MAX_EXCHANGES
    replays: tuple[Path, ...] = ()
    max_worlds: int = MAX_WORLDS
    world_age: float = 0.0
    keep_alive: int = KEEP_ALIVE
    deliver: tuple[tuple[str, str], ...] = ()
    deliver_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_token(self.token, "the token")

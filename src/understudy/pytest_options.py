"""Checks of the pytest plugin's options: those of the configuration, of the mark, and of a world's fixture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import isfinite
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.timestamps import parse_rfc3339

LARGEST_SEED = 2**63 - 1
SERVERS = ("shared", "worker")
TIME_FORM = "a date and time with its zone, such as 2026-01-01T09:00:00Z"
SEED_FORM = f"a whole number from 0 to {LARGEST_SEED}"


def check_setting(name: str, value: str) -> None:
    """Raise ``Misconfigured`` for a value of the configuration or the command line that is not of its form."""
    fault = _setting_fault(name, value)
    if fault and value[:1] in {"'", '"'}:
        fault = f"give {value.strip(value[0])} without quotes"
    if fault:
        raise Misconfigured(f"understudy_{name} is {value!r}: {fault}")


def _setting_fault(name: str, value: str) -> str:
    """Return the reason why a setting's text is not allowed; an empty text for one that is."""
    if name == "server":
        return "" if value in SERVERS else f"give {' or '.join(SERVERS)}{nearest(value, SERVERS)}"
    if name == "seed":
        return _seed_fault(int(value) if value.isascii() and value.isdecimal() else value)
    if name == "at":
        return _time_fault(value)
    if name == "url":
        return "" if _is_url(value) else "give a server's URL, such as http://127.0.0.1:8080"
    return "give a scenario's name or file" if value[:1] in {"'", '"'} else ""


def check_arguments(taker: str, given: Mapping[str, Any], known: Sequence[str]) -> None:
    """Raise ``Misconfigured`` for an argument that is unknown or not of its form; one that is None is not given."""
    if unknown := sorted(given.keys() - set(known)):
        raise Misconfigured(f"{taker} takes {', '.join(known)}, not {unknown[0]!r}{nearest(unknown[0], known)}")
    for name, value in given.items():
        if value is not None and (fault := _argument_fault(name, value)):
            raise Misconfigured(f"{taker} has {name}={value!r}: {fault}")


def _argument_fault(name: str, value: Any) -> str:
    if name in {"strict", "expect_refusals"}:
        return "" if isinstance(value, bool) else "give True or False"
    if name == "seed":
        return _seed_fault(value)
    if name == "at":
        return _time_fault(value)
    if name == "rate":
        is_rate = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and value >= 0
        return "" if is_rate else "give a number of seconds that pass a second, 0 or more"
    return "" if isinstance(value, str | PurePath) and str(value) else "give a scenario's name"


def _seed_fault(value: Any) -> str:
    is_seed = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_SEED
    return "" if is_seed else f"give {SEED_FORM}"


def _time_fault(value: Any) -> str:
    if isinstance(value, datetime):
        return "" if value.tzinfo else f"give {TIME_FORM}"
    try:
        is_time = isinstance(value, str) and parse_rfc3339(value) is not None
    except ValueError:
        is_time = False
    return "" if is_time else f"give {TIME_FORM}"


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False

"""Records written directly: the realm of a client, and the time from which a job runs."""

from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.schedules import PLACEHOLDER, SCHEDULES, is_cron
from understudy.vendors.twc.sent import note_due
from understudy.vendors.twc.tables import BY_TENANT, CLIENTS, CONFIGS, JOBS, REALMS, ROUNDS

ENGINES = ("TWC", "ATHOS")
"""Engines of recommendations that the vendor's widgets know."""


def complete(_state: VendorState, collection: str, record: Json) -> Json:
    """Return a record unchanged; raise ``ValueError`` for one whose key is not that of its tenant and object."""
    if collection in BY_TENANT:
        key = f"{record['tenant']}\n{record['value']['id']}"
        if record["key"] != key:
            raise ValueError(f"the key of this tenant's object is {key!r}")
    if collection == JOBS:
        _check_job(record["value"])
    if collection == CONFIGS:
        _check_config(record.get("value"))
    return record


def _check_config(config: object) -> None:
    """Raise ``ValueError`` for settings that no storefront could read."""
    if not isinstance(config, dict):
        raise ValueError(f"value must be an object, not {config!r}")
    shown = config.get("websiteRecommendations", {"engine": ENGINES[0]})
    if not isinstance(shown, dict) or shown.get("engine") not in ENGINES:
        raise ValueError(f"websiteRecommendations must name an engine of {', '.join(ENGINES)}, not {shown!r}")
    for name in ("siteIdentifier", "profileTag"):
        if not isinstance(shown.get(name, ""), str):
            raise ValueError(f"{name} must be text, not {shown[name]!r}")


def _check_job(job: Json) -> None:
    """Raise ``ValueError`` for a job that could not run."""
    if not isinstance(job.get("notification"), str):
        raise ValueError(f"notification must be text, not {job.get('notification')!r}")
    for name in ("is_active", "is_scheduled", "deleted"):
        if not isinstance(job.get(name), bool):
            raise ValueError(f"{name} must be true or false, not {job.get(name)!r}")
    for name in SCHEDULES:
        if job.get(name, PLACEHOLDER) != PLACEHOLDER and not (isinstance(job[name], str) and is_cron(job[name])):
            raise ValueError(f"{name} must be a cron expression, not {job[name]!r}")


def derive(state: VendorState, collection: str, before: Json | None, after: Json | None) -> Steps[None]:
    """Add the realm of a client, note until now when a job was due by its old values, and let it run from now on."""
    if collection == CLIENTS and after is not None and after["tenant"] not in state.collection(REALMS):
        state.collection(REALMS).put({"id": after["tenant"]})
    if collection != JOBS:
        return
    job = before or after
    if job is not None:
        note_due(state, job["tenant"], job["value"])
    if after is None and before is not None:
        state.collection(ROUNDS).delete(before["key"])
    yield

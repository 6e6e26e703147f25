"""Served vendor as it is mounted on the server: with its endpoints and its mount."""

from collections.abc import Mapping
from dataclasses import dataclass

from understudy.http.endpoint import Endpoint
from understudy.http.vendor_mount import Mount
from understudy.vendors.served_vendor import ServedVendor


@dataclass(frozen=True, slots=True)
class MountedVendor(ServedVendor):
    """Served vendor with its endpoints by operationId, and its mount."""

    endpoints: Mapping[str, Endpoint]
    mount: Mount

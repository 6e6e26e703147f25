"""Till that reports its purchases to CRM.COM, and tries again when the service fails."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

TRIES = 3


@dataclass(frozen=True)
class Till:
    """Client of CRM.COM at one outlet."""

    url: str
    api_key: str
    outlet: str

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> "Till":
        """Return a till for the variables that `understudy env`, or the deployment, has set."""
        return cls(*(variables[f"UNDERSTUDY_CRMCOM_{name}"] for name in ("URL", "API_KEY", "OUTLET")))

    def report(self, number: str, card: str, price: float) -> dict[str, Any]:
        """Report a purchase of one product; return the service's response."""
        purchase = {
            "cim": card,
            "reference_number": number,
            "outlet_tap": {"code": self.outlet},
            "products": [{"product_sku": "TEA-01", "net_amount": price, "tax_amount": 0, "total_amount": price}],
        }
        for left in reversed(range(TRIES)):
            answer = httpx.post(f"{self.url}/purchases", json=purchase, headers={"api_key": self.api_key})
            if answer.status_code < 500 or not left:
                break
        posted: dict[str, Any] = answer.raise_for_status().json()
        return posted

"""A till that reports its purchases to CRM.COM, and tries again when the service is not well."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

TRIES = 3


@dataclass(frozen=True)
class Till:
    """Where CRM.COM is, who we are, and at which outlet we stand."""

    url: str
    api_key: str
    outlet: str

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> "Till":
        """Read what `understudy env`, or the deployment, has put there."""
        return cls(*(variables[f"UNDERSTUDY_CRMCOM_{name}"] for name in ("URL", "API_KEY", "OUTLET")))

    def report(self, number: str, card: str, price: float) -> dict[str, Any]:
        """Report a purchase of one thing; return what the service made of it."""
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

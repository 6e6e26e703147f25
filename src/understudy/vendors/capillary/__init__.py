"""Capillary behavioural events: their definitions, the webhooks that take occurrences, and the occurrences taken."""

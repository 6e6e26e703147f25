"""Capillary behavioural events: event definitions, webhooks, and the occurrences pushed to the webhooks."""

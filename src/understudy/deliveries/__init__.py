"""Deliveries: messages of the vendors' outboxes, sent to targets that a user allows."""

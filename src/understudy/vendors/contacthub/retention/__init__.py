"""Retention of events: policy, and deletion of expired events."""

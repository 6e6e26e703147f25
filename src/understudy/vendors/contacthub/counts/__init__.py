"""Running counts of customers and events by time bucket."""

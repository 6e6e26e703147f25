"""The operations of the event collector, a module a noun."""

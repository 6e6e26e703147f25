"""Published schemas and limits of customers and events."""

"""CRM.COM: purchases of loyalty members, and the tokens of the same generation of its API."""

"""CRM.COM: purchases of loyalty members, and access tokens."""

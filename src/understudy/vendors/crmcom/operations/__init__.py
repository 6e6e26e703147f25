"""What CRM.COM's API does, by noun."""

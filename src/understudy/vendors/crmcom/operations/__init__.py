"""Handlers of CRM.COM's operations, a module for each noun."""

"""Handlers of ExpertSender CDP's operations, a module for each noun."""

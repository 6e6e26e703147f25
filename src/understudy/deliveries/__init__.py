"""Deliveries of what vendors send by themselves: allowed targets, signing, senders, and the task that delivers."""

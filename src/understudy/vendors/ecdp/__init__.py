"""ExpertSender CDP: custom events that send customers through scenarios."""

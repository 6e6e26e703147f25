"""ExpertSender CDP: customers, and the custom events that add them to the vendor's scenarios."""

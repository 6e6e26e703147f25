"""Start data: customers, events and bulk jobs of each new world."""

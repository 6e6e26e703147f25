"""The Wishlist Company's event collector: entity events, subscriptions to them, and notification jobs."""

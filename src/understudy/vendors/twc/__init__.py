"""The Wishlist Company's event collector."""

"""Cast of a scenario: people, merchants, shops and products, and random choices among them."""

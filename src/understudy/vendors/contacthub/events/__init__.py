"""Events: rules, store, consent policy, pending events and register of products."""

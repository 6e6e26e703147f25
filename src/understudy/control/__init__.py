"""Our own API to steer the stand-in. It is made like a vendor: a spec, and a folder of operations."""

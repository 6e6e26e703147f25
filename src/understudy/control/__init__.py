"""Control API of Understudy itself. It is made like a vendor: a spec, and a folder of operations."""

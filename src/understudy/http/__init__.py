"""HTTP layer: dispatcher, endpoints, request bodies, responses, fault injection."""

"""OpenAPI documents: loading, compiling, examples, and values that break a schema."""

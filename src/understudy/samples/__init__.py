"""Values made from the schemas of documents: realistic, valid, and the same every time."""

"""Contract suite: runs against any server that should honour a document, and judges what it finds."""

"""Writing of generated records into files, in several formats, processes and shards."""

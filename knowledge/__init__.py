"""The library of standards: digests, limits as data, hybrid retrieval, citations."""

"""Articles in, ranked passages out. Knows nothing of chat models, conversations or pages."""

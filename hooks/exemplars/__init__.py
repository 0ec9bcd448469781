"""Exemplar stories: reading, checking, listing and publishing them; knows nothing of MkDocs."""

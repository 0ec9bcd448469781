"""A built site → what readers see: verified, sent beside what is live, switched to at once, and remembered."""

"""Which sentences answer the question, how well, and whether any does."""

"""Evaluation cases: what they look like, reading them, and drafting new ones."""

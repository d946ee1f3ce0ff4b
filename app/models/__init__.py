"""Models that write and models that embed: opening them, calling them, and what can go wrong.

Knows nothing of documents, evidence or answers. litellm is loaded only when a model is opened.
"""

"""Keeps the index in step with a folder, a feed or a sitemap.

``planning`` decides from what is and what was; ``folders`` and ``feeds`` say what is; ``doing``
carries a plan out; ``watching`` does so again whenever something changed.
"""

"""The reader in the box: which words of a text answer, whether any do, whether a claim holds."""

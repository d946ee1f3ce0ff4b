"""The command line: one module a command, over the same services as the HTTP API.

Nothing heavy is imported until a command runs, so that ``footnote --help`` answers at once.
"""

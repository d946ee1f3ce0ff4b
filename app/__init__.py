"""Answering over the index, and the ways people reach it: HTTP, command line, widget."""

"""Writes what a run found, for people and for machines: HTML page, Markdown, JSON, JUnit XML."""

from eval.reports.model import Report
from eval.reports.writing import Written, write

__all__ = ["Report", "Written", "write"]

"""Measuring the service: benchmarks, and how the learned weights were made."""

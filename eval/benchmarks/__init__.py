"""Benchmarks over data files of the caller's: quality, latency against the raw parts, start-up."""

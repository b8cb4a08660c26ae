"""Benchmarks: each prints its figures and the command that makes them. Nothing here is a test of time."""

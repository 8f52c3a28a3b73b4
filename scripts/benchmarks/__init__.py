"""What scripts/benchmark can measure, one module each."""

"""What scripts/benchmark measures, one module each: `add_options(parser)` and `run(options) -> exit code`."""

"""The benchmarks. Rule: a figure is a ratio to a limit measured in the same run, and every run checks its answer."""

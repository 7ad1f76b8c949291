"""The tests. Rule: a docstring is a claim, and the test can fail."""

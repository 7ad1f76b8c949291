"""Scenarios run in virtual time. Rule: the engine that runs them is the one that runs live; only the clock is ours."""

"""The consent guard: who may be written to. Rule: a decision is a function of what is on record, and unknown is no."""

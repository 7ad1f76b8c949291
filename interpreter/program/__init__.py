"""A checked project made ready to run. Rule: a program is a value: made once, changed by nothing, the same on every machine."""

"""Sweeps of faults over a whole runtime. Rule: whatever is planted anywhere, the end is that of a run without it.

python -m tests.sweeps killed            killed at every so many steps of our code
python -m tests.sweeps --help            the others
"""

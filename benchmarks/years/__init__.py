"""A year of three invented firms, as event logs. Rule: the same seed gives the same bytes everywhere.

    python -m benchmarks.years mobility --people 800 --seed 7 --out build/year

The events keep the habits of real ones: working hours, seasons, moved houses, shared mailboxes, lines that are sent twice,
systems that hand over in the evening what happened by day.
"""

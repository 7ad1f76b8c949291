"""A log dealt into lots, for as many processes. Rule: people whose fates touch are in one lot, so lots happen apart and sum up.

look at a piece of the log each -> deal -> let a lot happen each -> sums
"""

"""Text in, problems or a program out. Rule: no clock, disk, network or randomness."""

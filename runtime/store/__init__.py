"""The file in which a running project is kept. Rule: one process writes it, through one connection, and loses it for good."""

"""What a log says before any journey exists. Rule: it is counted and told, and no value of any person leaves this package."""

"""What runs journeys for good. Rule: what was read, what was decided and what is to leave is on disk together, or not at all."""

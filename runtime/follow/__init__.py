"""A log that grows. Rule: what was read is known by its bytes; when to look again is a hint and a clock."""

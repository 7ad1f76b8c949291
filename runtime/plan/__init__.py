"""What a change would do. Rule: both versions meet the same log, and what is told is what differs, never how they were written."""

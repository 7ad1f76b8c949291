"""What is known about one person. Rule: plain values only, so that a record goes into bytes and comes back the same."""

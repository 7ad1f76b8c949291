"""From decisions to what leaves, and back. Rule: what is decided leaves once, or it is written down why it did not."""

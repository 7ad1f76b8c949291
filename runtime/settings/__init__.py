"""The settings that only the runtime reads. Rule: a secret is named here and never held, and no check ever loads this."""

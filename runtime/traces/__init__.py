"""The trace of a running project, in its store. Rule: what was told comes back as it was told, record by record, in its order."""

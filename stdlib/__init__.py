"""The standard library. Rule: journey files and tables only, no code that decides."""

"""The consent ledger. Rule: what was recorded is never changed; what is erased leaves a hole that its chain accounts for.

`ledger` keeps and reads it, `chain` says what is hashed, `verify` looks for what was changed, `erasure` takes people out.
"""

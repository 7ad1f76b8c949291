"""The ways to a person. Rule: a channel is handed what was decided and rendered, and answers what became of it.

`intent` is what goes in, `answers` what comes out; `guarding` says which addresses a webhook may reach, `timed` how long a
connection may take, `queues` who is next. An adapter is one file: `mail`, `webhook`, `lines`, `desk`.
"""

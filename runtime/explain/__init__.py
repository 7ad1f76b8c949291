"""Why somebody got something, or did not. Rule: only what was told, recorded or written is said, each with where it stands.

gathering -> a case: one person, what was told of them, what happened to them, what they said
case -> timeline, answers -> text, JSON, a page
"""

"""The cases, one file a row of goals.toml. Rule: a case measures what a user waits for, and checks what came out."""

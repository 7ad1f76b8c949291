"""The rules of the linter. Rule: a rule takes a tree, gives problems and changes nothing."""

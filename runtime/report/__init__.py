"""The numbers of a project, from its log. Rule: every number can be worked out again by anybody, from the same log and files."""

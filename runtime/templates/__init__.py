"""Words made of templates. Rule: a template sees plain data alone, and what it costs is bounded from outside."""

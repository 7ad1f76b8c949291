"""The written language. Rule: syntax and words stand here and nowhere else."""

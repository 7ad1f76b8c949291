"""Which version of a project runs. Rule: what does not hold is not taken up, and nobody inside is left without their version."""

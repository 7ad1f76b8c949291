"""A second, naive reading of how journeys run, to hold the engine against. Rule: written from the rules, never from the engine.

`world.run` walks the parsed text at run time: a visit is a Python generator over the lines of its journey, the whole
history is kept, and every question goes through all of it again. `invent` makes projects and histories, `compare` names
the first difference, `cases` reads histories from text.
"""

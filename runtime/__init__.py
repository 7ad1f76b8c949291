"""The world: log, store, clock, channels. Rule: it carries out what the interpreter decided."""

from verbline.interpreter.compiled import choose

choose()

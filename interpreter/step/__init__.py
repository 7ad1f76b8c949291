"""One person moved by one stimulus. Rule: what is decided depends on the program, the record, the stimulus and the instant."""

from verbline.interpreter.compiled import choose

choose()

from verbline.interpreter.step.probe cimport Probe

cpdef tuple members_of(Probe probe)

# Laid out as events and rows are taken to be.
cdef extern from *:
    """
    typedef struct {
        PyObject_HEAD
        PyObject *first, *second, *third;
    } VerblineProbe;
    """
    ctypedef class verbline.interpreter.step.probe.Probe [object VerblineProbe, check_size error]:
        cdef object first
        cdef object second
        cdef object third

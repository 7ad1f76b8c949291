# A turn, which stays a class of Python's: its slots lie one behind the other in the order of their names.
cdef extern from *:
    """
    typedef struct {
        PyObject_HEAD
        PyObject *cause, *counts, *depth, *fields, *happened, *now, *order, *person, *program, *said, *signals, *sink, *starts, *visit, *whose;
    } VerblineTurn;
    """
    ctypedef class verbline.interpreter.step.turn.Turn [object VerblineTurn, check_size error]:
        cdef object order
        cdef object said

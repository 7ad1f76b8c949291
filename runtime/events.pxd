# An event, which stays a class of Python's: its members lie one behind the other in the order of their names.
# `interpreter/step/laid.py` finds out whether that is so before anything relies on it.
cdef extern from *:
    """
    typedef struct {
        PyObject_HEAD
        PyObject *agrees, *consent, *data, *file, *happened, *id, *known, *offset, *source, *sourced, *stamp, *type;
    } VerblineEvent;
    """
    ctypedef class verbline.runtime.events.Event [object VerblineEvent, check_size error]:
        cdef object agrees
        cdef object consent
        cdef object data
        cdef object file
        cdef object happened
        cdef object id
        cdef object known
        cdef object offset
        cdef object source
        cdef object sourced
        cdef object stamp
        cdef object type

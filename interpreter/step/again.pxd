# A row, which stays a class of Python's: its members lie one behind the other in the order of their names; see `laid`.
cdef extern from *:
    """
    typedef struct {
        PyObject_HEAD
        PyObject *alarm, *fields, *later, *place, *situation, *text;
    } VerblineRow;
    """
    ctypedef class verbline.interpreter.step.again.Row [object VerblineRow, check_size error]:
        cdef object alarm
        cdef object fields
        cdef object later
        cdef object place
        cdef object situation
        cdef object text

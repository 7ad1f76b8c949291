cimport cython
from verbline.runtime.events cimport Event

cdef unsigned char OPENING, CLOSING, COLON

@cython.final
cdef class Block:
    cdef public bytes text
    cdef public object shape
    cdef public list starts
    cdef public list failed
    cdef public list events
    cdef bint _decode(self)
    cdef object _decode_lines(self)
    @cython.locals(event=Event, fields=Py_ssize_t)
    cpdef bint is_covered(self)
    cdef Py_ssize_t _colons(self)

@cython.locals(end=Py_ssize_t, starts=list)
cpdef list starts_of(bytes text)

@cython.locals(letter=cython.uchar, colons=cython.int)
cpdef Py_ssize_t colons_in(bytes text)

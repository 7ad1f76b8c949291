cimport cython
from verbline.runtime.events cimport Event

cdef class Shape:
    cdef public object required
    cdef public object optional
    cdef public object decode
    cdef public object decode_lines
    cdef public bint says_consent
    cdef list _absent
    cdef object _known
    @cython.locals(keys=Py_ssize_t, event=Event)
    cpdef Py_ssize_t outer_keys(self, events)

cpdef Py_ssize_t keys_in(object value)

# Instants are reckoned in machine words; members of an event are read where they lie.
cimport cython
from libc.stdint cimport int64_t

from verbline.runtime.events cimport Event

cdef extern from "datetime.h":
    ctypedef extern class datetime.timedelta [object PyDateTime_Delta, check_size ignore]:
        cdef int days
        cdef int seconds
        cdef int microseconds

cdef int64_t DAY, FIRST, LAST


@cython.final
cdef class Decoder:
    cdef object _agreements
    cdef object _careful
    cdef object _shape
    cdef int _learned

    @cython.locals(past=timedelta, at=int64_t)
    cpdef list events(self, bytes text, str file, offset)

    @cython.locals(past=timedelta, event=Event, at=int64_t, place=Py_ssize_t, starts=list)
    cpdef list _all(self, object block, str file, int64_t offset)

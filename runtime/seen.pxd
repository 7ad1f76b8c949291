# What the compiled build knows of seen.py beyond its text: a table of machine words, and marks that are such words.
cimport cython
from libc.stdint cimport uint32_t, uint64_t

from verbline.runtime.events cimport Event

cdef uint64_t STRETCH_BITS, STRETCH, HASH

@cython.final
cdef class Seen:
    cdef object _again
    cdef uint64_t[::1] _table
    cdef Py_ssize_t _free
    cdef object _stretches
    cdef dict _read
    cdef public Py_ssize_t duplicates

    @cython.locals(mask=uint64_t, mark=uint64_t, marks=list, place=Py_ssize_t, slot=uint64_t, entry=uint64_t, stretch=uint64_t, table=uint64_t[::1], event=Event)
    cpdef dict _enter(self, list events, object number)
    cpdef object _compared(self, object event, object stretch, object own)
    cpdef dict _in(self, object stretch)
    @cython.locals(mask=uint64_t, slot=uint64_t, entry=uint64_t, table=uint64_t[::1], old=uint64_t[::1])
    cpdef object _grow(self)

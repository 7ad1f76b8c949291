cimport cython
from libc.stdint cimport int64_t
from verbline.runtime.events cimport Event

@cython.locals(event=Event, at=int64_t, last=int64_t)
cpdef bint is_in_order(list items, int64_t known)

from verbline.runtime.identity.remarks cimport Remarks

# Numbers of rows and people are below 2**30, those of kinds below 127; changes are counted in 64 bits.
cdef class Columns(Remarks):
    cdef public object owners
    cdef tuple _columns
    cdef Py_ssize_t _room
    cdef signed char[::1] _kind
    cdef long long[::1] _since
    cdef int[::1] _before, _last, holder

    cpdef _grow(self)

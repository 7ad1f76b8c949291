cdef class Remarks:
    cdef public long long seq
    cdef dict _traits, _apart
    cdef list _notes
    cdef object _dated, _instants

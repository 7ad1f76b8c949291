cdef class Way:
    cdef public dict answers, comings, comings_unreached
    cdef public tuple fields, moments
    cdef public object fields_of, idle, moment, names
    cdef public str source
    cdef public bint gives_back, is_usual, is_vain, itself, reads, stated

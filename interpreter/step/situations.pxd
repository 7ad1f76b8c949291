# Lengths stay objects of Python: an author may let somebody wait for as long as they like.
cdef class Coming:
    cdef public tuple brakes, journeys, models
    cdef public tuple entered
    cdef public bint is_open
    cdef public Py_ssize_t met
    cdef public object moment
    cdef public Move move
    cdef dict others
    cdef public str source

cdef class Situation:
    cdef public Coming coming
    cdef public tuple inside
    cdef public dict moves

cdef class Move:
    cdef public bint is_fixed
    cdef public object length, span, turns
    cdef public tuple sites
    cdef public Situation situation

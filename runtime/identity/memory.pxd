cimport cython
from verbline.runtime.identity.columns cimport Columns

cdef class Memory(Columns):
    cdef public Py_ssize_t people
    cdef public object met
    cdef public bint is_owned
    cdef dict _number, _place, _first, _newest, _older, _until, _origin, _how, _into, _edges_of
    cdef list _kinds, _value, _more, _edges

    cpdef dict numbers_of(self, str kind)
    @cython.locals(number=cython.Py_ssize_t)
    cpdef give(self, str kind, str value, Py_ssize_t person, long long seq)
    @cython.locals(number=cython.Py_ssize_t, person=cython.Py_ssize_t, known=dict)
    cpdef Py_ssize_t enter(self, str kind, str value) except? -1
    @cython.locals(number=cython.Py_ssize_t, row=cython.Py_ssize_t, person=cython.Py_ssize_t, seq=cython.longlong)
    cpdef Py_ssize_t come_in(self, str kind, str value, str contact, str reached_at) except? -1
    @cython.locals(row=cython.Py_ssize_t)
    cpdef bint is_bare(self, Py_ssize_t person) except -1

cimport cython
from verbline.runtime.identity.memory cimport Memory

cdef class Plainest:
    cdef object careful, has_room, known, met, nobodies, well
    cdef dict domains, emails, keys
    cdef str email_field, field, kind
    cdef Memory store
    cdef frozenset suspect

    @cython.locals(number=cython.Py_ssize_t)
    cpdef take(self, dict fields)
    cpdef glance(self, dict fields)
    @cython.locals(number=cython.Py_ssize_t, owner=cython.int)
    cpdef look(self, dict fields)
    @cython.locals(store=Memory, address=str, local=str, domain=str)
    cdef _take(self, dict fields, str key, Py_ssize_t number, int owner)

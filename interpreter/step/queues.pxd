cimport cython

# An alarm takes more than 64 bits, so it stays an object of Python.
cdef class Queue:
    cdef object behind, last

cdef class Queues:
    cdef list _alarms
    cdef dict _by_length
    cdef public dict first

    @cython.locals(queue=Queue)
    cpdef add(self, object alarm, object length)
    @cython.locals(queue=Queue, first=dict)
    cpdef move_up(self, object alarm, list numbered)

cpdef bint is_set(object alarm, object person) except -1

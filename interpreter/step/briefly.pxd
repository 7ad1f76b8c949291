cimport cython
from verbline.interpreter.step.again cimport Row
from verbline.interpreter.step.queues cimport Queues
from verbline.interpreter.step.situations cimport Coming, Move, Situation
from verbline.interpreter.step.turn cimport Turn

# Instants and alarms stay objects of Python: an alarm takes more than 64 bits, and an author may set it as late as they like.
cdef class Brevity:
    cdef public object world, situations
    cdef object brakes, made, _again
    cdef Turn turn
    cdef Queues queues
    cdef public list numbered
    cdef dict reached, erased, _of_event

    @cython.locals(turn=Turn, move=Move, numbered=list)
    cpdef bint come(self, Py_ssize_t number, str email, Coming coming, object fields, str name, object at) except -1
    cpdef _count(self, Coming coming, object at)
    @cython.locals(move=Move, situation=Situation)
    cpdef bint meet(self, Row row, Py_ssize_t number, object moment, object fields, object cause, object known, object happened) except -1
    @cython.locals(move=Move, situation=Situation)
    cpdef fall_due(self, Py_ssize_t number, Row row, object due)
    cpdef _go(self, Row row, Py_ssize_t number, Move move, object now)
    cpdef object _wait(self, Move move, Py_ssize_t number, object now)

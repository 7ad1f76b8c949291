cimport cython
from verbline.interpreter.step.again cimport Row
from verbline.interpreter.step.briefly cimport Brevity
from verbline.interpreter.step.situations cimport Coming
from verbline.runtime.events cimport Event
from verbline.runtime.ways cimport Way

# Instants and alarms stay objects of Python; see `briefly.pxd`.
cdef class Shortly:
    cdef public Brevity brevity
    cdef list numbered
    cdef dict latest

    @cython.locals(alarms=list, latest=dict, way=Way, event=Event, is_vain=cython.bint, number=cython.Py_ssize_t)
    cpdef take(self, object feed, object events)
    cpdef Way way_of(self, object feed, Event event)
    cpdef bint meet(self, Event event, Way way, Py_ssize_t number) except -1
    @cython.locals(number=cython.Py_ssize_t, is_new=cython.bint, email=str, numbered=list, comings=dict, there=tuple, coming=Coming)
    cpdef bint come(self, object feed, Event event, Way way, tuple found) except -1

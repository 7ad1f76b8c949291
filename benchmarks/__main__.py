"""Lets ``python -m benchmarks`` run them. Rule: what takes time is measured on the wheel; whoever wants it otherwise says so."""

import sys

from benchmarks.installed import measured

# What measures no time, or the text.
HERE = {"--list", "--counters", "--pure", "-h", "--help"}

if __name__ == "__main__":
    if HERE.isdisjoint(sys.argv):
        sys.exit(measured(sys.argv[1:]))
    from benchmarks.runner import main

    sys.exit(main())

"""Lets ``python -m benchmarks`` run them. Rule: nothing else is here."""

import sys

from benchmarks.runner import main

if __name__ == "__main__":
    sys.exit(main())

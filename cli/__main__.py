"""Lets ``python -m verbline.cli`` stand for the command ``verbline``. Rule: nothing else is here."""

import sys

from verbline.cli import main

if __name__ == "__main__":
    sys.exit(main())

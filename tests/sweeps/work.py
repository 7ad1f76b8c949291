"""``python -m tests.sweeps.work FOLDER [FAULT]``: the club of a folder lives through its days. Rule: it is what the sweeps disturb from outside."""

import sys
from pathlib import Path

from tests.sweeps.club import Place
from tests.sweeps.planted import planted
from verbline.runtime.channels.making import AdapterError
from verbline.runtime.lines import LogError
from verbline.runtime.standing import StoreError
from verbline.runtime.templates.faults import TemplateError

if __name__ == "__main__":
    try:
        with planted("".join(sys.argv[2:])):
            Place(Path(sys.argv[1])).work()
    except (StoreError, LogError, TemplateError, AdapterError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)

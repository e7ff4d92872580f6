"""`python -m dashboard.command`, the same as `crosspressure`."""

import sys

from dashboard.command import main

__all__: list[str] = []

if __name__ == "__main__":
    sys.exit(main())

"""``python -m assistant`` is the command line."""

import sys

from assistant.cli import main

if __name__ == "__main__":
    sys.exit(main())

"""__main__.py: `python -m secscan` and the script `secscan`: the program in the
wheel takes this process's place."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    program = str(Path(__file__).resolve().parent / "bin" / "secscan")
    os.execv(program, [program, *sys.argv[1:]])


if __name__ == "__main__":
    main()

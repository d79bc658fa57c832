"""setup.py: what pyproject.toml cannot say: the version, which stands in the
public header, and the one wheel for all CPythons from 3.10 on."""

import re
from pathlib import Path

from setuptools import setup

HEADER = (Path(__file__).resolve().parent / "../../libsecscan/include/secscan.h")


def version() -> str:
    found = re.search(r'#define SECSCAN_VERSION "([^"]+)"',
                      HEADER.read_text(encoding="utf-8"))
    assert found, "secscan.h has no version"
    return found.group(1)


setup(
    version=version(),
    cffi_modules=["native.py:ffi"],
    options={"bdist_wheel": {"py_limited_api": "cp310"}},
)

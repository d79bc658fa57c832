"""sources.py: a copy of the sources, to be built somewhere else."""

import os
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def git(*command):
    return subprocess.run(["git", "-C", ROOT, *command], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def copy_sources(to):
    """What git tracks, as it is here."""
    for name in git("ls-files", "-z").split("\0"):
        source = os.path.join(ROOT, name)
        if name and os.path.lexists(source):
            os.makedirs(os.path.dirname(os.path.join(to, name)), exist_ok=True)
            shutil.copy(source, os.path.join(to, name), follow_symlinks=False)

"""A process that is gone in the middle of its work."""

import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

# The moment at which a file would take another's place, and the process is gone instead.
KILL = """
import os, signal, sys
from pathlib import Path
name, left = sys.argv[1], int(sys.argv[2])
move = Path.replace
def replace(self, target):
    global left
    left -= Path(target).name == name
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return move(self, target)
Path.replace = replace
"""


def killed(script: str, file: str, *arguments: str, time_of: int = 1) -> None:
    """Run a script that is killed when a file is about to take its place, the n-th time."""
    command = [sys.executable, "-c", KILL + script, file, str(time_of), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr

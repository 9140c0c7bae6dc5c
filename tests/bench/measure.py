"""Runs the command it is given and prints what that took, as JSON.

A process of its own, as small as can be: what the system tells of a command's peak memory is never less than the
memory of whoever started it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time


def main():
    with tempfile.TemporaryFile() as told:
        begin = time.perf_counter()
        process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=told)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        told.seek(0)
        lines = told.read().decode(errors="replace").splitlines()
    print(json.dumps({"status": status, "wall": wall, "cores": usage.ru_utime + usage.ru_stime,
                      "memory": usage.ru_maxrss / 1024, "told": lines}))


if __name__ == "__main__":
    main()

"""What the comparisons share: where the data is, and a whole process timed with its memory."""
import csv
import os
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.environ.get("OPINION_DATA", os.path.join(os.path.dirname(ROOT), "shared", "data"))
OPINION = os.path.join(ROOT, "opinion")
csv.field_size_limit(1 << 30)


def rows(name):
    """The rows of a CSV file of the data, as dictionaries."""
    with open(os.path.join(DATA, name), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def install(module, package):
    """Installs a package of Debian where its module is missing, and says so first."""
    if subprocess.run(["/usr/bin/python3", "-c", f"import {module}"], stderr=subprocess.DEVNULL).returncode == 0:
        return
    print(f"Installing from Debian's packages: {package}", file=sys.stderr, flush=True)
    root = [] if os.geteuid() == 0 else ["sudo"]
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run([*root, "apt-get", "update", "-qq"], check=True, **quiet)
    subprocess.run([*root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", package], check=True, **quiet)


def run(command, **more):
    """Runs a command to its end. Gives its output, wall seconds, CPU seconds (user and system) and peak resident MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, **more)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return output, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs tockloader-c with writes that go wrong; tests/lib/faults.c does it.

    done = faults.run("die:3", "update", "--protocol", "s", ...)
"""
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.abspath(os.environ.get("B", "build"))
TOOL = f"{BUILD}/bin/tockloader-c"
LIBRARY = f"{BUILD}/test/faults.so"


def library():
    source = f"{HERE}/faults.c"
    if not os.path.exists(LIBRARY) or \
            os.path.getmtime(LIBRARY) < os.path.getmtime(source):
        os.makedirs(os.path.dirname(LIBRARY), exist_ok=True)
        subprocess.run(["gcc", "-std=c11", "-Wall", "-Wextra", "-Werror",
                        "-D_GNU_SOURCE", "-shared", "-fPIC", "-O1", source,
                        "-o", f"{LIBRARY}.{os.getpid()}"], check=True)
        os.replace(f"{LIBRARY}.{os.getpid()}", LIBRARY)
    return LIBRARY


def run(fault, *args, env=None):
    return subprocess.run([TOOL, *args], text=True, capture_output=True,
                          check=False, timeout=30,
                          env={**(env or os.environ), "LD_PRELOAD": library(),
                               "FAULT": fault})

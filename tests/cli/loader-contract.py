#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Promises of tockloader-c that no single run shows: JSON output follows its
schema in docs/json, and no error that a user can do something about comes
without a hint.
"""
import glob
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import tap  # noqa: E402
from schema import load, validate  # noqa: E402

ROOT = os.path.join(HERE, "..", "..")
TOOL = os.path.abspath(os.environ.get("B", "build")) + "/bin/tockloader-c"


def listed(*args):
    done = subprocess.run([TOOL, "list", "--json", *args], text=True,
                          capture_output=True, check=False, timeout=30)
    return done.returncode, json.loads(done.stdout)


@tap.test("list --json follows its schema on every recorded image")
def _():
    schema = load("list-1")
    for path in sorted(glob.glob(f"{HERE}/../golden/loader/before/*.gz")):
        with tempfile.NamedTemporaryFile() as image, gzip.open(path) as packed:
            bytes_ = bytearray(packed.read())
            for damage in (0, 1):
                bytes_[0x10000c] ^= damage  # checksum of the first app
                image.seek(0)
                image.write(bytes_)
                image.flush()
                status, found = listed("--board", "qemu_rv32_virt",
                                       "--flash-file", image.name)
                tap.equal(status, 0, "status")
                validate(found, schema)
                tap.check(found["apps"] or found["damaged"], f"{path}: empty")
                tap.check(damage == 0 or found["damaged"], "not damaged")


@tap.test("list --json follows its schema when it fails")
def _():
    schema = load("list-1")
    for args in ((), ("--board", "nosuch"),
                 ("--board", "mps2_an386", "--flash-file", "/")):
        status, found = listed(*args)
        validate(found, schema)
        tap.equal(found["error"]["status"], status, "status")


@tap.test("no error of kind connect, device, verify or state lacks a hint")
def _():
    wanted = re.compile(r"err_set\(\s*(?:e|out),\s*(ERR_(?:CONNECT|DEVICE|"
                        r"VERIFY|STATE))\b[^;]*;\s*(.*)")
    count = 0
    for path in glob.glob(f"{ROOT}/tockloader-c/**/*.c", recursive=True):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for match in wanted.finditer(text):
            count += 1
            function_end = text.find("\n}", match.start())
            tap.check("err_hint(" in text[match.start():function_end],
                      f"{path}: {match.group(0)[:60]}")
    tap.check(count >= 8, f"only {count} errors found")


tap.main()

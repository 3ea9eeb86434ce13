#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs every test of the project and sums them.

usage: [B=BUILD_DIR] tests/run.py [WORD]

Suites, fast ones first: unit tests (Criterion programs below
BUILD_DIR/test/unit), tests/golden/*.py, tests/cli/*.bats and *.py, a fixed
sample of each fuzz target, tests/{gate,docs,qemu,cut}/*.py. All speak TAP. WORD
selects the tests whose "suite: name" contains it.

The last line is "N passed, M failed" (", K skipped" if any); the exit status
is 0 only if nothing failed and something passed. A suite that crashes, runs
over its time, reports nothing or fewer tests than it planned has failed. Only
tests listed in tests/skips may be skipped; each line there names the test and
the reason.
"""
import glob
import os
import re
import signal
import subprocess
import sys
import time

BUILD = os.environ.get("B", "build")
TAP_LINE = re.compile(r"^(not )?ok\b\s*\d*\s*(?:-\s*)?(.*)$")
TAP_PLAN = re.compile(r"^1\.\.(\d+)")
FUZZ_SEED, FUZZ_RUNS = 20261125, 20000


class Totals:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0


def suites():
    """(name, command, time limit in seconds), in the order they run."""
    for path in sorted(glob.glob(f"{BUILD}/test/unit/*/test_*")):
        if os.access(path, os.X_OK) and not path.endswith((".d", ".o")):
            name = path[len(f"{BUILD}/test/"):]
            yield name, [path, "--tap=-", "-j2"], 300
    for path in sorted(glob.glob("tests/golden/*.py")):
        yield path[6:], ["/usr/bin/python3", path], 300
    for path in sorted(glob.glob("tests/cli/*.bats")):
        yield path[6:], ["bats", "--tap", path], 300
    for path in sorted(glob.glob("tests/cli/*.py")):
        yield path[6:], ["/usr/bin/python3", path], 300
    for path in sorted(glob.glob(f"{BUILD}/fuzz/fuzz_*")):
        if os.access(path, os.X_OK) and "." not in os.path.basename(path):
            yield "fuzz/" + os.path.basename(path)[5:], fuzz_command(path), 300
    for path in sorted(glob.glob("tests/gate/*.py") +
                       glob.glob("tests/docs/*.py") +
                       glob.glob("tests/qemu/*.py") +
                       glob.glob("tests/cut/*.py")):
        yield path[6:], ["/usr/bin/python3", path], 600


def fuzz_command(path):
    corpus = f"tests/fuzz/corpus/{os.path.basename(path)[5:]}"
    work = f"{BUILD}/corpus/{os.path.basename(path)}"
    os.makedirs(work, exist_ok=True)
    name = f"{FUZZ_RUNS} runs from seed {FUZZ_SEED}"
    inputs = f"{work} {corpus if os.path.isdir(corpus) else ''}"
    script = (f"if {path} -seed={FUZZ_SEED} -runs={FUZZ_RUNS} -verbosity=0 "
              f"-max_total_time=60 -artifact_prefix={work}/ {inputs}; "
              f"then echo ok 1 {name}; else echo not ok 1 {name}; fi; "
              f"echo 1..1")
    return ["sh", "-c", script]


def read_skips():
    skips = set()
    for line in open("tests/skips", encoding="utf-8"):
        if line.strip() and not line.startswith("#"):
            skips.add(line.split("#")[0].strip())
    return skips


def run(command, limit):
    """Output and status; the whole process group dies at the limit."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True,
                               errors="replace", start_new_session=True,
                               stdin=subprocess.DEVNULL)
    try:
        output, _ = process.communicate(timeout=limit)
        return output, process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        return output, f"over its {limit} s"


def judge(name, output, status, word, skips, totals):
    """Counts one suite's results; returns the complaints."""
    complaints, seen, plan, failed_here = [], 0, None, 0
    for line in output.splitlines():
        planned = TAP_PLAN.match(line)
        if planned:
            plan = int(planned.group(1))
        result = TAP_LINE.match(line)
        if not result:
            continue
        seen += 1
        bad, text = result.group(1), result.group(2)
        full = f"{name}: {text.split('#')[0].strip()}"
        if word and word not in full:
            continue
        if re.search(r"#\s*skip", text, re.I):
            if full in skips:
                totals.skipped += 1
                continue
            complaints.append(f"{full} (skipped, but not in tests/skips)")
            totals.failed += 1
        elif bad:
            failed_here += 1
            totals.failed += 1
            complaints.append(full)
        else:
            totals.passed += 1
    trouble = None
    if seen == 0:
        trouble = f"{name}: reported no test (exit status {status})"
    elif plan is not None and plan != seen:
        trouble = f"{name}: planned {plan} tests, reported {seen}"
    elif status != 0 and failed_here == 0 and "not ok" not in output:
        trouble = f"{name}: ended with {status} though no test failed"
    if trouble:
        totals.failed += 1
        complaints.append(trouble)
    return complaints


def matches(name, command, word):
    """A suite is worth running if its name or, for scripts, its text fits."""
    if not word or word in name:
        return True
    if name.startswith(("golden/", "cli/", "gate/", "docs/", "qemu/", "cut/")):
        return word in open("tests/" + name, encoding="utf-8").read()
    return name.startswith("unit/")


def main():
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    skips, totals = read_skips(), Totals()
    for name, command, limit in suites():
        if not matches(name, command, word):
            continue
        started = time.time()
        output, status = run(command, limit)
        before = totals.passed
        complaints = judge(name, output, status, word, skips, totals)
        if complaints or totals.passed > before:
            print(f"{'FAIL' if complaints else 'ok  '} {name}: "
                  f"{totals.passed - before} passed, "
                  f"{time.time() - started:.1f} s", flush=True)
        if complaints:
            print("\n".join("     | " + l for l in output.splitlines()[-200:]))
            print("\n".join("  not ok " + c for c in complaints), flush=True)
    tail = f", {totals.skipped} skipped" if totals.skipped else ""
    print(f"{totals.passed} passed, {totals.failed} failed{tail}")
    return 0 if totals.failed == 0 and totals.passed > 0 else 1


sys.exit(main())

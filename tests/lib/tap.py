# SPDX-License-Identifier: MIT OR Apache-2.0
"""A small TAP producer for test scripts.

    @tap.test("hello prints its greeting")
    def _():
        tap.check(condition, "what was expected")

    tap.main()

A test fails by any exception; the others go on.
"""
import sys
import traceback

_tests = []


class Failed(Exception):
    pass


def check(condition, message):
    if not condition:
        raise Failed(message)


def equal(found, expected, what):
    check(found == expected, f"{what}: found {found!r}, expected {expected!r}")


def test(name):
    def register(function):
        _tests.append((name, function))
        return function
    return register


def main():
    failed = 0
    for number, (name, function) in enumerate(_tests, 1):
        try:
            function()
            print(f"ok {number} - {name}", flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print(f"not ok {number} - {name}")
            for line in traceback.format_exc().splitlines():
                print(f"# {line}", flush=True)
    print(f"1..{len(_tests)}")
    sys.exit(1 if failed else 0)

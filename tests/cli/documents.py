#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""--json of every command of tockloader-c follows the schema in docs/json that
the document names, on success and on failure, and is all that stdout has.
"""
import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import schema  # noqa: E402
import tap  # noqa: E402

TOOL = os.path.abspath(os.environ.get("B", "build")) + "/bin/tockloader-c"
TABS = f"{HERE}/../golden/loader/tabs"
BLINK, HELLO = f"{TABS}/blink.tab", f"{TABS}/hello.tab"
seen = set()  # commands with a document of a success, and of a failure


def document(*args, status=0):
    done = subprocess.run([TOOL, args[0], "--json", *args[1:]], text=True,
                          capture_output=True, check=False, timeout=30)
    what = " ".join(args)
    tap.equal(done.returncode, status, f"{what}: status ({done.stderr})")
    found = json.loads(done.stdout)
    name = found["schema"].split("/")
    tap.equal(name[0], "tockloader-c", what)
    schema.validate(found, schema.load(f"{name[1]}-{name[2]}"), what)
    tap.equal("error" in found, status != 0, f"{what}: has an error")
    if status != 0:
        tap.equal(found["error"]["status"], status, f"{what}: its status")
    else:
        tap.equal(done.stderr, "", f"{what}: stderr")
    seen.add((name[1], status == 0))
    return found


def actions(found):
    return [(app["action"], app["name"]) for app in found["apps"]]


@tap.test("documents of commands that succeed")
def _():
    with tempfile.TemporaryDirectory() as folder:
        board = ("--board", "qemu_rv32_virt", "--flash-file",
                 f"{folder}/b.img")
        found = document("install", *board, BLINK, HELLO)
        tap.equal(actions(found), [("install", "blink"),
                                   ("install", "c_hello")], "apps")
        tap.equal(found["plan"]["erased"], 0, "erased")
        found = document("update", *board, BLINK)
        tap.equal(actions(found), [("keep", "blink")], "apps")
        found = document("update", *board, BLINK, f"{TABS}/temp.tab")
        tap.equal(len(found["warnings"]), 1, "warnings")
        found = document("flash", *board, f"{TABS}/../README.md")
        tap.equal(found["file"]["address"], 0x80000000, "address")
        found = document("list", *board)
        tap.equal(len(found["apps"]), 2, "apps")
        document("map", *board)
        document("boards")
        found = document("verify", *board, BLINK)
        tap.equal(found["files"][0]["result"], "same", "blink")
        found = document("backup", *board, f"{folder}/apps.backup")
        tap.check(found["file"]["written"], "written")
        found = document("restore", *board, f"{folder}/apps.backup")
        tap.equal(found["file"]["changed"], 0, "restored bytes")
        found = document("uninstall", *board, "blink")
        tap.equal(actions(found), [("remove", "blink")], "apps")
        document("recover", *board)
        for command, enabled, sticky in (
                ("disable-app", False, False), ("sticky-app", False, True),
                ("enable-app", True, True), ("unsticky-app", True, False)):
            app, = document(command, *board, "c_hello")["apps"]
            tap.equal((app["action"], app["enabled"], app["sticky"]),
                      ("flag", enabled, sticky), command)
        app, = document("enable-app", *board, "c_hello")["apps"]
        tap.equal(app["action"], "keep", "enable-app again")
        found = document("erase-apps", *board)
        tap.equal(actions(found), [("remove", "c_hello")], "apps")


@tap.test("documents of commands on files")
def _():
    with tempfile.TemporaryDirectory() as folder:
        tab = f"{folder}/blink.tab"
        shutil.copy(BLINK, tab)
        found = document("inspect-tab", tab)
        tap.equal(found["files"][0]["tab"]["name"], "blink", "name")
        change = ("tlv", "modify", "program", "app_version", "77", tab)
        changed = document("tbf", "--dry-run", *change)["objects"]
        tap.check(all(o["changed"] for o in changed), f"{changed}")
        tap.check(filecmp.cmp(tab, BLINK, shallow=False), "dry run writes")
        document("tbf", *change)
        entries = document("inspect-tab", tab)["files"][0]["objects"][0][
            "entries"]
        tap.equal([e["app_version"] for e in entries if e["type"] == 9], [77],
                  "version")
        found = document("tbf", "convert", "cbinary", tab)
        tap.check("_embed[] = {" in found["source"], "source")
        document("tbf", "tlv", "add", "short_id", "x", tab, status=2)
        document("inspect-tab", f"{folder}/missing.tab", status=3)
        found = document("completion", "bash")
        tap.check("complete -F" in found["script"], "script")
        document("completion", "tcsh", status=2)


@tap.test("documents of a board whose list is only appended to")
def _():
    with tempfile.TemporaryDirectory() as folder:
        board = ("--board", "qemu_rv32_virt", "--flash-file",
                 f"{folder}/b.img", "--protocol", "s")
        os.environ["XDG_STATE_HOME"] = f"{folder}/state"
        document("install", *board, BLINK, HELLO)
        document("update", *board, f"{TABS}/blink2.tab")
        found = document("list", *board)
        tap.equal(len(found["retired"]), 1, "retired")
        found = document("tidy", *board, status=7)
        found = document("tidy", "--yes", *board)
        tap.equal(found["freed"], 1060, "freed")
        tap.check(("move", "c_hello") in actions(found), f"{found}")
        tap.equal(document("tidy", *board)["freed"], 0, "freed again")
        tap.equal(os.listdir(f"{folder}/state/tockloader-c"), [], "copies")


@tap.test("documents of commands that fail")
def _():
    with tempfile.TemporaryDirectory() as folder:
        board = ("--board", "qemu_rv32_virt", "--flash-file",
                 f"{folder}/b.img")
        for command in commands():
            document(command, "--no-such-option", status=2)
            if command not in ("boards", "plan", "inspect-tab"):
                document(command, "--board", "nosuch", "x", status=2)
        document("plan", status=2)
        document("plan", "list", *board, status=2)
        document("install", *board, f"{folder}/missing.tab", status=3)
        document("list", "--board", "qemu_rv32_virt", "--flash-file", folder,
                 status=3)
        document("install", *board, BLINK)
        document("uninstall", *board, "nosuch", status=7)
        document("verify", *board, HELLO, status=7)
        found = document("verify", *board, f"{TABS}/blink2.tab", status=6)
        tap.equal(found["files"][0]["result"], "differs", "blink2")
        tap.equal(len(found["objects"]), 1, "objects beside the error")


@tap.test("plan COMMAND prints the document of the command, nothing written")
def _():
    with tempfile.TemporaryDirectory() as folder:
        board = ("--board", "qemu_rv32_virt", "--flash-file",
                 f"{folder}/b.img")
        found = document("plan", "install", *board, BLINK)
        tap.equal(found["schema"], "tockloader-c/install/1", "schema")
        tap.check(found["plan"]["dry_run"], "dry_run")
        tap.equal(found["plan"]["programmed"], 1, "pages")
        tap.check(found["plan"]["flash_ms"] > 0, "time")
        tap.equal(os.listdir(folder), [], "files")


@tap.test("names that are no UTF-8 do not make a document unreadable")
def _():
    for word in (b"\xff\xfe", b"a\xc3(\xe2\x82b", "ä€😀".encode()):
        done = subprocess.run([TOOL, "list", "--json", "--board", word],
                              capture_output=True, check=False, timeout=30)
        found = json.loads(done.stdout.decode("utf-8"))
        expected = (word.decode("utf-8", "ignore")
                    if b"\xf0" in word else None)
        tap.check(expected is None or found["board"] == expected, word)


def commands():
    text = subprocess.run([TOOL, "--help"], text=True, capture_output=True,
                          check=True, timeout=30).stdout
    names = []
    for line in text.split("\nOptions")[0].splitlines():
        if re.match(r"(Apps|Files|Board|Setup| {8}) *[a-z]", line):
            names += line[8:].split()
    return names


@tap.test("every command was asked for a success and for a failure")
def _():
    for name in commands():
        tap.check((name, False) in seen, f"{name} was not made to fail")
        tap.check((name, True) in seen or name == "plan",
                  f"{name} was not made to succeed")


tap.main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""--protocol s from the command line: what it writes, what it leaves, and how
an interruption by the user or by a kill is completed."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BUILD, Image, app_tab  # noqa: E402

KILLER = os.path.abspath(f"{BUILD}/cut/killer.so")
TABS = os.path.join(os.path.dirname(__file__), "..", "golden/loader/tabs")
S = ("--protocol", "s")


def loader(image, *words, kill_at=0, env=None):
    command, *rest = words
    return subprocess.run(
        [f"{BUILD}/bin/tockloader-c", command, "--board", image.board,
         "--flash-file", image.path, *S, *rest], check=False, text=True,
        capture_output=True, timeout=60, stdin=subprocess.DEVNULL,
        env={**os.environ, **(env or {}), **(
            {"LD_PRELOAD": KILLER, "KILL_AT": str(kill_at)} if kill_at
            else {})})


def done(image, *words, **more):
    result = loader(image, *words, **more)
    tap.equal(result.returncode, 0, f"{words}: {result.stderr}")
    return result


def start(*apps, board="mps2_an386"):
    image = Image(board, with_kernel=False)
    for app in apps:
        done(image, "install", app_tab(app))
    return image


@tap.test("the same install again writes nothing")
def _():
    image = start("hello", "ticker")
    before = image.bytes()
    result = done(image, "install", "-v", app_tab("hello"))
    tap.check("erased 0 and programmed 0 pages" in result.stderr,
              result.stderr)
    tap.check(image.bytes() == before, "the image changed")


@tap.test("a dry run tells the plan of protocol S and writes nothing")
def _():
    image = start("hello", "ticker")
    before = image.bytes()
    result = done(image, "update", "-n", "-v", app_tab("hello-v2"))
    for word in ("(commit)", "(retire)", "nothing was written"):
        tap.check(word in result.stdout, result.stdout)
    tap.check(image.bytes() == before, "the image changed")


@tap.test("an update appends and retires, others keep place and bytes")
def _():
    image = start("hello", "ticker")
    ticker = image.app("ticker"), image.app_bytes("ticker")
    done(image, "update", app_tab("hello-v2"))
    tap.equal((image.app("ticker"), image.app_bytes("ticker")), ticker,
              "ticker")
    listed = image.loader("list")
    tap.check("retired" in listed, listed)
    tap.equal([a["name"] for a in image.list() if a.get("name")],
              ["ticker", "hello"], "apps")


@tap.test("a file that is missing is made, kernel and storage stay erased")
def _():
    image = start("hello")
    tap.equal(set(image.bytes()[:0x100000]), {0xff}, "bytes in front")
    done(image, "uninstall", "hello")
    tap.equal(set(image.bytes()), {0xff}, "bytes at the end")


@tap.test("an update that was killed after its commit is completed by itself")
def _():
    image = start("hello", "ticker")
    log = image.path + ".log"
    before = image.bytes()
    done(image, "update", app_tab("hello-v2"),
         env={"LD_PRELOAD": KILLER, "KILL_LOG": log})
    with open(log, encoding="ascii") as file:
        writes = int(file.read())
    with open(image.path, "wb") as file:
        file.write(before)
    killed = loader(image, "update", app_tab("hello-v2"), kill_at=writes)
    tap.equal(killed.returncode, -9, "status of the killed program")
    again = done(image, "update", app_tab("hello-v2"))
    tap.check("completed what an interrupted command left" in again.stderr,
              again.stderr)
    tap.equal(sorted(a["name"] for a in image.list() if a.get("name")),
              ["hello", "ticker"], "apps")


@tap.test("recover completes what was half done, and finds nothing after that")
def _():
    image = start("hello", "ticker")
    killed = loader(image, "uninstall", "hello", kill_at=2)
    tap.equal(killed.returncode, -9, "status of the killed program")
    done(image, "recover")
    before = image.bytes()
    done(image, "recover")
    tap.check(image.bytes() == before, "the second recover changed something")
    tap.equal([a["name"] for a in image.list() if a.get("name")], ["ticker"],
              "apps")


@tap.test("one fixed address is replaced only --in-place, after asking")
def _():
    image = Image("qemu_rv32_virt", with_kernel=False)
    state = tempfile.mkdtemp(prefix="tock-test-")
    fixed, other = f"{TABS}/fixc.tab", f"{TABS}/fixa.tab"
    try:
        done(image, "install", other)
        done(image, "install", fixed)
        done(image, "uninstall", "fixa")
        done(image, "uninstall", "fixc")
        done(image, "install", other)
        place = image.app("fixa")["address"]
        done(image, "uninstall", "fixa")
        done(image, "install", "--no-replace", fixed)
        refused = loader(image, "install", "--no-replace", fixed)
        tap.equal(refused.returncode, 7, "status without --in-place")
        tap.check("--in-place" in refused.stderr, refused.stderr)
        alone = loader(image, "install", "--in-place", other,
                       env={"XDG_STATE_HOME": state})
        tap.equal(alone.returncode, 7, "status when nobody can be asked")
        done(image, "install", "--in-place", "--yes", other,
             env={"XDG_STATE_HOME": state})
        tap.equal(image.app("fixa")["address"], place, "place of fixa")
        tap.equal([f for _, _, f in os.walk(state) if f], [],
                  "copies left on the host")
    finally:
        shutil.rmtree(state)


@tap.test("an unknown protocol is a usage error that names the known one")
def _():
    image = Image("mps2_an386", with_kernel=False)
    result = subprocess.run(
        [f"{BUILD}/bin/tockloader-c", "list", "--board", image.board,
         "--flash-file", image.path, "--protocol", "x"], check=False,
        text=True, capture_output=True, timeout=60)
    tap.equal(result.returncode, 2, "status")
    tap.check("expected s" in result.stderr, result.stderr)


tap.main()

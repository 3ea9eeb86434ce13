#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Single apps change in a board's image; kernel and other apps do not."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import PROTECTIONS, Image, app_tab, make_tab  # noqa: E402

for _board in PROTECTIONS:
    @tap.test(f"{_board}: an update changes one app and runs at the next boot")
    def _(board=_board):
        image = Image(board)
        image.install("ticker", "hello", "sbrk")
        with image.boot() as machine:
            machine.expect(r"^hello: version 1,")
        kernel = image.kernel_bytes()
        others = {n: (image.app(n), image.app_bytes(n))
                  for n in ("ticker", "sbrk")}
        image.loader("update", app_tab("hello-v2"))
        tap.check(image.kernel_bytes() == kernel, "kernel bytes changed")
        for name, (entry, content) in others.items():
            tap.equal(image.app(name), entry, f"list entry of {name}")
            tap.check(image.app_bytes(name) == content, f"{name} changed")
        with image.boot() as machine:
            machine.expect(r"^hello: version 2,")
            machine.at = 0
            machine.expect(r"^sbrk: ok$")
            machine.at = 0
            machine.expect(r"^ticker 2 at")
            tap.check("version 1" not in machine.text, machine.text)

    @tap.test(f"{_board}: an uninstalled app is gone, those behind it run")
    def _(board=_board):
        image = Image(board)
        image.install("sbrk", "hello", "ticker")
        image.loader("uninstall", "-y", "hello")
        with image.boot() as machine:
            machine.expect(r"^ticker 3 at")
            tap.check("Hello" not in machine.text, machine.text)
            tap.check("sbrk: ok" in machine.text, machine.text)

    @tap.test(f"{_board}: a disabled app is named and skipped")
    def _(board=_board):
        image = Image(board)
        image.install(make_tab(image.folder, "sleeper", "hello", "--disable"),
                      "ticker")
        with image.boot() as machine:
            machine.expect(r"sleeper.*(disabled|not enabled)")
            machine.expect(r"^ticker 2 at")
            tap.check("Hello" not in machine.text, machine.text)

    @tap.test(f"{_board}: a damaged header is reported, apps behind it run")
    def _(board=_board):
        image = Image(board)
        image.install("hello", "ticker")
        first = min(image.list(), key=lambda a: a["address"])
        other = "ticker" if first["name"] == "hello" else "hello"
        at = image.offset(first["address"]) + 20
        image.poke(first["address"] + 20,
                   bytes([image.bytes()[at] ^ 0x10]))
        with image.boot() as machine:
            machine.expect(rf"checksum.*\(at 0x{first['address']:08x}\)$")
            machine.expect(r"^ticker 2 at" if other == "ticker"
                           else r"^Hello World!")

tap.main()

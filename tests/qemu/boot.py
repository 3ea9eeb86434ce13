#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Apps that were installed with tockloader-c start, one or several."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import ALL_BOARDS, Image, make_tab, board_value  # noqa: E402


def on_each_board(name):
    def register(function):
        for board in ALL_BOARDS:
            tap.test(f"{board}: {name}")(lambda b=board: function(b))
        return function
    return register


@on_each_board("hello prints its greeting")
def hello_prints(board):
    image = Image(board)
    image.install("hello")
    with image.boot() as machine:
        machine.expect(r"^Hello World!$")
        machine.expect(r"^hello: version 1, code at 0x[0-9a-f]{8}, "
                       r"ram at 0x[0-9a-f]{8}$")


@on_each_board("an empty app region boots")
def empty_region_boots(board):
    image = Image(board)
    with image.boot() as machine:
        machine.expect(rf"^{board}: ")
        text = machine.read_for(0.5)
        tap.check("panic" not in text.lower(), text)


@on_each_board("sbrk finds all new memory zeroed")
def sbrk_is_zeroed(board):
    image = Image(board)
    image.install("sbrk")
    with image.boot() as machine:
        machine.expect(r"^sbrk: ok$")


@on_each_board("one binary installed under two names runs at two addresses")
def one_binary_twice(board):
    image = Image(board)
    names = ("first", "second")
    for name in names:
        image.install(make_tab(image.folder, name, "hello"))
    addresses = [image.app(name)["address"] for name in names]
    with image.boot() as machine:
        places = set()
        for _ in names:
            found = machine.expect(r"^hello: version 1, code at (0x\w+), "
                                   r"ram at (0x\w+)$")
            places.add(found.groups())
    tap.equal(sorted(int(flash, 16) for flash, _ in places),
              sorted(addresses), "where the two say they run")
    tap.equal(len({ram for _, ram in places}), 2, "different RAM blocks")


@on_each_board("four apps run side by side")
def four_apps(board):
    image = Image(board)
    image.install("ticker", "hello", "sbrk", "peek")
    with image.boot() as machine:
        for pattern in (r"^Hello World!$", r"^sbrk: ok$", r"^peek: ready$",
                        r"^ticker 3 at"):
            machine.at = 0
            machine.expect(pattern)


@on_each_board("nothing is written to flash by booting")
def boot_leaves_flash(board):
    image = Image(board)
    image.install("hello")
    with image.boot() as machine:
        machine.expect(r"^Hello World!$")
        whole = image.bytes()
        machine.read_for(0.3)
    tap.equal(len(whole), board_value(board, "flash.size"), "image size")
    tap.check(image.bytes() == whole, "the image changed while it ran")


tap.main()

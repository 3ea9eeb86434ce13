#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The kernel's stack under load stays within what mk/check-stack computes.

The stack is painted before the machine starts and read when apps have used
the drivers, one has faulted and its dump has come out.
"""
import json
import os
import re
import socket
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
import variant  # noqa: E402
from board import BOARDS, BUILD, Image  # noqa: E402

PAINT = b"\xa5"
APPS = ("crypto", "kv", "sensors", "crash")
BOTTOM = {"mps2_an386": "kernel_stack_bottom",
          "qemu_rv32_virt": "_stack_bottom"}


def symbol(board, name):
    prefix = variant.BOARDS[board][0]
    text = subprocess.run(
        [f"{prefix}nm", f"{BUILD}/boards/{board}/kernel.elf"], check=True,
        capture_output=True, text=True, timeout=60).stdout
    return int(re.search(rf"^(\w+) \w {name}$", text, re.M)[1], 16)


def computed(board):
    text = subprocess.run(
        ["mk/check-stack", f"{BUILD}/boards/{board}/kernel.elf",
         *variant.objects_of(board)], check=True, capture_output=True,
        text=True, timeout=300).stdout
    return int(re.search(r": (\d+) of \d+ bytes$", text)[1])


def ask(path, *requests):
    """Over QEMU's monitor protocol; each request must be answered."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(60)
        connection.connect(path)
        stream = connection.makefile("rw", encoding="utf-8")
        stream.readline()
        for request in requests:
            stream.write(json.dumps(request) + "\n")
            stream.flush()
            answer = json.loads(stream.readline())
            while "event" in answer:
                answer = json.loads(stream.readline())
            tap.check("return" in answer, str(answer))


def stack_of(board):
    """Its bytes when the apps have done their work."""
    image = Image(board)
    image.install(*APPS)
    start, size = symbol(board, BOTTOM[board]), \
        symbol(board, "KERNEL_STACK_SIZE")
    with open(f"{image.folder}/paint", "wb") as file:
        file.write(PAINT * size)
    with image.boot(seconds=120, args=(
            "-qmp", f"unix:{image.folder}/qmp,server=on,wait=off", "-device",
            f"loader,file={image.folder}/paint,addr={start:#x},force-raw=on",
    )) as machine:
        machine.expect("crash", seconds=60)
        machine.expect(r"panic|Fault", seconds=60)
        machine.read_for(5)
        dump = f"{image.folder}/stack"
        ask(f"{image.folder}/qmp", {"execute": "qmp_capabilities"},
            {"execute": "stop"},
            {"execute": "pmemsave",
             "arguments": {"val": start, "size": size, "filename": dump}})
        with open(dump, "rb") as file:
            return file.read()


def high_water(board):
    stack = stack_of(board)
    used = len(stack.lstrip(PAINT))
    bound = computed(board)
    print(f"# {board}: {used} bytes used, {bound} computed, of {len(stack)}")
    tap.check(200 < used, f"only {used} bytes used: was it painted?")
    tap.check(used <= bound, f"{used} bytes used, {bound} computed")


for _board in BOARDS:
    tap.test(f"{_board}: the kernel uses no more stack than is computed")(
        lambda b=_board: high_water(b))

tap.main()

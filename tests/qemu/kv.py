#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Values under keys outlast a reboot, and a machine killed at any moment.

    kv.py [KILLS [SEED]]

The app kv sets the same number in four values, one after the other, without
end; the machine is killed and booted again: no value may be older than what
was reported, nor differ from the one before by more than the one that was
being written. What is in the image is read by the rules of the loader that
apps know, too.
"""
import os
import random
import re
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BOARDS, Image, board_value  # noqa: E402

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 4
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20261201
START, SIZE, PAGE = 0x20000, 0x10000, 4096  # boards/qemu/storage.h
MASK = (1 << 64) - 1
OWNERS = {"one": 0x6b760001, "two": 0x6b760002}


def rotate(value, bits):
    return (value << bits | value >> (64 - bits)) & MASK


def key_hash(text):
    """SipHash-2-4 with a key of zeros, the digest read from its first byte."""
    v = [0x736f6d6570736575, 0x646f72616e646f6d, 0x6c7967656e657261,
         0x7465646279746573]

    def stir(rounds):
        for _ in range(rounds):
            v[0] = (v[0] + v[1]) & MASK
            v[1] = rotate(v[1], 13) ^ v[0]
            v[0] = rotate(v[0], 32)
            v[2] = (v[2] + v[3]) & MASK
            v[3] = rotate(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & MASK
            v[3] = rotate(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & MASK
            v[1] = rotate(v[1], 17) ^ v[2]
            v[2] = rotate(v[2], 32)

    whole = len(text) // 8 * 8
    words = [text[i:i + 8] for i in range(0, whole, 8)]
    words.append(text[whole:].ljust(7, b"\0") + bytes([len(text) & 255]))
    for word in words:
        number = int.from_bytes(word, "little")
        v[3] ^= number
        stir(2)
        v[0] ^= number
    v[2] ^= 0xff
    stir(4)
    digest = (v[0] ^ v[1] ^ v[2] ^ v[3]).to_bytes(8, "little")
    return int.from_bytes(digest, "big")


def look_up(database, text):
    """Owner and value, as the loader finds them; None."""
    wanted, count = key_hash(text), SIZE // PAGE
    home = (wanted & 0xffff) % count
    for region in range(home, home + count):
        at = region % count * PAGE
        page = database[at:at + PAGE]
        while len(page) >= 15 and page[0] == 1:
            flags, key = struct.unpack(">HQ", page[1:11])
            length = flags & 0xfff
            if flags & 0x8000 and key == wanted:
                version, size, owner = struct.unpack("<BII", page[11:20])
                tap.equal(version, 0, "version")
                return owner, page[20:20 + size]
            page = page[length:]
    return None


def number_in_image(image, app, index):
    start = image.offset(board_value(image.board, "storage.start")) + START
    found = look_up(image.bytes()[start:start + SIZE],
                    f"kv-{app}-{index}".encode())
    if found is None:
        return 0
    owner, value = found
    tap.equal(owner, OWNERS[app], "owner")
    tap.equal(len(value), 5 + index * 166, "length")
    return int.from_bytes(value[:4], "little")


def run_and_kill(image, known, seconds):
    """Boots, checks what was kept, lets it run; returns what was reported."""
    with image.boot(seconds=200) as machine:
        found = machine.expect(r"^kv: found (\d+) (\d+) (\d+) (\d+)$", 90)
        numbers = [int(n) for n in found.groups()]
        tap.check(numbers == sorted(numbers, reverse=True) and
                  numbers[0] - numbers[3] <= 1 and numbers[3] >= known,
                  f"found {numbers}, reported was {known}")
        machine.expect(r"^kv: 14 of 14 checks$", 90)
        machine.expect(r"^kv: \d+$", 90)
        machine.read_for(seconds)
        os.killpg(machine.process.pid, 9)
        machine.read_for(5)
        tap.check(not re.search("damaged|error", machine.text), machine.tail())
        reported = re.findall(r"^kv: (\d+)$", machine.text, re.M)
    for index in range(4):
        tap.check(number_in_image(image, "one", index) >= int(reported[-1]),
                  f"value {index} in the image")
    return int(reported[-1])


print(f"# seed {SEED}")
for _board in BOARDS:
    @tap.test(f"{_board}: {KILLS} kills of the machine lose no value")
    def _(board=_board):
        image, rng, known = Image(board), random.Random(SEED), 0
        image.install("kv", "ticker")
        for _ in range(KILLS):
            known = run_and_kill(image, known, rng.uniform(0.05, 0.4))
        print(f"# {board}: {known} numbers")

    @tap.test(f"{_board}: two apps keep values beside each other")
    def _(board=_board):
        image = Image(board)
        image.install("kv", "kv-other")
        with image.boot(seconds=200) as machine:
            machine.expect(r"^kv: 14 of 14 checks$", 90)
            machine.expect(r"^kv: 14 of 14 checks$", 90)
            machine.expect(r"^kv: stranger$", 90)
            machine.expect(r"^kv: 8$", 90)
            machine.expect(r"^kv: 8$", 90)
        for app in OWNERS:
            tap.check(number_in_image(image, app, 3) >= 8, app)

tap.main()

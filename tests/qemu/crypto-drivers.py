#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Random numbers, checksums, digests and ciphers on the boards."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BOARDS, Image  # noqa: E402

for _board in BOARDS:
    @tap.test(f"{_board}: random bytes, different each time")
    def _(board=_board):
        image = Image(board)
        image.install("rng", "ticker")
        with image.boot() as machine:
            for _ in range(3):
                machine.expect(r"^rng: [0-9a-f]{32}$")
            machine.expect(r"^ticker 3 at")
            found = re.findall(r"^rng: ([0-9a-f]{32})$", machine.text, re.M)
            tap.equal(len(set(found)), 3, "different lines")

    @tap.test(f"{_board}: checksums, digests and ciphers are right")
    def _(board=_board):
        image = Image(board)
        image.install("crypto")
        with image.boot() as machine:
            machine.expect(r"^crypto: done$")
            for name in ("crc-32", "crc-32c", "crc-16-ccitt", "sha-256",
                         "hmac-sha-256", "aes-ctr"):
                tap.check(f"crypto: {name} ok\n" in machine.text, name)
            tap.check("WRONG" not in machine.text, machine.text)

tap.main()

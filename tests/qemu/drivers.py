#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""LEDs and low-level debug on the boards."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BOARDS, DETERMINISTIC, Image  # noqa: E402

LED = r"^led_change_intensity .*desc:'USERLED{}'.* intensity {}% -> {}%$"


@tap.test("mps2_an386: blink counts on the machine's LEDs")
def _():
    image = Image("mps2_an386")
    image.install("blink")
    with image.boot(args=("-trace", "led_change_intensity")) as machine:
        machine.expect(r"^blink: 2 LEDs$")
        for led, old, new in ((0, 0, 100), (0, 100, 0), (1, 0, 100),
                              (0, 0, 100)):
            machine.expect(LED.format(led, old, new))


@tap.test("qemu_rv32_virt: blink's LEDs are told on the console")
def _():
    image = Image("qemu_rv32_virt")
    image.install("blink", "ticker")
    with image.boot() as machine:
        machine.expect(r"^blink: 2 LEDs$")
        for line in ("led 0 on", "led 0 off", "led 1 on", "led 0 on"):
            machine.expect(rf"^{line}$")
        machine.expect(r"^ticker \d+ at")
        tap.check("blink:" not in machine.text[machine.at:], machine.text)


for _board in BOARDS:
    @tap.test(f"{_board}: low-level debug prints what an app gives it")
    def _(board=_board):
        image = Image(board)
        image.install("abi")
        with image.boot() as machine:
            # Beside the app's own lines: they take turns.
            for line in ("alert code 0x1a", "prints 0xdeadbeef",
                         "prints 0x0 0xf00"):
                machine.expect(rf"^LowLevelDebug: App 0x0 {line}$", 30)


def random_bytes(image):
    with image.boot(args=DETERMINISTIC) as machine:
        return [machine.expect(r"^rng: ([0-9a-f]{32})$").group(1)
                for _ in range(3)]


@tap.test("qemu_rv32_virt: random bytes differ though the clock does not")
def _():
    image = Image("qemu_rv32_virt")
    image.install("rng")
    tap.check(random_bytes(image) != random_bytes(image), "the same bytes")

tap.main()

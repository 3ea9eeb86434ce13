#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The panel: what LEDs, buttons, pins and sensors are to apps, and to who is at
the socket or file that PANEL names."""
import contextlib
import os
import re
import select
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BOARDS, PROTECTIONS, Image  # noqa: E402


class Panel:
    """One end of a connection to the panel."""
    def __init__(self, connection):
        self.connection = connection
        self.text = ""
        self.at = 0

    def send(self, text):
        self.connection.sendall(text if isinstance(text, bytes)
                                else text.encode())

    def expect(self, line, seconds=30):
        regex = re.compile(rf"^{line}\n", re.M)
        end = time.time() + seconds
        while True:
            found = regex.search(self.text, self.at)
            if found:
                self.at = found.end()
                return
            if time.time() > end:
                raise AssertionError(f"panel shows no '{line}' behind offset "
                                     f"{self.at}:\n{self.text}")
            if select.select([self.connection], [], [], 0.1)[0]:
                data = self.connection.recv(4096)
                if not data:
                    raise AssertionError(f"panel has ended:\n{self.text}")
                self.text += data.decode("ascii")


@contextlib.contextmanager
def panel_at(path):
    os.environ["PANEL"] = path
    try:
        yield
    finally:
        del os.environ["PANEL"]


@contextlib.contextmanager
def machine_with_panel(board, *apps):
    image = Image(board)
    image.install(*apps)
    path = f"{image.folder}/a panel, here"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(1)
        listener.settimeout(30)
        with panel_at(path), image.boot() as machine:
            connection, _ = listener.accept()
            with connection:
                yield machine, Panel(connection)


def on(boards, name):
    def register(function):
        for board in boards:
            tap.test(f"{board}: {name}")(lambda b=board: function(b))
        return function
    return register


# mps2_an511 has its UARTs elsewhere, and their interrupts.
@on((*PROTECTIONS, "mps2_an511"), "a button that is pressed reaches the app, its LED the panel")
def buttons(board):
    with machine_with_panel(board, "button") as (machine, panel):
        machine.expect(r"^button: 4 buttons$")
        panel.send("button 1 down\n")
        machine.expect(r"^button: 1 down$")
        panel.expect("led 1 on")
        panel.send("button 1 down\nbutton 0 down\nbutton 1 up\n")
        machine.expect(r"^button: 0 down$")
        machine.expect(r"^button: 1 up$")
        panel.expect("led 0 on")
        panel.expect("led 1 off")
        tap.check("led" not in machine.text, machine.text)
        tap.equal(machine.text.count("1 down"), 1, "presses of button 1")


@on(BOARDS, "pins 0 and 1 are joined; others are driven from the panel")
def pins(board):
    with machine_with_panel(board, "gpio") as (machine, panel):
        for line in ("pin 1 high", "pin 1 low", "pin 2 is high", "ready"):
            machine.expect(rf"^gpio: {line}$")
        for line in ("gpio 0 low", "gpio 0 high", "gpio 0 low"):
            panel.expect(line)
        panel.send("gpio 2 low\r\n")
        machine.expect(r"^gpio: pin 2 low$")
        panel.send("gpio 2 high\r\n")
        machine.expect(r"^gpio: pin 2 high$")


@on(BOARDS, "sensors measure what the panel sets")
def sensors(board):
    with machine_with_panel(board, "sensors") as (machine, panel):
        for line in ("temperature: 2150", "humidity: 5000", "light: 300",
                     "acceleration: 0 0 1000", "CO2: 400", "distance: 500",
                     "sensors: ready"):
            machine.expect(rf"^{line}$")
        for sent, told in (("temperature -1234", "temperature: -1234"),
                           ("co2 2000", "CO2: 2000"),
                           ("acceleration 1 -2 3", "acceleration: 1 -2 3"),
                           ("rainfall 70", "rainfall: 70"),
                           ("light 2147483647", "light: 2147483647")):
            panel.send(sent + "\n")
            machine.expect(rf"^{told}$")


@on(BOARDS, "noise at the panel is ignored and hides nothing behind it")
def noise(board):
    with machine_with_panel(board, "button") as (machine, panel):
        machine.expect(r"^button: 4 buttons$")
        panel.send(bytes(range(256)) * 20 + b"\n")
        for line in ("button 9 down", "button 4294967296 down", "button down",
                     "x" * 5000, "led 0 on", "button 0 down up", "", "\r\r",
                     "button 3 down"):
            panel.send(line + "\n")
        machine.expect(r"^button: 3 down$")
        tap.equal(machine.text.count("down"), 1, "presses")


@on(BOARDS, "a name that ends in .sock is listened at, a file gets the lines")
def names(board):
    image = Image(board)
    image.install("blink", "button")
    path = f"{image.folder}/new.sock"
    with panel_at(path), image.boot() as machine:
        machine.expect(r"^button: 4 buttons$")
        for _ in range(2):
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(path)
                Panel(connection).expect("led 0 o(n|ff)")
    path = f"{image.folder}/lines.txt"
    with panel_at(path), image.boot() as machine:
        machine.expect(r"^button: 4 buttons$")
        end, text = time.time() + 30, ""
        while "led 1 on\n" not in text and time.time() < end:
            machine.read_for(0.1)
            with open(path, encoding="ascii") as file:
                text = file.read()
        tap.check(text.startswith("led 0 on\nled 0 off\nled 1 on\n"), text)
        tap.check("led" not in machine.text, machine.text)


@on(BOARDS, "a panel that nobody reads keeps no app waiting")
def unread(board):
    with machine_with_panel(board, "blink", "ticker") as (machine, _):
        machine.expect(r"^ticker 12 at")


tap.main()

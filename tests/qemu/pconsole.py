#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The process console as a user sees it."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import tap  # noqa: E402
from board import BOARDS, Image, board_value, make_tab  # noqa: E402

VALID = ("Valid commands are: help status list stop start fault boot terminate "
         "process kernel reset panic console-start console-stop")
ROW = r"^ (\d+) +(\S+) +{name} +(\d+) +(\d+) +(\d+) +(\d+)/(\d+)   {state}$"
ALIVE = r"(?:Yielded|Running|YieldedFor\(.*\))"
LONG_WAIT = 30


def quiet(board, *apps):
    image = Image(board)
    image.install("hello", "blink", *apps)
    return image


def boot(board, *apps):
    """A machine whose two first apps have done what they do at the start."""
    image = quiet(board, *apps)
    machine = image.boot()
    machine.image = image  # its file goes with it
    wait_for_apps(machine)
    return machine


def wait_for_apps(machine):
    start = machine.at
    machine.expect(r"^blink: \d LEDs?$", LONG_WAIT)
    machine.at = start
    machine.expect(r"^hello: version 1", LONG_WAIT)


def command(machine, line):
    """Types a line; what follows is expected behind its echo."""
    machine.send(line + "\r")
    machine.expect(rf"^tock\$ {re.escape(line)}$", LONG_WAIT)


def row(machine, name, state):
    command(machine, "list")
    return machine.expect(ROW.format(name=name, state=state),
                          LONG_WAIT)


def without_pushed_up(text, *typed):
    """An app's text pushes up the line that is being typed, whole or half."""
    return "".join(
        line for line in text.splitlines(keepends=True)
        if not (line.startswith("tock$ ") and
                any(each.startswith(line[6:].rstrip("\n")) for each in typed)))


def output(machine, line):
    """What a command prints, up to the next prompt."""
    command(machine, line)
    start = machine.at + 1
    command(machine, "help")
    text = machine.text[start:machine.at].rsplit("tock$ help", 1)[0]
    return without_pushed_up(text, line, "help")


def session():
    """(typed, lines printed) of the document's."""
    with open("docs/process-console.md", encoding="utf-8") as file:
        block = re.search(r"^```session\n(.*?)^```$", file.read(),
                          re.M | re.S).group(1)
    found = []
    for line in block.splitlines():
        if line.startswith("tock$ "):
            found.append((line[6:], []))
        else:
            found[-1][1].append(line)
    return found


def shape(text):
    """Without what apps say; numbers, their padding and whether a process just
    runs do not matter."""
    text = re.sub(r"^blink: .*\n", "", text, flags=re.M)
    text = text.replace("Running", "Yielded")
    text = re.sub(r"0x[0-9a-f]{8}", "N", text)
    return re.sub(r" +", " ", re.sub(r"\d+", "N", text))


for _board in BOARDS:
    @tap.test(f"{_board}: the session of docs/process-console.md")
    def _(board=_board):
        with boot(board) as machine:
            for line, printed in session():
                tap.equal(shape(output(machine, line)),
                          shape("".join(p + "\n" for p in printed)), line)

    @tap.test(f"{_board}: processes are stopped, resumed, ended and begun")
    def _(board=_board):
        with boot(board) as machine:
            before = int(row(machine, "blink", ALIVE).group(1))
            command(machine, "stop blink")
            machine.expect(r"^Process blink stopped$")
            row(machine, "blink", rf"Stopped\({ALIVE}\)")
            command(machine, "start blink")
            machine.expect(r"^Process blink resumed\.$")
            command(machine, "fault blink")
            machine.expect(r"^Process blink had a fault$")
            machine.expect(r"^Process blink faulted and was stopped\.$")
            machine.expect(r"^Process blink now faulted$")
            row(machine, "blink", "Faulted")
            command(machine, f"terminate {before}")
            machine.expect(r"^Process blink terminated$")
            row(machine, "blink", "Terminated")
            command(machine, "boot blink")
            again = row(machine, "blink", ALIVE)
            tap.check(int(again.group(1)) > before, again.group(0))
            tap.equal(again.group(5), "1", "restarts")
            row(machine, "hello", "Terminated")

    @tap.test(f"{_board}: a name that begins like another one is its own")
    def _(board=_board):
        image = quiet(board)
        image.install(make_tab(image.folder, "blinker", "blink"))
        with image.boot() as machine:
            wait_for_apps(machine)
            command(machine, "stop blink")
            machine.expect(r"^Process blink stopped$")
            row(machine, "blinker", ALIVE)
            command(machine, "stop blin")
            command(machine, "stop blinkers")
            row(machine, "blinker", ALIVE)
            machine.send("stop bli\t\t")  # nothing more in common: shown
            machine.expect(r"^blink  blinker  $")
            machine.send("er\r")
            machine.expect(r"^Process blinker stopped$")

    @tap.test(f"{_board}: keys, long lines and noise")
    def _(board=_board):
        with boot(board, "ticker") as machine:
            machine.send("x" * 200 + "\r")
            machine.expect(rf"^{VALID}$", LONG_WAIT)
            noise = bytes(b for b in range(256) if b not in b"pr\r\n") * 4
            machine.process.stdin.write(noise + b"\x15\r")
            machine.send("xstat\x1b[5~us\x1b[H\x1b[3~\x1b[Fq\x7f\r")
            machine.expect(r"^Total processes: 3$", LONG_WAIT)
            machine.send("hel\x1b[D\x1b[Dx\bz\x1b[D\x1b[3~\x1b[Fp\r")
            machine.expect(r"^Welcome to the process console\.$", LONG_WAIT)
            machine.send("\x1b[A\x1b[A\x1b[B\x1b[A\r")
            machine.expect(r"^Total processes: 3$", LONG_WAIT)
            ticks = int(machine.expect(r"^ticker (\d+) at").group(1))
            machine.expect(rf"^ticker {ticks + 3} at")

    @tap.test(f"{_board}: text of apps and the line that is typed do not mix")
    def _(board=_board):
        with boot(board, "ticker") as machine:
            machine.expect(r"^ticker 3 at")
            machine.send("stat")
            machine.expect(r"^ticker \d+ at \d+ ms\ntock\$ stat\nticker \d+ at",
                           LONG_WAIT)
            machine.send("us\r")
            machine.expect(r"^tock\$ status\nTotal processes: 3$", LONG_WAIT)
            for line in machine.text.splitlines():
                tap.check("ticker" not in line or line.startswith("ticker"),
                          line)

    @tap.test(f"{_board}: the picture of a process adds up")
    def _(board=_board):
        image = quiet(board)
        with image.boot() as machine:
            ram = [int(a, 16) for a in machine.expect(
                r"^blink: started at \S+, RAM (\S+) to (\S+)$").groups()]
            wait_for_apps(machine)
            text = output(machine, "process blink")
        app = image.app("blink")
        check_picture(text, ram, app["address"], app["size"])

    @tap.test(f"{_board}: the picture of the kernel is that of its areas")
    def _(board=_board):
        with boot(board) as machine:
            text = output(machine, "kernel")
        tap.check(re.match(r"Kernel version: 2\.3 \(build \d+\.\d+\.\d+\)\n\n",
                           text), text)
        sizes = [int(n) for n in re.findall(r"^ {13}│ ..[BRSC]\w+ +(\d+)", text, re.M)]
        edges = [int(a, 16) for a in re.findall(r"0x([0-9A-F]{8})", text)]
        tap.equal([edges[i] - edges[i + 1] for i in (0, 1, 2, 4, 5)], sizes,
                  "differences of the addresses")
        start = board_value(board, "kernel_ram.start")
        tap.check(start < edges[3] < edges[0] <=
                  start + board_value(board, "kernel_ram.size"), text)
        tap.equal(edges[6], board_value(board, "kernel.start"), "code")

    @tap.test(f"{_board}: reset boots again, panic is the end")
    def _(board=_board):
        with boot(board) as machine:
            command(machine, "reset")
            machine.expect(rf"^{board}: Tock-compatible kernel", LONG_WAIT)
            wait_for_apps(machine)
            command(machine, "panic")
            machine.expect(r"^panicked at kernel/manage\.c:\d+:$")
            machine.expect(r"^Process Console forced a kernel panic\.$")
            machine.expect(r"^\tKernel version 2\.3$")
            machine.expect(r"^---\| App Status \|---$")
            machine.expect(r"^𝐀𝐩𝐩: hello   -   \[Terminated\]$")
            machine.expect(r"^𝐀𝐩𝐩: blink   -   \[Yielded\]$")
            machine.send("help\r")
            tap.check("Welcome" not in machine.read_for(1.0), machine.tail())

    @tap.test(f"{_board}: console-stop leaves the port to the apps")
    def _(board=_board):
        with boot(board, "peek") as machine:
            machine.at = 0
            machine.expect(r"^peek: ready$", LONG_WAIT)
            command(machine, "console-stop")
            machine.expect(r"^Run console-start to reactivate\.$")
            machine.send("help\r")
            machine.send("console-start\r")
            command(machine, "status")
            machine.expect(r"^Total processes: 3$")
            tap.check("Welcome" not in machine.text, machine.text)


def check_picture(text, ram, flash, size):
    """Every line of the picture, made anew from its addresses."""
    addresses = [int(a, 16) for a in re.findall(r"0x([0-9A-F]{8})[ ═]", text)]
    (top, table, kernel_break, app_break, heap, stack_top, stack_low, start,
     flash_end, app_start, flash_start) = addresses[-11:]
    tap.equal([start, top], ram, "the block")
    tap.equal([flash_start, flash_end], [flash, flash + size], "the flash")
    tap.check(top > table > kernel_break >= app_break >= heap >= stack_top >
              stack_low > start, text)
    rule = "─" * 43

    def edge(address, cross="┼", margin=""):
        return f"  0x{address:08X} {cross}{rule}{margin}"

    def used(name, count, rest=""):
        return f"{'':13}│ {name:13}{count:6}{rest}"

    wanted = [
        "", "",
        " ╔═══════════╤══════════════════════════════════════════╗",
        " ║  Address  │ Region Name    Used | Allocated (bytes)  ║",
        f" ╚0x{top:08X}═╪══════════════════════════════════════════╝",
        used("Grant Ptrs", top - table), used("Upcalls", 0),
        used("Process", 0), edge(table),
        used("▼ Grant", table - kernel_break), edge(kernel_break),
        f"{'':13}│ Unused", edge(app_break),
        used("▲ Heap", app_break - heap,
             f" | {kernel_break - heap:6}{'':15}S"), edge(heap, "┼", " R"),
        used("Data", heap - stack_top,
             f" | {heap - stack_top:6}{'':15}A"), edge(stack_top, "┼", " M"),
        used("▼ Stack", stack_top - stack_low, f" | {stack_top - start:6}"),
        edge(stack_low), f"{'':13}│ Unused", edge(start, "┴"),
        f"{'':13}.....", edge(flash_end, "┬", " F"),
        used("App Flash", flash_end - app_start, f"{'':24}L"),
        edge(app_start, "┼", " A"),
        used("Protected", app_start - flash_start, f"{'':24}S"),
        edge(flash_start, "┴", " H"), ""]
    tap.equal("\n".join(text.split("\n")[5:]), "\n".join(wanted), "picture")
    head = text.split("\n")[:5]
    for line, pattern in zip(head, (
            r"𝐀𝐩𝐩: blink   -   \[(Yielded|Running)\]",
            r" Events Queued: 0   Syscall Count: \d+   Dropped Upcall Count: 0",
            r" Restart Count: 0", r" Last Syscall: .+",
            r" Completion Code: None"), strict=True):
        tap.check(re.fullmatch(pattern, line), f"{line!r} is not {pattern}")


tap.main()

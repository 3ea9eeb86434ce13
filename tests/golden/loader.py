#!/usr/bin/python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Compares what tockloader-c leaves on a flash image with what the upstream
tool left for the same command, by meaning: the same apps with the same bytes,
flags and footers, in a list that is whole and reaches no further. The folder
loader/ has the cases; loader/README.md describes them.
"""
import gzip
import hashlib
import os
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import tap  # noqa: E402

TOOL = os.path.abspath(os.environ.get("B", "build")) + "/bin/tockloader-c"
CASES = os.path.join(HERE, "loader")
APPS = 0x100000  # offset of the app region of both boards

# Where upstream changes the header of an object for no need and ours leaves it
# as it is in the TAB: m02 is rounded up to a power of two though the hardware
# can map it, in r56 the header grows into the app and the end of the binary
# is forgotten.
AS_IN_THE_TAB = {"m02_install_three", "r56_fixed_grow"}


def table(name):
    with open(f"{CASES}/{name}", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def entries(image, at, end):
    while at + 4 <= end:
        kind, length = struct.unpack_from("<HH", image, at)
        yield kind, image[at + 4:at + 4 + length]
        at += 4 + length + -length % 4


def footers(image, at, end):
    found = b""
    while at + 8 <= end:
        kind, length = struct.unpack_from("<HH", image, at)
        if kind != 128 or at + 4 + length > end:
            break
        found += image[at:at + 4 + length]
        at += 4 + length
    return found


def check_header(image, at, size, header, total):
    tap.check(16 <= header <= total and total % 4 == 0,
              f"sizes of the object at {at:#x}")
    tap.check(at + total <= size, f"object at {at:#x} reaches past the end")
    total_xor = 0
    for word, in struct.iter_unpack("<I", image[at:at + header]):
        total_xor ^= word
    tap.check(total_xor == 0, f"checksum of the object at {at:#x}")


def apps(image):
    """(the apps as rows like after.tsv's, offset behind the last app)"""
    found, end, at = [], APPS, APPS
    while at + 16 <= len(image):
        version, header, total, flags = struct.unpack_from("<HHII", image, at)
        if version != 2:
            break
        check_header(image, at, len(image), header, total)
        if header > 16:
            named = dict(entries(image, at + 16, at + header))
            binary_end = at + struct.unpack_from(
                "<I", named[9], 12)[0] if 9 in named else at + total
            found.append({
                "offset": hex(at), "size": str(total),
                "name": named.get(3, b"").decode(), "flags": str(flags),
                "place": "fixed" if 5 in named else "any",
                "binary": hashlib.sha256(image[at:binary_end]).hexdigest(),
                "footers": hashlib.sha256(footers(
                    image, binary_end, at + total).hex().encode()
                ).hexdigest()[:16]})
            end = at + total
        at += total
    return found, end


def meaning(rows):
    """What counts: everything, but for apps that may be anywhere the place."""
    return sorted(tuple(value for key, value in row.items() if key != "id" and
                        (key != "offset" or row["place"] == "fixed"))
                  for row in rows)


def run_case(case, folder):
    image = f"{folder}/img.bin"
    before = b""
    for name in os.listdir(f"{CASES}/tabs"):
        shutil.copy(f"{CASES}/tabs/{name}", folder)
    if case["before"] == "yes":
        with gzip.open(f"{CASES}/before/{case['id']}.gz") as file:
            before = file.read()
        with open(image, "wb") as file:
            file.write(before)
    done = subprocess.run([TOOL, *case["command"].split(), "--board",
                           case["board"], "--flash-file", "img.bin"],
                          cwd=folder, capture_output=True, text=True,
                          check=False, timeout=30)
    after = b""
    if os.path.exists(image):
        with open(image, "rb") as file:
            after = file.read()
    return done, before, after


def objects_of(case):
    """All objects of the TABs that the command names."""
    for word in case["command"].split():
        if word.endswith(".tab"):
            with tarfile.open(f"{CASES}/tabs/{word}") as tab:
                for member in tab.getmembers():
                    yield tab.extractfile(member).read()


def check_unchanged(case, found, recorded, image):
    tap.equal(sorted(app["name"] for app in found),
              sorted(app["name"] for app in recorded), "names")
    for app in found:
        at = int(app["offset"], 0)
        # Behind the words that a larger total size changes.
        tap.check(any(image[at + 16:at + len(o)] == o[16:]
                      for o in objects_of(case)),
                  f"{app['name']} is not as in its TAB")


def check(case, recorded):
    with tempfile.TemporaryDirectory() as folder:
        done, before, after = run_case(case, folder)
    if case["status"] != "0":
        tap.check(done.returncode not in (0, 1), f"status {done.returncode}")
        tap.check(after == before, "the image was changed")
        return
    tap.equal(done.returncode, 0, f"status ({done.stderr})")
    tap.equal(after[:APPS], (before + b"\xff" * APPS)[:APPS],
              "bytes in front of the app region")
    found, end = apps(after)
    if case["id"] in AS_IN_THE_TAB:
        check_unchanged(case, found, recorded, after)
        return
    tap.equal(meaning(found), meaning(recorded), "apps")
    recorded_end = max((int(row["offset"], 0) + int(row["size"])
                        for row in recorded), default=APPS)
    tap.check(end <= recorded_end,
              f"the list ends at {end:#x}, recorded {recorded_end:#x}")


def main():
    after = table("after.tsv")
    for case in table("cases.tsv"):
        recorded = [row for row in after if row["id"] == case["id"]]
        tap.test(f"{case['id']}: {case['command']}")(
            lambda case=case, recorded=recorded: check(case, recorded))
    tap.main()


main()

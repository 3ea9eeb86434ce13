# SPDX-License-Identifier: MIT OR Apache-2.0
# tockloader-c as a user and a script see it: output, statuses, and that a
# command that fails leaves the image as it was.

load ../lib/image

setup() {
    tool=${B:-build}/bin/tockloader-c
    tabs=tests/golden/loader/tabs
    dir=$BATS_TEST_TMPDIR
    img=$dir/img.bin
    board="--board qemu_rv32_virt --flash-file $img"
}

# The same bytes at each run: random ones may look like a file format.
arbitrary_bytes() {
    /usr/bin/python3 -c "import random, sys
sys.stdout.buffer.write(random.Random($1).randbytes($1))"
}

# An image with a kernel, two position-independent apps and a gap.
make_image() {
    arbitrary_bytes 5000 > "$dir/kernel.bin"
    "$tool" flash -q $board "$dir/kernel.bin"
    "$tool" install -q $board $tabs/blink.tab $tabs/hello.tab $tabs/temp.tab
    "$tool" uninstall -q $board c_hello
}

# --- help --------------------------------------------------------------------

@test "help, --help and -h are the same" {
    run "$tool" --help
    [ "$status" -eq 0 ]
    [ "$output" = "$("$tool" help)" ]
    [ "$output" = "$("$tool" -h)" ]
    for command in install update uninstall list map plan flash boards; do
        "$tool" help $command > "$dir/help"
        cmp "$dir/help" <("$tool" $command --help)
        cmp "$dir/help" <("$tool" $command -h)
    done
}

@test "no command prints the help on stderr, status 2" {
    run "$tool"
    [ "$status" -eq 2 ]
    [ -z "$("$tool" 2>/dev/null)" ]
    has "uninstall"
}

@test "--version" {
    run "$tool" --version
    [ "$status" -eq 0 ]
    [ "$output" = "tockloader-c $(cat VERSION)" ]
}

@test "boards and list-known-boards name both boards" {
    run "$tool" boards
    [ "$status" -eq 0 ]
    has qemu_rv32_virt
    has mps2_an386
    [ "$output" = "$("$tool" list-known-boards)" ]
}

# --- status 2: usage -----------------------------------------------------------

@test "a mistyped command gets the nearest name" {
    fails 2 "$tool" instal
    has "did you mean \`tockloader-c install\`"
}

@test "a mistyped option gets the nearest name" {
    fails 2 "$tool" list --flashfile x
    has -- "--flash-file"
}

@test "a mistyped board gets the nearest name" {
    fails 2 "$tool" list --board qemu_rv32_vrt --flash-file "$img"
    has "--board qemu_rv32_virt"
}

@test "missing --board, --flash-file, TAB and NAME are usage errors with a hint" {
    fails 2 "$tool" list --flash-file "$img"
    has "hint: add --board"
    fails 2 "$tool" list --board qemu_rv32_virt
    has "hint: add --flash-file"
    fails 2 "$tool" install $board
    fails 2 "$tool" uninstall $board
    has "there are 0 on the board"
    fails 2 "$tool" flash $board
    fails 2 "$tool" list $board extra
    fails 2 "$tool" list $board --color sometimes
}

@test "two TABs with one app are refused, --no-replace takes both" {
    cp $tabs/blink.tab "$dir/again.tab"
    fails 2 "$tool" install $board $tabs/blink.tab "$dir/again.tab"
    run "$tool" install $board --no-replace $tabs/blink.tab "$dir/again.tab"
    [ "$status" -eq 0 ]
    [ "$("$tool" list -q $board)" = "blink blink" ]
}

# --- reading ---------------------------------------------------------------------

@test "list and map of a missing image show an empty board and make no file" {
    run "$tool" list $board
    [ "$status" -eq 0 ]
    has "0 apps"
    run "$tool" map $board
    [ "$status" -eq 0 ]
    [ ! -e "$img" ]
}

@test "list shows apps, padding and the largest free place" {
    make_image
    run "$tool" list $board
    [ "$status" -eq 0 ]
    has "blink"
    has "(padding)"
    has "temperature"
    has "2 apps and 3 KiB of padding take 4.7 KiB of 1 MiB; largest new app:"
}

@test "list -q prints the names in one line" {
    make_image
    run "$tool" list -q $board
    [ "$output" = "blink temperature" ]
}

@test "list -v adds a line for each app" {
    make_image
    run "$tool" list -v $board
    [ "$status" -eq 0 ]
    has "1060 of 1060 bytes used, 2048 bytes RAM, header 60 bytes, kernel 2.0"
}

@test "list --plain has tabs and no header" {
    make_image
    run "$tool" list --plain $board
    [ "${lines[0]}" = $'0x80100000\t1060\tblink\t0\tenabled\t\t' ]
    [ "${lines[1]}" = $'0x80100424\t3072\t(padding)\t\t\t\t' ]
}

@test "list --json is one object with the schema's name" {
    make_image
    "$tool" list --json $board | /usr/bin/python3 -c '
import json, sys
found = json.load(sys.stdin)
assert found["schema"] == "tockloader-c/list/1"
assert found["board"] == "qemu_rv32_virt"
assert found["region"]["start"] == 0x80100000
assert [a["name"] for a in found["apps"]] == ["blink", "temperature"]
assert found["apps"][1]["short_id"] == 0x11223344
assert found["apps"][0]["credentials"] == []
assert found["padding"] == [{"address": 0x80100424, "size": 3072}]
assert found["damaged"] == []'
}

@test "list --json tells an error as JSON too, with its status" {
    run "$tool" list --json --board nosuch
    [ "$status" -eq 2 ]
    "$tool" list --json --board nosuch 2>/dev/null | /usr/bin/python3 -c '
import json, sys
error = json.load(sys.stdin)["error"]
assert error["status"] == 2 and "nosuch" in error["message"]
assert error["hint"]'
}

@test "map draws with ASCII where the locale has no UTF-8" {
    make_image
    run env LC_ALL=C "$tool" map $board
    [ "$status" -eq 0 ]
    [ -z "$(LC_ALL=C grep -P '[^\x00-\x7f]' <<< "$output")" ]
    has "blink"
    has "padding"
    run env LC_ALL=C.UTF-8 "$tool" map $board
    has "┬"
}

@test "a damaged header is shown and hides no app behind it" {
    make_image
    printf '\1' | dd of="$img" bs=1 seek=$((0x10000c)) conv=notrunc status=none
    run "$tool" list $board
    [ "$status" -eq 0 ]
    has "(damaged)"
    has "header checksum does not match"
    has "temperature"
}

@test "control characters in a name do not reach the terminal" {
    make_image
    /usr/bin/python3 - "$img" <<'PY'
import sys
with open(sys.argv[1], "r+b") as file:
    image = bytearray(file.read())
    at = image.index(b"blink", 0x100000)
    for i, c in enumerate(b"\x1b[31m"):
        image[0x10000c + (at + i) % 4] ^= image[at + i] ^ c
        image[at + i] = c
    file.seek(0)
    file.write(image)
PY
    run "$tool" list $board
    has '\x1b[31m'
    [[ "$output" != *$'\e'* ]]
    run "$tool" map $board
    [[ "$output" != *$'\e'* ]]
}

@test "no escape sequences where there is no terminal; --color always has them" {
    make_image
    run "$tool" list $board
    [[ "$output" != *$'\e'* ]]
    run "$tool" uninstall $board nosuch
    [[ "$output" != *$'\e'* ]]
    run "$tool" uninstall $board --color always nosuch
    [[ "$output" == *$'\e'* ]]
}

@test "a full disk behind stdout is an error" {
    make_image
    run bash -c "$tool list $board > /dev/full"
    [ "$status" -eq 3 ]
}

# --- writing ------------------------------------------------------------------

@test "flash writes the kernel's area only" {
    make_image
    cp "$img" "$dir/before"
    arbitrary_bytes 9000 > "$dir/new.bin"
    run "$tool" flash $board "$dir/new.bin"
    [ "$status" -eq 0 ]
    cmp -n 9000 "$img" "$dir/new.bin"
    cmp -i 9000 "$img" "$dir/before"
}

@test "flash takes a binary that begins like Intel hex" {
    { printf ':'; arbitrary_bytes 4999; } > "$dir/colon.bin"
    run "$tool" flash $board "$dir/colon.bin"
    [ "$status" -eq 0 ]
    cmp -n 5000 "$img" "$dir/colon.bin"
}

@test "flash at another address of the kernel's area" {
    run "$tool" flash $board --address 0x80001000 VERSION
    [ "$status" -eq 0 ]
    cmp -i 4096:0 -n "$(wc -c < VERSION)" "$img" VERSION
}

@test "flash refuses what is no kernel for this place" {
    make_image
    : > "$dir/empty"
    fails 3 "$tool" flash $board "$dir/empty"
    fails 3 "$tool" flash $board "$dir/missing"
    fails 3 "$tool" flash $board "$tool"
    has "ELF"
    echo ":00000001FF" > "$dir/kernel.hex"
    fails 3 "$tool" flash $board "$dir/kernel.hex"
    head -c 600000 /dev/zero > "$dir/large"
    fails 7 "$tool" flash $board "$dir/large"
    has "room for 524288"
    fails 2 "$tool" flash $board -a 0x80100000 VERSION
    fails 2 "$tool" flash $board -a 0x10 VERSION
    fails 7 "$tool" flash $board -a 0x8007fffe VERSION
}

@test "flash asks at a terminal before it replaces another kernel" {
    make_image
    cp "$img" "$dir/before"
    run script -qec "$tool flash $board VERSION" /dev/null <<< n
    [ "$status" -eq 130 ]
    has "Replace the kernel"
    cmp "$img" "$dir/before"
    run script -qec "$tool flash $board VERSION" /dev/null <<< y
    [ "$status" -eq 0 ]
    run script -qec "$tool flash -y $board $dir/kernel.bin" /dev/null < /dev/null
    [ "$status" -eq 0 ]
    [[ "$output" != *Replace* ]]
    cmp "$img" "$dir/before"
}

# The other app may move on a flash image: the list is kept short.
@test "update replaces one app and leaves kernel and others as they are" {
    make_image
    cp "$img" "$dir/before"
    run "$tool" update $board $tabs/blink2.tab
    [ "$status" -eq 0 ]
    has "Updated      blink"
    cmp -n $((0x100000)) "$img" "$dir/before"
    at=$("$tool" list --plain $board | awk '$3 == "temperature" { print $1 }')
    cmp -i $((at - 0x80000000)):$((0x101024)) -n 696 "$img" "$dir/before"
    [ "$("$tool" list -q $board)" = "blink temperature" ]
}

@test "the same install again writes nothing" {
    make_image
    touch -d '2001-01-01' "$img"
    run "$tool" install $board $tabs/blink.tab
    [ "$status" -eq 0 ]
    has "Unchanged    blink"
    [ "$(stat -c %Y "$img")" -eq "$(date -d '2001-01-01' +%s)" ]
}

@test "the image keeps its mode and a symbolic link stays one" {
    make_image
    chmod 640 "$img"
    ln -s img.bin "$dir/link"
    "$tool" install -q --board qemu_rv32_virt --flash-file "$dir/link" \
        $tabs/hello.tab
    [ -L "$dir/link" ]
    [ "$(stat -c %a "$img")" = 640 ]
    [ "$("$tool" list -q $board)" = "blink c_hello temperature" ]
}

@test "commands on one image at a time lose nothing" {
    for tab in blink hello temp main; do
        "$tool" install -q $board $tabs/$tab.tab 2> /dev/null &
    done
    # The first ones may all have found no image yet: once it is there,
    # everyone waits for everyone.
    wait
    for tab in blink hello temp main; do
        "$tool" install -q $board $tabs/$tab.tab 2> /dev/null &
    done
    wait
    [ "$("$tool" list -q $board | tr ' ' '\n' | sort | tr '\n' ' ')" = \
        "blink c_hello oldmain temperature " ]
}

@test "dry run prints the plan on stdout and writes nothing" {
    make_image
    cp "$img" "$dir/before"
    for words in "install $tabs/hello.tab" "update $tabs/blink2.tab" \
        "uninstall blink" "flash VERSION"; do
        run bash -c "$tool ${words%% *} -n $board ${words#* } 2>/dev/null"
        [ "$status" -eq 0 ]
        has "dry run: nothing was written"
        cmp "$img" "$dir/before"
    done
    rm "$img"
    "$tool" install -n $board $tabs/hello.tab
    [ ! -e "$img" ]
}

@test "--quiet says nothing but errors" {
    for words in "flash -y VERSION" "install $tabs/hello.tab" \
        "update $tabs/hello.tab" "uninstall c_hello"; do
        run "$tool" ${words%% *} -q $board ${words#* }
        [ "$status" -eq 0 ]
        [ -z "$output" ]
    done
    fails 7 "$tool" uninstall -q $board c_hello
}

@test "a replaced app stays disabled and sticky" {
    make_image
    "$tool" install -q $board --sticky $tabs/blink.tab
    # enabled and sticky (3) becomes sticky (2); the checksum follows
    /usr/bin/python3 - "$img" <<'PY'
import sys
with open(sys.argv[1], "r+b") as file:
    file.seek(0x100008)
    word = bytearray(file.read(8))
    assert word[0] == 3
    word[0] ^= 1
    word[4] ^= 1
    file.seek(0x100008)
    file.write(word)
PY
    run "$tool" install $board $tabs/blink2.tab
    [ "$status" -eq 0 ]
    has "(disabled)"
    run "$tool" list --plain $board
    has $'\tblink\t2\tdisabled, sticky'
}

# --- status 3: input ---------------------------------------------------------

@test "a TAB that is missing, garbage or cut off anywhere changes nothing" {
    make_image
    fails 3 "$tool" install $board "$dir/nosuch.tab"
    has "nosuch.tab"
    arbitrary_bytes 10240 > "$dir/garbage.tab"
    fails 3 "$tool" install $board "$dir/garbage.tab"
    for len in 0 1 511 512 600 1024 1536 2048 3000 3583; do
        head -c $len $tabs/hello.tab > "$dir/cut.tab"
        fails 3 "$tool" install $board $tabs/blink2.tab "$dir/cut.tab"
    done
}

@test "a wrong architecture tells what is needed and what is there" {
    make_image
    fails 3 "$tool" install $board $tabs/m4only.tab
    has "rv32imac"
    has "cortex-m4"
}

@test "a TAB for other boards is refused, --force takes it" {
    fails 3 "$tool" install $board $tabs/onlyhail.tab
    has "hint: --force"
    run "$tool" install $board --force $tabs/onlyhail.tab
    [ "$status" -eq 0 ]
}

@test "an app that is linked for elsewhere is refused" {
    make_image
    fails 3 "$tool" install $board $tabs/fixlow.tab
    has "outside the app region"
}

@test "an image that is a folder is refused" {
    fails 3 "$tool" list --board qemu_rv32_virt --flash-file "$dir"
    fails 3 "$tool" install --board qemu_rv32_virt --flash-file "$dir" \
        $tabs/blink.tab
    fails 3 "$tool" install --board qemu_rv32_virt \
        --flash-file "$dir/no/such/folder.img" $tabs/blink.tab
}

# --- status 4: in use; 130: interrupted ------------------------------------------

@test "an image that another command works on is not touched" {
    make_image
    exec 7< "$img"
    flock 7
    fails 4 "$tool" install $board $tabs/hello.tab 7<&-
    has "in use"
    has "hint:"
    run "$tool" list -q $board
    [ "$status" -eq 0 ]
}

@test "a signal while waiting ends with status 130, nothing written" {
    make_image
    exec 7< "$img"
    flock 7
    cp "$img" "$dir/before"
    "$tool" install $board $tabs/hello.tab 7<&- 2> "$dir/message" &
    pid=$!
    sleep 0.3
    kill -TERM $pid
    status=0
    wait $pid || status=$?
    [ "$status" -eq 130 ]
    grep interrupted "$dir/message"
    cmp "$img" "$dir/before"
}

# --- status 7: state ----------------------------------------------------------

@test "uninstall of an app that is not there names those that are" {
    make_image
    fails 7 "$tool" uninstall $board blink nosuch
    has "no app 'nosuch'"
    has "hint: installed are: blink, temperature"
}

@test "a sticky app is only removed by --force" {
    "$tool" install -q $board --sticky $tabs/blink.tab
    fails 7 "$tool" uninstall $board blink
    has "sticky"
    has "hint: --force"
    run "$tool" uninstall $board --force blink
    [ "$status" -eq 0 ]
    has "Uninstalled  blink"
}

@test "update of what is not installed fails, or leaves it out" {
    make_image
    fails 7 "$tool" update $board $tabs/hello.tab
    has "hint:"
    run "$tool" update $board $tabs/hello.tab $tabs/blink2.tab
    [ "$status" -eq 0 ]
    has "warning: 'c_hello' is not installed"
    [ "$("$tool" list -q $board)" = "blink temperature" ]
}

@test "no room tells how much is needed and where most is free" {
    # One object that leaves 2 KiB.
    /usr/bin/python3 - "$img" <<'PY'
import struct, sys
size = 0x100000 - 2048
with open(sys.argv[1], "wb") as file:
    file.write(b"\xff" * 0x100000)
    head = struct.pack("<HHII", 2, 24, size, 1)
    word = lambda at: struct.unpack_from("<I", head, at)[0]
    file.write(head + struct.pack("<I", word(0) ^ word(4) ^ word(8) ^ 1))
    file.write(struct.pack("<HHI", 1, 0, 0) + b"\0" * (size - 24))
PY
    fails 7 "$tool" install $board $tabs/hello.tab
    has "needs 3072 bytes"
    has "has 2048 at 0x801ff800"
    has "hint:"
}

@test "a fixed place that is taken names who stands there" {
    "$tool" install -q $board $tabs/fixa.tab
    fails 7 "$tool" install $board --no-replace $tabs/fixa.tab
    has "taken by 'fixa'"
    has "hint:"
}

@test "a lost header protects the apps behind it until --force" {
    make_image
    dd if=/dev/zero of="$img" bs=1 seek=$((0x100000)) count=64 conv=notrunc \
        status=none
    run "$tool" list $board
    [ "$status" -eq 0 ]
    has "warning:"
    has "temperature"
    fails 7 "$tool" install $board $tabs/hello.tab
    has "0x80100000"
    has "temperature"
    has "--force"
    run "$tool" install --force $board $tabs/hello.tab
    [ "$status" -eq 0 ]
}

# --- cost -------------------------------------------------------------------------

@test "no library that only some commands need is linked" {
    run ldd "$tool"
    [[ "$output" != *archive* ]]
    [[ "$output" != *crypto* ]]
    [[ "$output" != *libelf* ]]
    [[ "$output" != *cjson* ]]
}

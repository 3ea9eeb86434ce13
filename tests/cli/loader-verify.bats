# SPDX-License-Identifier: MIT OR Apache-2.0
# verify and backup: what they find, and that they change nothing.

load ../lib/image

setup() {
    tool=${B:-build}/bin/tockloader-c
    tabs=tests/golden/loader/tabs
    dir=$BATS_TEST_TMPDIR
    img=$dir/img.bin
    board="--board qemu_rv32_virt --flash-file $img"
    "$tool" install -q $board $tabs/blink.tab $tabs/hello.tab $tabs/temp.tab
}

poke() { # poke OFFSET ESCAPES: bytes at an offset of the app region
    printf "$2" | dd of="$img" bs=1 seek=$((0x100000 + $1)) conv=notrunc \
        status=none
}

@test "verify of a sound board says ok to each object" {
    "$tool" uninstall -q $board c_hello
    run "$tool" verify $board
    [ "$status" -eq 0 ]
    has "ok       0x80100000 blink"
    has "ok       0x80100424 (padding)"
    has "ok       0x80101024 temperature"
    run "$tool" verify -q $board
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "verify of an empty board finds nothing wrong" {
    run "$tool" verify --board qemu_rv32_virt --flash-file "$dir/none"
    [ "$status" -eq 0 ]
    [ ! -e "$dir/none" ]
}

@test "verify FILE compares with TABs: same, differs, missing" {
    run "$tool" verify $board $tabs/blink.tab $tabs/hello.tab
    [ "$status" -eq 0 ]
    has "same     $tabs/blink.tab: is 0x80100000 blink"
    fails 6 "$tool" verify $board $tabs/blink2.tab
    has "differs  $tabs/blink2.tab"
    fails 7 "$tool" verify $board $tabs/main.tab
    has "missing  $tabs/main.tab: no app 'oldmain' is installed"
    fails 6 "$tool" verify $board $tabs/main.tab $tabs/blink2.tab
    has "2 problems"
    fails 3 "$tool" verify $board "$dir/nosuch.tab"
}

@test "verify names the first byte that differs, flags aside" {
    poke 500 '\1'
    fails 6 "$tool" verify $board $tabs/blink.tab
    has "from 0x801001f4 on"
    "$tool" install -q --sticky $board $tabs/hello.tab
    run "$tool" verify $board $tabs/hello.tab
    [ "$status" -eq 0 ]
    has "same "
}

@test "verify finds a damaged header" {
    poke 12 '\1'
    fails 6 "$tool" verify $board
    has "problem  0x80100000 (damaged): header checksum does not match"
    has "ok       0x80100424 c_hello"
}

@test "verify finds a list that ends too early" {
    poke 0 '\0\0\0\0\0\0\0\0'
    fails 6 "$tool" verify $board
    has "a whole app 'c_hello' stands behind it"
}

# An object of one Program entry, RAM and flash addresses: at OFFSET SIZE RAM
# FLASH KERNEL_MAJOR.
put_object() {
    /usr/bin/python3 - "$img" "$@" <<'PY'
import os, struct, sys
at, size, ram, flash, major = (int(word, 0) for word in sys.argv[2:])
need = int(os.environ.get("NEED", "4096"))
body = (struct.pack("<HH5I", 9, 20, 0, 0, need, size, 1) +
        struct.pack("<HHII", 5, 8, ram, flash) +
        struct.pack("<HHHH", 8, 4, major, 0))
head = struct.pack("<HHIII", 2, 16 + len(body), size, 1, 0) + body
total = 0
for word, in struct.iter_unpack("<I", head):
    total ^= word
head = head[:12] + struct.pack("<I", total) + head[16:]
with open(sys.argv[1], "r+b") as file:
    file.seek(0x100000 + at)
    file.write(head.ljust(size, b"\0"))
PY
}

@test "verify finds what no kernel starts: flash, RAM, version" {
    none=0xffffffff
    rm "$img"
    head -c $((0x200000)) /dev/zero | tr '\0' '\377' > "$img"
    put_object 0 512 $none 0x8010003c 2
    run "$tool" verify $board
    [ "$status" -eq 0 ]
    put_object 0 512 $none 0x80100040 2
    fails 6 "$tool" verify $board
    has "linked for the flash address 0x80100040"
    put_object 0 512 $none $none 9
    fails 6 "$tool" verify $board
    has "made for kernel 9.0"
    put_object 0 512 0x1000 $none 2
    fails 6 "$tool" verify $board
    has "linked for RAM at 0x00001000"
    put_object 0 512 0x80301000 $none 2
    put_object 512 512 0x80301400 $none 2
    fails 6 "$tool" verify $board
    has "is also that of the app at 0x80100000"
    put_object 512 512 0x80309000 $none 2
    run "$tool" verify $board
    [ "$status" -eq 0 ]
}

@test "verify finds a place that the memory protection cannot map" {
    head -c $((0x200000)) /dev/zero | tr '\0' '\377' > "$img"
    board="--board mps2_an386 --flash-file $img"
    none=0xffffffff
    put_object 0 1024 $none $none 2
    put_object 1024 512 $none $none 2
    run "$tool" verify $board
    [ "$status" -eq 0 ]
    put_object 1536 4096 $none $none 2
    fails 6 "$tool" verify $board
    has "memory protection cannot map 4096 bytes at 0x21100600"
}

@test "verify warns of more RAM than there is for all apps" {
    head -c $((0x200000)) /dev/zero | tr '\0' '\377' > "$img"
    none=0xffffffff
    board="--board mps2_an386 --flash-file $img"
    NEED=100000 put_object 0 512 $none $none 2
    run "$tool" verify $board
    [ "$status" -eq 0 ]
    [[ "$output" != *warning* ]]
    for at in 512 1024 1536; do
        NEED=100000 put_object $at 512 $none $none 2
    done
    run "$tool" verify $board
    [ "$status" -eq 0 ]
    has "warning: the apps together need more RAM"
}

# --- credentials ---------------------------------------------------------

@test "credentials: digests are checked, signatures with a key" {
    elf2tbf=$(realpath ${B:-build}/bin/elf2tbf)
    keys=tests/golden/tbf/keys
    mkdir "$dir/app"
    cp ${B:-build}/apps/hello/*.elf "$dir/app"
    "$elf2tbf" -n signed -o "$dir/signed.tab" --kernel-major 2 \
        --kernel-minor 0 --deterministic --sha256 \
        --ecdsa-nist-p256-private "$keys/p256_A.pem" "$dir"/app/*.elf \
        > /dev/null
    "$tool" install -q $board "$dir/signed.tab"
    run "$tool" verify $board
    [ "$status" -eq 0 ]
    has "SHA-256 good, ECDSA P-256 not checked: no key for it"
    run "$tool" verify $board --key "$keys/p256_A.pem"
    [ "$status" -eq 0 ]
    has "ECDSA P-256 good"
    fails 6 "$tool" verify $board --key "$keys/p256_B.pem"
    has "its credential ECDSA P-256 is bad"
    fails 3 "$tool" verify $board --key "$dir/nosuch.pem"
    # One bit of the binary.
    at=$("$tool" list --plain $board | awk '$3 == "signed" { print $1 }')
    poke $((at - 0x80100000 + 300)) '\x5c'
    fails 6 "$tool" verify $board
    has "its credential SHA-256 is bad"
}

# --- backup --------------------------------------------------------------

@test "backup saves the list, verify compares with it" {
    run "$tool" backup $board "$dir/apps"
    [ "$status" -eq 0 ]
    has "Backed up    3 apps, 4.7 KiB"
    [ "$(stat -c %s "$dir/apps")" -eq $((56 + 4828)) ]
    cmp -i 56:$((0x100000)) -n 4828 "$dir/apps" "$img"
    run "$tool" verify $board "$dir/apps"
    [ "$status" -eq 0 ]
    has "same     $dir/apps"
    "$tool" uninstall -q $board temperature
    fails 6 "$tool" verify $board "$dir/apps"
    has "from 0x80101024 on"
}

@test "backup of an empty board, dry run, and a place that is no file" {
    run "$tool" backup --board qemu_rv32_virt --flash-file "$dir/none" \
        "$dir/apps"
    [ "$status" -eq 0 ]
    [ "$(stat -c %s "$dir/apps")" -eq 56 ]
    rm "$dir/apps"
    run "$tool" backup -n $board "$dir/apps"
    [ "$status" -eq 0 ]
    [ ! -e "$dir/apps" ]
    fails 3 "$tool" backup $board "$dir/no/such/folder"
    fails 2 "$tool" backup $board
    fails 2 "$tool" backup $board a b
}

@test "a backup that is cut off or changed is refused" {
    "$tool" backup -q $board "$dir/apps"
    for len in 8 55 56 1000 4883; do
        head -c $len "$dir/apps" > "$dir/cut"
        fails 3 "$tool" verify $board "$dir/cut"
    done
    for at in 8 12 16 20 24 56 2000 4883; do
        cp "$dir/apps" "$dir/changed"
        byte=$(od -An -tu1 -j $at -N 1 "$dir/apps")
        printf "\\$(printf %o $((byte ^ 4)))" |
            dd of="$dir/changed" bs=1 seek=$at conv=notrunc status=none
        fails 3 "$tool" verify $board "$dir/changed"
    done
}

@test "a backup whose head lies is refused, though its checksum is right" {
    "$tool" backup -q $board "$dir/apps"
    run "$tool" verify $board "$dir/apps"
    [ "$status" -eq 0 ]
    for length in 0 1 4824 4829 0x7fffffff 0xffffffff 0xffffffc8; do
        /usr/bin/python3 - "$dir/apps" "$dir/lies" $length <<'PY'
import struct, sys, zlib
with open(sys.argv[1], "rb") as file:
    data = bytearray(file.read())
struct.pack_into("<II", data, 16, int(sys.argv[3], 0), 0)
struct.pack_into("<I", data, 20, zlib.crc32(data))
with open(sys.argv[2], "wb") as file:
    file.write(data)
PY
        fails 3 "$tool" verify $board "$dir/lies"
        has "its head says $((length))"
    done
}

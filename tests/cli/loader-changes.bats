# SPDX-License-Identifier: MIT OR Apache-2.0
# Flags, erase-apps, restore, recover, tidy and plan, as a script sees them: on
# an image that is replaced as a whole, and on one that is changed the way a
# board's flash is (--protocol s).

load ../lib/image

setup() {
    tool=${B:-build}/bin/tockloader-c
    tabs=tests/golden/loader/tabs
    dir=$BATS_TEST_TMPDIR
    img=$dir/img.bin
    board="--board qemu_rv32_virt --flash-file $img"
    export XDG_STATE_HOME=$dir/state
}

three_apps() {
    "$tool" install -q $board $tabs/blink.tab $tabs/hello.tab $tabs/temp.tab
}

# The state column of an app.
state() {
    "$tool" list --plain $board | awk -F '\t' -v n="$1" '$3 == n { print $5 }'
}

# --- flags ---------------------------------------------------------------

@test "the four commands set and clear one flag of the named apps" {
    for protocol in "" "--protocol s"; do
        rm -f "$img"
        board="--board qemu_rv32_virt --flash-file $img $protocol"
        three_apps
        "$tool" backup -q $board "$dir/before"
        run "$tool" disable-app $board blink temperature
        [ "$status" -eq 0 ]
        has "Changed      blink at 0x80"
        [ "$(state blink)" = disabled ]
        [ "$(state c_hello)" = enabled ]
        [ "$(state temperature)" = disabled ]
        "$tool" sticky-app -q $board blink
        [ "$(state blink)" = "disabled, sticky" ]
        "$tool" enable-app -q $board blink
        [ "$(state blink)" = "enabled, sticky" ]
        "$tool" unsticky-app -q $board blink
        "$tool" enable-app -q $board temperature
        run "$tool" verify $board $tabs/blink.tab $tabs/hello.tab \
            $tabs/temp.tab
        [ "$status" -eq 0 ]
        [ "$(grep -c '^same' <<< "$output")" -eq 3 ]
    done
}

@test "on an image that is replaced, a flag changes two bytes and no place" {
    three_apps
    cp "$img" "$dir/before"
    "$tool" disable-app -q $board c_hello
    [ "$(cmp -l "$img" "$dir/before" | wc -l)" -eq 2 ]
    "$tool" enable-app -q $board c_hello
    cmp "$img" "$dir/before"
}

@test "a flag that is right already changes nothing" {
    three_apps
    touch -d 2001-01-01 "$img"
    run "$tool" enable-app $board blink
    [ "$status" -eq 0 ]
    has "Unchanged    blink"
    [ "$(stat -c %Y "$img")" -eq "$(date -d 2001-01-01 +%s)" ]
}

@test "a name that is not installed changes no other app either" {
    three_apps
    for command in enable-app disable-app sticky-app unsticky-app; do
        fails 7 "$tool" $command $board blink nosuch
        has "no app 'nosuch' is installed"
        has "hint: installed are: blink, c_hello, temperature"
    done
    rm "$img"
    fails 7 "$tool" disable-app $board blink
    has "there are no apps on the board"
    fails 7 "$tool" disable-app $board
    [ ! -e "$img" ]
}

@test "without a name all apps are meant: asked, or --yes" {
    "$tool" install -q $board $tabs/blink.tab
    run "$tool" sticky-app $board
    [ "$status" -eq 0 ]
    has "Changed      blink"
    "$tool" install -q $board $tabs/hello.tab
    fails 7 "$tool" disable-app $board
    has "hint: --yes"
    run "$tool" disable-app --yes $board
    [ "$status" -eq 0 ]
    [ "$(state c_hello)" = disabled ]
    run script -qec "$tool enable-app $board" /dev/null <<< n
    [ "$status" -eq 130 ]
    has "enable-app for all 2 apps: blink, c_hello"
    [ "$(state c_hello)" = disabled ]
    run script -qec "$tool enable-app $board" /dev/null <<< y
    [ "$status" -eq 0 ]
    [ "$(state c_hello)" = enabled ]
}

@test "flags that a credential covers are only changed by --force" {
    mkdir "$dir/app"
    cp ${B:-build}/apps/hello/*.elf "$dir/app"
    "${B:-build}/bin/elf2tbf" -n signed -o "$dir/signed.tab" --kernel-major 2 \
        --kernel-minor 0 --deterministic --sha256 "$dir"/app/*.elf > /dev/null
    "$tool" install -q $board "$dir/signed.tab"
    run "$tool" verify $board
    [ "$status" -eq 0 ]
    fails 7 "$tool" disable-app $board signed
    has "credential"
    has "hint: --force"
    run "$tool" enable-app $board signed
    [ "$status" -eq 0 ]
    run "$tool" disable-app --force $board signed
    [ "$status" -eq 0 ]
    [ "$(state signed)" = disabled ]
    fails 6 "$tool" verify $board
}

@test "uninstall without a name removes the only app, never one of several" {
    "$tool" install -q $board $tabs/blink.tab
    run "$tool" uninstall $board
    [ "$status" -eq 0 ]
    has "Uninstalled  blink"
    three_apps
    fails 2 "$tool" uninstall $board
    has "there are 3 on the board"
    has "erase-apps"
}

# --- erase-apps ----------------------------------------------------------

@test "erase-apps keeps sticky apps and says so" {
    for protocol in "" "--protocol s"; do
        rm -f "$img"
        board="--board qemu_rv32_virt --flash-file $img $protocol"
        three_apps
        "$tool" sticky-app -q $board c_hello
        run "$tool" erase-apps $board
        [ "$status" -eq 0 ]
        has "Uninstalled  blink"
        has "Uninstalled  temperature"
        has "Kept         c_hello"
        [ "$("$tool" list -q $board)" = c_hello ]
        run "$tool" verify $board $tabs/hello.tab
        [ "$status" -eq 0 ]
        run "$tool" erase-apps --force $board
        [ "$status" -eq 0 ]
        [ -z "$("$tool" list -q $board)" ]
        run "$tool" erase-apps $board
        [ "$status" -eq 0 ]
    done
}

# An upstream user's complaint: what was erased came back with a later install.
@test "nothing that was erased comes back, wherever the next app ends" {
    for protocol in "" "--protocol s"; do
        rm -f "$img"
        board="--board qemu_rv32_virt --flash-file $img $protocol"
        three_apps
        "$tool" erase-apps -q $board
        [ -z "$(tail -c +$((0x100001)) "$img" | head -c 65536 | grep -ao \
            'c_hello')" ]
        for tab in blink2 blink hello main temp; do
            "$tool" install -q --erase $board $tabs/$tab.tab
            [ "$("$tool" list -q $board | wc -w)" -eq 1 ]
        done
    done
}

@test "erase-apps clears a damaged list, too, and all that stands behind" {
    for protocol in "" "--protocol s"; do
        rm -f "$img"
        board="--board qemu_rv32_virt --flash-file $img $protocol"
        three_apps
        printf '\1' | dd of="$img" bs=1 seek=$((0x10000c)) conv=notrunc \
            status=none
        run "$tool" erase-apps $board
        [ "$status" -eq 0 ]
        run "$tool" list $board
        has "0 apps take 0 B"
        three_apps
        dd if=/dev/zero of="$img" bs=1 seek=$((0x100000)) count=64 \
            conv=notrunc status=none
        fails 7 "$tool" install $board $tabs/main.tab
        run "$tool" erase-apps $board
        [ "$status" -eq 0 ]
        [ -z "$(tail -c +$((0x100001)) "$img" | tr -d '\377')" ]
        run "$tool" install $board $tabs/main.tab
        [ "$status" -eq 0 ]
        [ "$("$tool" list -q $board)" = oldmain ]
    done
}

@test "erase-apps asks at a terminal" {
    three_apps
    cp "$img" "$dir/before"
    run script -qec "$tool erase-apps $board" /dev/null <<< n
    [ "$status" -eq 130 ]
    has "Remove 3 apps from the board: blink, c_hello, temperature ("
    cmp "$img" "$dir/before"
    run script -qec "$tool erase-apps $board" /dev/null <<< y
    [ "$status" -eq 0 ]
    fails 2 "$tool" erase-apps $board blink
}

# --- restore -------------------------------------------------------------

@test "restore brings back list and layout, and nothing behind them" {
    for protocol in "" "--protocol s"; do
        rm -f "$img"
        board="--board qemu_rv32_virt --flash-file $img $protocol"
        three_apps
        "$tool" uninstall -q $board c_hello
        "$tool" backup -q $board "$dir/apps"
        "$tool" list --plain $board > "$dir/list"
        "$tool" erase-apps -q --force $board
        "$tool" install -q $board $tabs/main.tab $tabs/blink2.tab \
            $tabs/hello.tab
        run "$tool" restore -y $board "$dir/apps"
        [ "$status" -eq 0 ]
        has "Restored     2 apps from $dir/apps"
        "$tool" list --plain $board | cmp - "$dir/list"
        run "$tool" verify $board "$dir/apps"
        [ "$status" -eq 0 ]
        size=$(($(stat -c %s "$dir/apps") - 56))
        [ -z "$(tail -c +$((0x100001 + size)) "$img" | tr -d '\377')" ]
    done
}

@test "restore writes only pages that differ, none if none does" {
    three_apps
    "$tool" backup -q $board "$dir/apps"
    touch -d 2001-01-01 "$img"
    run "$tool" restore $board "$dir/apps"
    [ "$status" -eq 0 ]
    has "Unchanged    3 apps"
    [ "$(stat -c %Y "$img")" -eq "$(date -d 2001-01-01 +%s)" ]
    printf '\1' | dd of="$img" bs=1 seek=$((0x101200)) conv=notrunc status=none
    run "$tool" restore -n $board "$dir/apps"
    has "would erase 1 and program 1 pages of 4 KiB, 1 bytes change"
    run "$tool" restore -y $board "$dir/apps"
    [ "$status" -eq 0 ]
    has "1 B written"
}

@test "restore replaces apps only when somebody agreed" {
    three_apps
    "$tool" backup -q $board "$dir/apps"
    "$tool" uninstall -q $board blink
    fails 7 "$tool" restore $board "$dir/apps"
    has "hint: --yes"
    run script -qec "$tool restore $board $dir/apps" /dev/null <<< n
    [ "$status" -eq 130 ]
    has "Replace the 2 apps on the board by the 3 of the backup"
    run script -qec "$tool restore $board $dir/apps" /dev/null <<< y
    [ "$status" -eq 0 ]
    "$tool" erase-apps -q $board
    run "$tool" restore $board "$dir/apps"
    [ "$status" -eq 0 ]
}

# make_backup FILE BOARD START BYTES-AS-PYTHON
make_backup() {
    /usr/bin/python3 - "$@" <<'PY'
import struct, sys, zlib
path, board, start, data = sys.argv[1:]
def obj(size, name=b"app"):
    body = struct.pack("<HH5I", 9, 20, 0, 0, 1024, size, 1)
    body += struct.pack("<HH", 3, 4) + name.ljust(4, b"x")
    head = struct.pack("<HHIII", 2, 16 + len(body), size, 1, 0) + body
    total = 0
    for word, in struct.iter_unpack("<I", head):
        total ^= word
    head = head[:12] + struct.pack("<I", total) + head[16:]
    return head.ljust(size, b"\0")
data = eval(data)
file = bytearray(b"TOCKAPPS" + struct.pack("<4I", 1, int(start, 0), len(data),
                                           0) +
                 board.encode().ljust(32, b"\0") + data)
struct.pack_into("<I", file, 20, zlib.crc32(file))
with open(path, "wb") as out:
    out.write(file)
PY
}

@test "restore refuses what does not fit the board" {
    three_apps
    arm="--board mps2_an386 --flash-file $img"
    make_backup "$dir/good" qemu_rv32_virt 0x80100000 'obj(1024) + obj(512)'
    run "$tool" restore -n $board "$dir/good"
    [ "$status" -eq 0 ]
    make_backup "$dir/b" mps2_an386 0x80100000 'obj(1024)'
    fails 3 "$tool" restore -y $board "$dir/b"
    has "of the board 'mps2_an386', not of qemu_rv32_virt"
    has "hint: --force"
    run "$tool" restore -n --force $board "$dir/b"
    [ "$status" -eq 0 ]
    make_backup "$dir/b" qemu_rv32_virt 0x80200000 'obj(1024)'
    fails 3 "$tool" restore -y --force $board "$dir/b"
    has "those of qemu_rv32_virt start at 0x80100000"
    make_backup "$dir/b" qemu_rv32_virt 0x80100000 'obj(0x100004)'
    fails 3 "$tool" restore -y $board "$dir/b"
    has "has room for 1048576"
    make_backup "$dir/b" mps2_an386 0x21100000 'obj(512) + obj(8192)'
    fails 3 "$tool" restore -y $arm "$dir/b"
    has "cannot map it"
}

@test "restore refuses a backup whose list does not fill it" {
    three_apps
    for bytes in 'obj(1024) + b"\xff" * 4' 'b"\0" * 64' 'obj(1024)[:1000]' \
        'obj(1024) + obj(512)[:-4]' 'b"garbage!"' 'b"\xff" * 4096'; do
        make_backup "$dir/b" qemu_rv32_virt 0x80100000 "$bytes"
        fails 3 "$tool" restore -y $board "$dir/b"
        has "restoring '$dir/b'"
    done
    fails 3 "$tool" restore -y $board "$dir/nosuch"
    fails 3 "$tool" restore -y $board $tabs/blink.tab
    fails 2 "$tool" restore $board
}

# --- plan ----------------------------------------------------------------

@test "plan prints the same as --dry-run and opens the image for reading" {
    three_apps
    "$tool" backup -q $board "$dir/apps"
    before=$(stat -c '%i %Y' "$img"; sha256sum < "$img"; ls "$dir")
    exec 7< "$img"
    flock 7 # whoever wants to write has to wait for this, and gives up
    for words in "install $tabs/main.tab" "update $tabs/blink2.tab" \
        "uninstall blink" "disable-app blink" "enable-app blink" \
        "sticky-app blink" "unsticky-app blink" "erase-apps" \
        "restore $dir/apps" "recover" "tidy" "flash VERSION"; do
        command=${words%% *}
        operands=${words#"$command"}
        run "$tool" plan $command $board $operands 7<&-
        planned=$output
        [ "$status" -eq 0 ]
        [ "$command" = tidy ] || has "dry run: nothing was written"
        run "$tool" $command --dry-run $board $operands 7<&-
        [ "$status" -eq 0 ]
        [ "$output" = "$planned" ]
        [ "$before" = "$(stat -c '%i %Y' "$img"; sha256sum < "$img"
            ls "$dir")" ]
    done
}

@test "plan tells moves, pages, waste and time" {
    three_apps
    "$tool" install -q $board $tabs/main.tab
    run "$tool" plan uninstall $board blink
    has "Uninstall    blink at 0x80100000"
    has "pages of 4 KiB"
    has "the board's flash needs about 0.1 s for it; 1.0 KiB then lie unused"
    run "$tool" plan update $board $tabs/blink2.tab
    [ "$status" -eq 0 ]
    has "Move "
    has " from 0x80"
    run "$tool" plan -v update $board $tabs/blink2.tab
    has "0x80100000 erase"
    has "0x80100000 program"
}

# --- tidy and recover ----------------------------------------------------

@test "tidy frees retired apps after asking, and keeps no copy" {
    board="$board --protocol s"
    three_apps
    "$tool" update -q $board $tabs/blink2.tab
    "$tool" uninstall -q $board temperature
    run "$tool" list $board
    has "retired"
    has "of retired apps"
    fails 7 "$tool" tidy $board
    has "hint: --yes"
    run "$tool" tidy -n $board
    [ "$status" -eq 0 ]
    has "Tidy "
    has "dry run"
    run "$tool" tidy -y $board
    [ "$status" -eq 0 ]
    has "Tidied "
    run "$tool" list $board
    [[ "$output" != *retired* ]]
    run "$tool" verify $board $tabs/blink2.tab $tabs/hello.tab
    [ "$status" -eq 0 ]
    [ -z "$(ls "$dir/state/tockloader-c")" ]
    run "$tool" tidy $board
    [ "$status" -eq 0 ]
    has "nothing to tidy"
    fails 2 "$tool" tidy $board x
}

@test "recover of a board in order changes nothing" {
    three_apps
    touch -d 2001-01-01 "$img"
    for protocol in "" "--protocol s"; do
        run "$tool" recover $board $protocol
        [ "$status" -eq 0 ]
        has "nothing is left half done"
        [ "$(stat -c %Y "$img")" -eq "$(date -d 2001-01-01 +%s)" ]
    done
    fails 2 "$tool" recover $board x
}

@test "recover does not touch what it does not know" {
    three_apps
    dd if=/dev/zero of="$img" bs=1 seek=$((0x100000)) count=64 conv=notrunc \
        status=none
    fails 7 "$tool" recover $board
    has "c_hello"
    has "hint:"
}

# SPDX-License-Identifier: MIT OR Apache-2.0
# The commands of tockloader-c that need no board: inspect-tab, tbf,
# completion. What fails leaves all files alone.

load ../lib/files

setup_file() {
    openssl ecparam -name prime256v1 -genkey -noout \
        -out "$BATS_FILE_TMPDIR/ec.pem"
    openssl genrsa -out "$BATS_FILE_TMPDIR/rsa.pem" 2048 2> /dev/null
    for key in ec rsa; do
        openssl pkey -in "$BATS_FILE_TMPDIR/$key.pem" -pubout \
            -out "$BATS_FILE_TMPDIR/$key.pub"
    done
    chmod 600 "$BATS_FILE_TMPDIR"/*.pem
}

setup() {
    bin=$(realpath "${B:-build}/bin")
    tool=$bin/tockloader-c
    cp tests/golden/tbf/inputs/{pic_m4,fix_m4_sym}.elf "$BATS_TEST_TMPDIR"
    cp "$BATS_FILE_TMPDIR"/*.{pem,pub} "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR"
    "$bin/elf2tbf" -n blink --kernel-major 2 --deterministic --sha256 \
        --minimum-footer-size 1300 -o app.tab pic_m4.elf,cortex-m4 > /dev/null
    rm -f ./*.elf pic_m4.tbf
}

@test "inspect-tab tells what elf2tbf inspect tells" {
    "$tool" inspect-tab app.tab | diff - <("$bin/elf2tbf" inspect app.tab)
    "$tool" tbf credential add ecdsap256 --private-key ec.pem app.tab
    "$tool" inspect-tab app.tab --verify-credentials ec.pub |
        grep -q "ECDSA P-256 (6), 64 bytes: good, key ec.pub"
    "$tool" inspect-tab app.tab --verify-credentials rsa.pub |
        grep "ECDSA P-256 (6), 64 bytes"
}

@test "inspect-tab shows how a C app begins, and its bytes" {
    "$tool" inspect-tab --crt0-header app.tab > out
    grep -qx "            stack_size          2048        0x00000800" out
    grep -q "\[reldata_len\]  *24 " out
    "$tool" inspect-tab --tbf-binary app.tab | grep -E '^0000[0-9a-f]{4}  ' \
        > dump
    "$bin/elf2tbf" extract --binary -o binary app.tab > /dev/null
    sed -E 's/^[0-9a-f]{8} //; s/  \|.*//' dump | /usr/bin/python3 -c \
        "import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))" |
        cmp - binary
}

@test "a TAB that nobody names is searched for" {
    "$tool" inspect-tab > out 2> err
    grep -qx "app.tab: TAB with 1 object" out
    grep -q "^warning: no TAB named, taking app.tab" err
    mkdir -p deep/er
    mv app.tab deep/er
    "$tool" inspect-tab 2> /dev/null | grep -q "^deep/er/app.tab: TAB"
    cp deep/er/app.tab deep/other.tab
    fails 2 "there are several: deep/er/app.tab, deep/other.tab" \
        "$tool" inspect-tab
    rm -r deep
    fails 3 "none found below here" "$tool" tbf tlv delete name
}

@test "tbf tlv add puts entries in" {
    "$tool" tbf tlv add short_id 0x11 app.tab
    "$tool" tbf tlv add permissions 5 70 app.tab
    "$tool" tbf tlv add permissions 5 0x47 app.tab
    "$tool" tbf tlv add permissions 6 0b1 app.tab
    "$tool" tbf tlv add persistent_storage 1 2,3 0o4 app.tab
    "$tool" tbf tlv add kernel_version 2.3 app.tab
    "$tool" tbf tlv add name "other app" app.tab
    "$tool" tbf tlv add writeable_flash_regions 0x100 8 app.tab
    "$tool" tbf tlv add writeable_flash_regions 0x110 16 app.tab
    "$tool" inspect-tab app.tab > out
    grep -qx "            short_id            0x00000011" out
    grep -qx "            driver              0x00000005  commands 70 71" out
    grep -qx "            driver              0x00000006  commands 1" out
    [ "$(grep -c "read_id" out)" -eq 2 ]
    grep -qx "            modify_id           0x00000004" out
    grep -qx "            kernel_minor        3" out
    grep -qx "            package_name        other app" out
    [ "$(grep -c "  region  " out)" -eq 2 ]
    [ "$(grep -c "Writeable Flash Regions (2), 16 bytes" out)" -eq 1 ]
    grep -q "SHA-256 (3), 32 bytes: good" out
}

@test "tbf tlv modify and delete" {
    "$tool" tbf tlv modify program app_version 7 app.tab
    "$tool" tbf tlv modify base flags 3 app.tab
    "$tool" tbf tlv modify name package_name renamed app.tab
    "$tool" tbf tlv delete main app.tab
    "$tool" inspect-tab app.tab > out
    grep -qx "            app_version         7" out
    grep -qx "            flags               0x00000003  enabled, sticky" out
    grep -qx "            package_name        renamed" out
    ! grep "Main (1)" out
    grep -q "protected trailer, 16 bytes" out
    grep -q "SHA-256 (3), 32 bytes: good" out
    fails 3 "no field 'colour'" "$tool" tbf tlv modify program colour 1 app.tab
    fails 3 "kernels would refuse" \
        "$tool" tbf tlv modify base version 1 app.tab
    fails 3 "kernels would refuse" \
        "$tool" tbf tlv modify program init_fn_offset 0xffffffff app.tab
    fails 3 "kernels would refuse" "$tool" tbf tlv delete program app.tab
    fails 3 "no such entry" "$tool" tbf tlv delete 0x9999 app.tab
}

@test "tbf credential add and delete" {
    "$tool" tbf credential add cleartext_id --cleartext-id 0x63 app.tab
    "$tool" tbf credential add sha512 app.tab
    "$tool" tbf credential add ecdsap256 app.tab --private-key ec.pem \
        --public-key ec.pub
    "$tool" tbf credential add rsa2048 app.tab --private-key rsa.pem
    printf secret > secret
    chmod 600 secret
    "$tool" tbf credential add hmac_sha256 app.tab --private-key secret
    "$tool" inspect-tab app.tab --verify-credentials ec.pub rsa.pub > out
    # What kernels know stands first.
    [ "$(grep -oE '^  0x[0-9a-f]*  (SHA|ECDSA|RSA|HMAC|clear)' out |
        sed 's/.*  //' | tr '\n' ' ')" = "SHA SHA ECDSA clear RSA HMAC " ]
    grep -q "ECDSA P-256 (6), 64 bytes: good" out
    grep -q "RSA-2048 (10), 256 bytes: good" out
    "$tool" tbf credential delete hmac_sha256 app.tab
    "$tool" tbf credential delete rsa2048 app.tab
    "$tool" inspect-tab app.tab --verify-credentials ec.pub | grep -q "good, key"
    fails 7 "there is no RSA-4096 credential" \
        "$tool" tbf credential delete rsa4096 app.tab
    fails 3 "is not the public half of" "$tool" tbf credential add ecdsap256 \
        app.tab --private-key ec.pem --public-key <(openssl ecparam \
        -name prime256v1 -genkey -noout | openssl ec -pubout 2> /dev/null)
    fails 2 "takes a private key" "$tool" tbf credential add ecdsap256 app.tab
    fails 2 "takes a number" "$tool" tbf credential add cleartext_id app.tab
}

@test "tbf does not break a signature" {
    "$tool" tbf credential add ecdsap256 app.tab --private-key ec.pem
    fails 3 "would break the ECDSA P-256 credential" \
        "$tool" tbf tlv modify base flags 0 app.tab
    "$tool" tbf tlv modify base flags 0 app.tab --private-key ec.pem
    "$tool" inspect-tab app.tab --verify-credentials ec.pub | grep -q "good, key"
    "$tool" tbf tlv modify base flags 1 app.tab --drop-credentials
    ! "$tool" inspect-tab app.tab | grep ECDSA
}

@test "tbf --dry-run writes nothing" {
    cp app.tab old.tab
    "$tool" tbf -n tlv modify base flags 0 app.tab | grep -q ": changed"
    cmp app.tab old.tab
}

@test "tbf convert names an object that is not there" {
    fails 7 "holds no object 'nope'" "$tool" tbf convert cbinary app.tab \
        --only nope
}

@test "tbf convert prints C that compiles to the object" {
    "$bin/elf2tbf" extract -o app.tbf app.tab > /dev/null
    "$tool" tbf convert cbinary app.tbf > app.c
    (
        echo '#include <stdio.h>'
        cat app.c
        echo 'int main(void) { for (size_t i = 0; i < blink_embed_size; i++)'
        echo 'putchar(i < blink_embed_actual_size ? blink_embed[i] : 0); }'
    ) > main.c
    gcc -Wall -Werror -o main main.c
    ./main | cmp - app.tbf
}

@test "tbf: words that are none" {
    fails 2 "expected \`tbf tlv" "$tool" tbf
    fails 2 "expected \`tbf tlv" "$tool" tbf tlv append name x app.tab
    fails 2 "did you mean 'short_id'?" "$tool" tbf tlv add shortid 1 app.tab
    fails 2 "needs 2 values" "$tool" tbf tlv add permissions 1
    fails 2 "is no number" "$tool" tbf tlv add short_id 0x100000000 app.tab
    fails 2 "is no number" "$tool" tbf tlv add short_id -- -1 app.tab
    fails 2 "is no number" "$tool" tbf tlv add short_id 0o9 app.tab
    fails 2 "is no number" "$tool" tbf tlv add kernel_version 2.x app.tab
    fails 2 "cannot be added" "$tool" tbf tlv add main 1 app.tab
    fails 2 "did you mean 'sha256'?" "$tool" tbf credential add sha265 app.tab
    fails 2 "the room that other" "$tool" tbf credential add reserved app.tab
    fails 7 "holds no object" "$tool" tbf tlv delete name --only x app.tab
    fails 3 "No such file" "$tool" tbf tlv delete name nothing.tab
}

@test "list --verify-credentials tells what credentials are worth" {
    board="--board mps2_an386 --flash-file b.img"
    "$tool" tbf credential add ecdsap256 --private-key ec.pem app.tab
    "$tool" install -q $board app.tab
    "$tool" list $board | grep -q "  SHA-256, ECDSA P-256$"
    "$tool" list $board --verify-credentials |
        grep -q "  SHA-256 good, ECDSA P-256 no-key$"
    "$tool" list $board --verify-credentials ec.pub |
        grep -q "  SHA-256 good, ECDSA P-256 good$"
    "$tool" list --json $board --verify-credentials ec.pub > doc
    grep -q '"verdicts":\["good","good"\]' doc
    at=$("$tool" list --plain $board | cut -f 1)
    at=$((at - $("$tool" boards --json | /usr/bin/python3 -c '
import json, sys
print(next(b["flash"]["start"] for b in json.load(sys.stdin)["boards"]
           if b["name"] == "mps2_an386"))') + 200))
    printf '\xff' | dd of=b.img bs=1 seek=$at conv=notrunc status=none
    "$tool" list $board --verify-credentials ec.pub |
        grep -q "  SHA-256 bad, ECDSA P-256 bad$"
    run "$tool" list $board --verify-credentials app.tab
    [ "$status" -eq 3 ]
}

@test "completion knows commands, options and boards" {
    completes() {
        PATH=$bin:$PATH bash -c '
            eval "$(tockloader-c completion bash)"
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            _tockloader_c 2> /dev/null
            printf "%s\n" "${COMPREPLY[@]}"' - "$@" | sort
    }
    [ "$(completes tockloader-c inspect-t)" = inspect-tab ]
    [ "$(completes tockloader-c list --dry)" = --dry-run ]
    [ "$(completes tockloader-c list --board qemu)" = qemu_rv32_virt ]
    [ "$(completes tockloader-c list -b qemu)" = qemu_rv32_virt ]
    [ "$(completes tockloader-c list --color n)" = never ]
    [ "$(completes tockloader-c tbf cr)" = credential ]
    [ "$(completes tockloader-c install app)" = app.tab ]
}

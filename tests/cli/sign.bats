# SPDX-License-Identifier: MIT OR Apache-2.0
# Credentials as a user makes them, checked with the openssl command line, and
# what happens with keys and commands that are not as they should be.

load ../lib/files

bats_require_minimum_version 1.5.0

# One throw-away key of each kind in every form of file.
make_keys() {
    cd "$BATS_FILE_TMPDIR"
    umask 077
    cp "$1/rsa4096_A.pem" rsa.pem
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem
    for kind in rsa ec; do
        openssl pkey -in $kind.pem -pubout -out $kind.pub.pem
        openssl pkey -in $kind.pem -pubout -outform DER -out $kind.pub.der
        openssl pkcs8 -topk8 -nocrypt -in $kind.pem -outform DER \
            -out $kind.pk8
        openssl pkey -in $kind.pem -traditional -out $kind.old.pem
        openssl pkey -in $kind.old.pem -traditional -outform DER \
            -out $kind.old.der
        openssl pkey -in $kind.pem -aes256 -passout pass:x \
            -out $kind.locked.pem
    done
}

setup_file() {
    (make_keys "$PWD/tests/golden/tbf/keys")
}

setup() {
    tool=$(realpath "${B:-build}/bin/elf2tbf")
    inputs=$PWD/tests/golden/tbf/inputs
    cd "$BATS_TEST_TMPDIR"
    cp "$inputs"/{pic_m4,rv32_sym}.elf "$BATS_FILE_TMPDIR"/* .
    mv pic_m4.elf cortex-m4.elf
    chmod u+w -- *
}

# convert WORDS...: cortex-m4.elf for any kernel, nothing on stderr.
convert() {
    "$tool" --kernel-major 2 cortex-m4.elf "$@" > out 2> err
    [ ! -s err ]
}

# Number of 4 bytes at an offset of a file.
u32() {
    od -An -v -tu4 -j "$2" -N 4 "$1" | tr -d ' '
}

# The bytes that credentials cover: docs/tbf.md puts binary_end at 48 in the
# headers that elf2tbf writes.
covered() {
    head -c "$(u32 "$1" 48)" "$1"
}

# "OFFSET FORMAT LENGTH" of each footer, and the offset where they end.
footers() {
    local at end
    at=$(u32 "$1" 48)
    end=$(u32 "$1" 4)
    [ "$end" -eq "$(stat -c %s "$1")" ]
    while [ $((at + 8)) -le "$end" ]; do
        local head type len
        head=$(u32 "$1" "$at")
        type=$((head & 0xffff)) len=$((head >> 16))
        [ "$type" -eq 128 ]
        echo "$((at + 8)) $(u32 "$1" $((at + 4))) $((len - 4))"
        at=$((at + 4 + len))
    done
    echo "$at"
}

# The data of the first footer of a format.
data() {
    local offset len
    read -r offset len < <(footers "$1" | awk -v f="$2" 'NF == 3 && $2 == f {
        print $1, $3; exit }')
    tail -c +$((offset + 1)) "$1" | head -c "$len"
}

# r and s side by side on stdin to DER.
to_der() {
    /usr/bin/python3 -c '
import sys
raw = sys.stdin.buffer.read()
assert len(raw) == 64
def number(b):
    b = b.lstrip(b"\0")
    b = b"\0" + b if not b or b[0] > 127 else b
    return b"\x02" + bytes([len(b)]) + b
both = number(raw[:32]) + number(raw[32:])
sys.stdout.buffer.write(b"\x30" + bytes([len(both)]) + both)'
}

rsa_is_good() {
    data "$1" 2 | tail -c 512 > signature
    covered "$1" | openssl dgst -sha512 -verify rsa.pub.pem -signature signature
}

ec_is_good() {
    data "$1" 6 | to_der > signature
    covered "$1" | openssl dgst -sha256 -verify ec.pub.pem -signature signature
}

# refuses STATUS TEXT OPTIONS...: a conversion with them fails so, and what
# stands where its outputs would is as before.
refuses() {
    rm -f -- *.tab *.tbf
    echo old tab > TockApp.tab
    echo old object > cortex-m4.tbf
    fails "$1" "$2" "$tool" --kernel-major 2 cortex-m4.elf "${@:3}" < /dev/null
}

# --- what is made --------------------------------------------------------------

@test "digests are those of the covered bytes" {
    convert --sha256 --sha384 --sha512
    for pair in 3:256 4:384 5:512; do
        [ "$(data cortex-m4.tbf ${pair%:*} | od -An -v -tx1 | tr -d ' \n')" = \
            "$(covered cortex-m4.tbf | sha${pair#*:}sum | cut -d' ' -f1)" ]
    done
}

@test "an RSA signature is that of openssl, byte for byte" {
    convert --rsa4096-private rsa.pem
    covered cortex-m4.tbf | openssl dgst -sha512 -sign rsa.pem > expected
    data cortex-m4.tbf 2 | tail -c 512 | cmp - expected
    data cortex-m4.tbf 2 | head -c 512 | od -An -v -tx1 | tr -d ' \n' |
        grep -qixF "$(openssl rsa -in rsa.pem -noout -modulus |
            sed 's/^Modulus=//')"
    rsa_is_good cortex-m4.tbf
}

@test "an ECDSA signature verifies with openssl" {
    for i in 1 2 3 4 5 6 7 8; do
        convert --ecdsa-nist-p256-private ec.pem
        ec_is_good cortex-m4.tbf
    done
}

@test "openssl refuses what was changed after signing" {
    convert --ecdsa-nist-p256-private ec.pem --rsa4096-private rsa.pem
    for offset in 8 300 $(($(u32 cortex-m4.tbf 48) - 1)); do
        cp cortex-m4.tbf bad.tbf
        printf '\x55' | dd of=bad.tbf bs=1 seek="$offset" conv=notrunc status=none
        run ! rsa_is_good bad.tbf
        run ! ec_is_good bad.tbf
    done
}

@test "every form of a key file signs the same" {
    convert --rsa4096-private rsa.pem
    cp cortex-m4.tbf expected
    for form in pk8 old.pem old.der; do
        convert --rsa4096-private rsa.$form
        cmp cortex-m4.tbf expected
        convert --ecdsa-nist-p256-private ec.$form
        ec_is_good cortex-m4.tbf
    done
}

@test "the order is that of kernels, whatever that of the options" {
    convert --ecdsa-nist-p256-private ec.pem --sha512 --rsa4096-private \
        rsa.pem --sha384 --sha256 --minimum-footer-size 4000
    [ "$(footers cortex-m4.tbf | awk 'NF == 3 { print $2 }' | xargs)" = \
        "3 4 5 2 6 0" ]
    [ "$(footers cortex-m4.tbf | tail -1)" -eq "$(stat -c %s cortex-m4.tbf)" ]
    grep -q ", 5 credentials$" out
}

@test "an ECDSA signature needs no spare room" {
    "$tool" --kernel-major 2 rv32_sym.elf
    before=$(stat -c %s rv32_sym.tbf)
    "$tool" --kernel-major 2 rv32_sym.elf --ecdsa-nist-p256-private ec.pem
    [ "$(stat -c %s rv32_sym.tbf)" -eq $((before + 72)) ]
    ec_is_good rv32_sym.tbf
}

@test "free room beyond 64 KiB is split, and the footers end with the file" {
    for size in 65500 65536 65580 70000 131072 200000; do
        "$tool" --kernel-major 2 rv32_sym.elf --minimum-footer-size $size \
            --sha256 --ecdsa-nist-p256-private ec.pem
        ec_is_good rv32_sym.tbf
        [ "$(footers rv32_sym.tbf | tail -1)" -eq "$(stat -c %s rv32_sym.tbf)" ]
        [ $(($(stat -c %s rv32_sym.tbf) - $(u32 rv32_sym.tbf 48))) -ge $size ]
    done
}

@test "each object of a bundle is signed, and the TAB holds the same bytes" {
    "$tool" --kernel-major 2 cortex-m4.elf rv32_sym.elf -v \
        --rsa4096-private rsa.pem --sha256 > out
    for app in cortex-m4 rv32_sym; do
        rsa_is_good $app.tbf
        tar xOf TockApp.tab $app.tbf | cmp - $app.tbf
    done
    grep -qx "TockApp.tab  2 images, 2 credentials each" out
    [ "$(grep -c "  credential RSA-4096$" out)" -eq 2 ]
    total=$(cat cortex-m4.tbf rv32_sym.tbf | wc -c)
    awk '/^  0x/ { sum += $2 } END { print sum }' out | grep -qx "$total"
}

@test "two runs make the same bytes, but for ECDSA" {
    convert --rsa4096-private rsa.pem --sha256 --deterministic
    cp TockApp.tab first.tab
    convert --rsa4096-private rsa.pem --sha256 --deterministic
    cmp TockApp.tab first.tab
}

# --- keys ----------------------------------------------------------------------

@test "status 3: a key that is missing, broken, locked or of another kind" {
    head -c 1000 rsa.pem > cut.pem
    refuses 3 "cannot open 'none'" --rsa4096-private none
    refuses 3 "'cut.pem' holds no key" --rsa4096-private cut.pem
    refuses 3 "'cortex-m4.elf' holds no key" --ecdsa-nist-p256-private cortex-m4.elf
    refuses 3 "expected an RSA key of 4096 bits" --rsa4096-private ec.pem
    refuses 3 "expected an EC key on the curve P-256" \
        --ecdsa-nist-p256-private rsa.pem
    refuses 3 "holds only the public half" --rsa4096-private rsa.pub.pem
    refuses 3 "holds only the public half" --ecdsa-nist-p256-private ec.pub.der
    refuses 3 "locked by a passphrase" --rsa4096-private rsa.locked.pem
    refuses 3 "locked by a passphrase" --sha256 \
        --ecdsa-nist-p256-private ec.locked.pem
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 \
        -out small.pem 2>/dev/null
    refuses 3 "holds an RSA key of 1024 bits, expected an RSA key of 4096 bits" \
        --rsa4096-private small.pem
}

@test "nobody is asked for a passphrase, not even at a terminal" {
    run timeout -k 1 20 script -qec \
        "$tool --kernel-major 2 cortex-m4.elf --rsa4096-private rsa.locked.pem" \
        /dev/null
    [ "$status" -eq 3 ]
    [[ "$output" == *"locked by a passphrase"* ]]
    [[ "$output" != *"pass phrase"* ]]
}

@test "a private key that others can read is warned about" {
    chmod 640 ec.pem
    "$tool" --kernel-major 2 cortex-m4.elf --ecdsa-nist-p256-private ec.pem 2> err
    grep -qxF "warning: other users can read the private key 'ec.pem'; chmod 600 'ec.pem'" err
    ec_is_good cortex-m4.tbf
    refuses 3 "1 warning, and '--strict' is given" --strict \
        --ecdsa-nist-p256-private ec.pem
}

@test "a key may come from a pipe" {
    "$tool" --kernel-major 2 cortex-m4.elf \
        --ecdsa-nist-p256-private <(cat ec.pem) 2> err
    [ ! -s err ]
    ec_is_good cortex-m4.tbf
}

# --- keys that live elsewhere --------------------------------------------------

sign='openssl pkeyutl -sign -inkey $KEY -pkeyopt digest:$SIGN_HASH'

@test "a command signs with a key that elf2tbf never sees" {
    export KEY=rsa.pem
    convert --rsa4096-private rsa.pem
    cp cortex-m4.tbf expected
    convert --sign-cmd "$sign" --public-key rsa.pub.pem
    cmp cortex-m4.tbf expected
    convert --sign-cmd "$sign" --public-key rsa.pub.der
    cmp cortex-m4.tbf expected
    KEY=ec.pem convert --sign-cmd "$sign" --public-key ec.pub.pem
    ec_is_good cortex-m4.tbf
}

@test "a command and a key file together" {
    KEY=ec.pem convert --sign-cmd "$sign" --public-key ec.pub.pem \
        --rsa4096-private rsa.pem
    ec_is_good cortex-m4.tbf
    rsa_is_good cortex-m4.tbf
    refuses 2 "two keys are given for a credential RSA-4096" \
        --sign-cmd "$sign" --public-key rsa.pub.pem --rsa4096-private rsa.pem
}

@test "the command runs once for each object and may write to stderr" {
    export KEY=ec.pem
    "$tool" --kernel-major 2 cortex-m4.elf rv32_sym.elf --public-key ec.pub.pem \
        --sign-cmd "echo touch the token >&2; $sign" 2> err
    [ "$(grep -c "touch the token" err)" -eq 2 ]
    ec_is_good cortex-m4.tbf
    ec_is_good rv32_sym.tbf
}

@test "a command signs also without a standard input or output" {
    export KEY=ec.pem
    "$tool" --kernel-major 2 cortex-m4.elf --sign-cmd "$sign" \
        --public-key ec.pub.pem <&- >&-
    ec_is_good cortex-m4.tbf
}

@test "status 3: a command that fails, is silent, or says too little or much" {
    local public=(--public-key ec.pub.pem)
    refuses 3 "the command 'exit 7' failed with status 7" \
        --sign-cmd "exit 7" "${public[@]}"
    [[ "$output" == *"while making the credential ECDSA P-256"* ]]
    refuses 3 "failed with status 127" --sign-cmd "/no/such/program" \
        "${public[@]}"
    refuses 3 "ended by signal 15" --sign-cmd 'kill $$' "${public[@]}"
    refuses 3 "answers with 0 bytes" --sign-cmd true "${public[@]}"
    refuses 3 "answers with 7 bytes, expected a signature of 64 bytes or in DER" \
        --sign-cmd "echo signed" "${public[@]}"
    refuses 3 "answers with more than" --sign-cmd "yes" "${public[@]}"
    refuses 3 "expected a signature of 512 bytes" --sign-cmd "echo signed" \
        --public-key rsa.pub.pem
}

@test "status 6: a signature of another key, or over something else" {
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
        -out other.pem
    export KEY=other.pem
    refuses 6 "is not one of the key in 'ec.pub.pem'" --sign-cmd "$sign" \
        --public-key ec.pub.pem
    refuses 6 "is not one of the key in 'ec.pub.pem'" --public-key ec.pub.pem \
        --sign-cmd "head -c 32 /dev/zero | openssl pkeyutl -sign -inkey ec.pem"
    refuses 6 "is not one of the key in 'rsa.pub.pem'" \
        --sign-cmd "head -c 512 /dev/urandom" --public-key rsa.pub.pem
}

@test "status 130: interrupted while the command runs, files are as before" {
    echo old tab > TockApp.tab
    echo old object > cortex-m4.tbf
    run timeout --preserve-status -s INT 1 "$tool" --kernel-major 2 \
        cortex-m4.elf --sign-cmd "exec sleep 60" --public-key ec.pub.pem
    [ "$status" -eq 130 ]
    [[ "$output" == "error: interrupted"* ]]
    run timeout -s KILL 1 "$tool" --kernel-major 2 cortex-m4.elf \
        --sign-cmd "exec sleep 3" --public-key ec.pub.pem
    [ "$(cat TockApp.tab cortex-m4.tbf)" = "old tab
old object" ]
    [ -z "$(find . -name '*.tmp*' -o -name '.*.t*')" ]
}

@test "status 2: a command without its public key, and the reverse" {
    refuses 2 "'--sign-cmd' needs '--public-key'" --sign-cmd true
    refuses 2 "'--public-key' needs '--sign-cmd'" --public-key ec.pub.pem
}

# --- libcrypto -----------------------------------------------------------------

@test "only a run with credentials loads libcrypto" {
    LD_DEBUG=files LD_DEBUG_OUTPUT=plain convert
    run ! grep -q libcrypto plain.*
    LD_DEBUG=files LD_DEBUG_OUTPUT=signed convert --sha256
    grep -q libcrypto signed.*
}

@test "status 3: libcrypto cannot be loaded" {
    mkdir broken
    echo "no library" > broken/libcrypto.so.3
    export LD_LIBRARY_PATH=$PWD/broken
    refuses 3 "cannot load libcrypto.so.3" --sha256
    convert
}

@test "the user's configuration of OpenSSL changes nothing" {
    convert --rsa4096-private rsa.pem
    cp cortex-m4.tbf expected
    printf 'openssl_conf = a\n[a]\nproviders = b\n[b]\nlegacy = c\n[c]\nactivate = 1\n' > conf
    OPENSSL_CONF=$PWD/conf convert --rsa4096-private rsa.pem
    cmp cortex-m4.tbf expected
}

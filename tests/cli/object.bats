# SPDX-License-Identifier: MIT OR Apache-2.0
# Objects that exist already, as a user of elf2tbf sees them: inspect, verify,
# sign, set, extract, bundle and completion. What fails leaves all files alone.

load ../lib/files

setup_file() {
    keys=$BATS_FILE_TMPDIR
    openssl genrsa -out "$keys/rsa.pem" 4096 2> /dev/null
    openssl ecparam -name prime256v1 -genkey -noout -out "$keys/ec.pem"
    openssl ecparam -name prime256v1 -genkey -noout -out "$keys/other.pem"
    openssl ec -in "$keys/ec.pem" -pubout -out "$keys/ec.pub" 2> /dev/null
    chmod 600 "$keys"/*.pem
}

setup() {
    tool=$(realpath "${B:-build}/bin/elf2tbf")
    root=$PWD
    inputs=$PWD/tests/golden/tbf/inputs
    cp "$BATS_FILE_TMPDIR"/*.{pem,pub} "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR"
    cp "$inputs"/{pic_m4,rv32_sym}.elf .
    chmod u+w pic_m4.elf rv32_sym.elf
    "$tool" -n blink --kernel-major 2 --kernel-minor 1 --deterministic \
        --minimum-footer-size 1300 --sha256 -o app.tab \
        pic_m4.elf,cortex-m4 rv32_sym.elf,rv32imac > /dev/null
    mv pic_m4.tbf m4.tbf
}

# follows SCHEMA: stdin is a document of that schema; prints it.
follows() {
    /usr/bin/python3 -c '
import json, sys
sys.path.insert(0, sys.argv[1] + "/tests/lib")
import schema
found = json.load(sys.stdin)
schema.validate(found, schema.load(sys.argv[2]))
print(json.dumps(found, indent=1))' "$root" "$1"
}

@test "inspect tells header entries, footers and sizes" {
    "$tool" inspect app.tab > out
    grep -qx "app.tab: TAB with 2 objects" out
    grep -qx "cortex-m4.tbf: 2048 bytes" out
    grep -qx "  0x000038  Package Name (3), 5 bytes" out
    grep -qx "            package_name        blink" out
    grep -q "SHA-256 (3), 32 bytes: good$" out
    [ "$(grep -c "^  sizes " out)" -eq 2 ]
    ! grep -q " $" out
    "$tool" inspect m4.tbf | diff - <(sed -n '/^cortex-m4/,/^  sizes/p' out |
        sed 's/^cortex-m4.tbf/m4.tbf/')
}

@test "inspect's sizes add up to the object's" {
    "$tool" inspect m4.tbf | sed -n 's/^  sizes//p' | tr -cs '0-9' '\n' |
        awk '{ sum += $1 } END { print sum }' | grep -qx 2048
}

@test "inspect --json follows its schema and tells the same" {
    "$tool" inspect --json app.tab m4.tbf | follows inspect-1 > out
    /usr/bin/python3 -c '
import json
found = json.load(open("out"))
tab, tbf = found["files"]
assert tab["kind"] == "tab" and tbf["kind"] == "tbf" and tbf["tab"] is None
assert tab["tab"]["name"] == "blink" and tab["tab"]["kernel"] == "2.1"
app = tbf["objects"][0]
assert app["problem"] is None and sum(app["sizes"].values()) == 2048
names = [e["name"] for e in app["entries"]]
assert names[:3] == ["Main", "Program", "Package Name"]
assert [f["name"] for f in app["footers"]] == ["sha256", "reserved"]
assert app["footers"][0]["verdict"] == "good"'
}

@test "inspect tells a malformed object as far as it goes, then fails" {
    cp m4.tbf bad.tbf
    printf '\x63' | dd of=bad.tbf bs=1 seek=50 conv=notrunc status=none
    fails 3 "header checksum does not match" "$tool" inspect bad.tbf m4.tbf
    [[ "$output" == *"  0x000038  Package Name (3), 5 bytes"* ]]
    [[ "$output" == *"m4.tbf: 2048 bytes"*"error: "* ]]
    status=0
    "$tool" inspect --json bad.tbf 2> /dev/null > doc || status=$?
    [ $status -eq 3 ]
    follows inspect-1 < doc | grep -q '"problem": "header checksum does not'
}

@test "inspect of an object cut off anywhere: one error, status 3" {
    for len in 0 1 8 15 16 17 40 60 61 200 2047; do
        head -c $len m4.tbf > cut.tbf
        fails 3 "'cut.tbf': " "$tool" inspect cut.tbf
        [ "$(grep -c "^error: " <<< "$output")" -eq 1 ]
    done
    cat m4.tbf m4.tbf > two.tbf
    fails 3 "2048 bytes behind the object" "$tool" inspect two.tbf
    fails 3 "tar archive" "$tool" inspect <(head -c 700 app.tab)
    fails 3 "No such file" "$tool" inspect nothing.tbf
}

@test "verify with one of two keys that signed in the same way" {
    "$tool" sign -q --ecdsa-nist-p256-private ec.pem m4.tbf
    "$tool" sign -q --add --ecdsa-nist-p256-private other.pem m4.tbf
    for key in ec.pub other.pem; do
        "$tool" verify --key $key m4.tbf > out
        grep -q "ECDSA P-256 *good, key $key" out
        grep -q "ECDSA P-256 *of another key" out
    done
    flips 200
    fails 6 "a credential is wrong" "$tool" verify --key ec.pub flipped.tbf
}

@test "set: the metadata asks for the newest kernel of its objects" {
    "$tool" -n x --kernel-major 2 --kernel-minor 1 -o x.tab \
        pic_m4.elf,cortex-m4 rv32_sym.elf,rv32imac > /dev/null
    "$tool" set -q --kernel-minor 3 --only cortex-m4 x.tab
    "$tool" set -q --kernel-major 3 x.tab
    "$tool" inspect x.tab | grep -q "minimum-tock-kernel-version  3.3"
}

@test "hostile objects: every command ends soon, with one error at most" {
    for input in "$root"/tests/fuzz/corpus/{tbf,object,tab}/*; do
        for command in inspect verify "set --disable" "sign --sha256 --grow" \
            "extract --binary -d ." "bundle -o x.tab"; do
            cp "$input" hostile.tbf
            run timeout 5 "$tool" $command hostile.tbf
            echo "$command $input: $status $output"
            case $status in
            0) [[ "$output" != *"error: "* ]] ;;
            3 | 6 | 7) [ "$(grep -c "^error: " <<< "$output")" -eq 1 ] ;;
            *) false ;;
            esac
        done
    done
}

@test "verify checks digests, and signatures with their keys" {
    "$tool" verify app.tab > out
    [ "$(grep -c "SHA-256 *good" out)" -eq 2 ]
    "$tool" sign -q --ecdsa-nist-p256-private ec.pem app.tab
    "$tool" verify --key ec.pub app.tab | grep -q "ECDSA P-256 *good, key ec.pub"
    "$tool" verify --key ec.pem app.tab
    "$tool" verify app.tab | grep "ECDSA P-256"
    fails 6 "a credential is wrong" "$tool" verify --key other.pem app.tab
    fails 6 "was made with a given key" "$tool" verify --key rsa.pem app.tab
    "$tool" verify --json --key ec.pub app.tab | follows elf2tbf-verify-1
}

# flips OFFSET: m4.tbf with one bit of that byte changed, as flipped.tbf
flips() {
    cp m4.tbf flipped.tbf
    printf "\\x$(printf %02x $((0x$(od -An -tx1 -j "$1" -N 1 m4.tbf | tr -d " ") ^ 4)))" |
        dd of=flipped.tbf bs=1 seek="$1" conv=notrunc status=none
}

@test "verify: one flipped bit of the covered bytes is found, none behind" {
    end=$("$tool" inspect m4.tbf |
        sed -n '/Program/,/Name/s/ *binary_end_offset *//p')
    for at in 76 100 200 $((end - 1)); do
        flips $at
        fails 6 "a credential is wrong" "$tool" verify flipped.tbf
    done
    flips 57 # the header's checksum notices first
    fails 3 "header checksum" "$tool" verify flipped.tbf
    flips 2047
    "$tool" verify flipped.tbf
}

@test "verify: an object without credential vouches for nothing" {
    "$tool" -n x --kernel-major 2 -o x.tab pic_m4.elf,cortex-m4 > /dev/null
    fails 6 "there is no credential" "$tool" verify x.tab
}

@test "sign makes signatures that openssl verifies" {
    "$tool" sign --rsa4096-private rsa.pem --ecdsa-nist-p256-private ec.pem \
        --sha512 m4.tbf -o signed.tbf
    "$tool" inspect --json signed.tbf > doc
    end=$(/usr/bin/python3 -c '
import json
app = json.load(open("doc"))["files"][0]["objects"][0]
print(app["binary_end"])
bytes_ = open("signed.tbf", "rb").read()
for f in app["footers"]:
    data = bytes_[f["offset"] + 8:f["offset"] + f["size"]]
    open(f["name"], "wb").write(data)')
    head -c "$end" signed.tbf > covered
    tail -c 512 rsa4096 > signature
    openssl rsa -in rsa.pem -pubout -out rsa.pub 2> /dev/null
    openssl dgst -sha512 -verify rsa.pub -signature signature covered
    openssl dgst -sha512 -sign rsa.pem -out expected covered
    cmp signature expected
    openssl dgst -sha512 -binary covered | cmp - sha512
    "$tool" verify --key rsa.pub signed.tbf
    "$tool" verify --key ec.pub signed.tbf
    cmp m4.tbf <("$tool" inspect m4.tbf > /dev/null; cat m4.tbf)
}

@test "sign replaces credentials of the same kind, or adds to them" {
    "$tool" sign --ecdsa-nist-p256-private other.pem m4.tbf
    "$tool" sign --ecdsa-nist-p256-private ec.pem m4.tbf
    [ "$("$tool" inspect m4.tbf | grep -c "ECDSA")" -eq 1 ]
    "$tool" sign --add --ecdsa-nist-p256-private other.pem m4.tbf
    [ "$("$tool" inspect m4.tbf | grep -c "ECDSA")" -eq 2 ]
    "$tool" verify --key ec.pub --key other.pem m4.tbf
}

# make NAME OPTION...: an object with room, built with these options too
make_object() {
    local name=$1
    shift
    "$tool" -n blink --kernel-major 2 --minimum-footer-size 1300 -o x.tab "$@" \
        pic_m4.elf,cortex-m4 > /dev/null
    mv pic_m4.tbf "$name"
}

@test "what is changed or signed later is what elf2tbf makes at once" {
    make_object at_once --sha512 --rsa4096-private rsa.pem --sha256
    make_object later
    "$tool" sign -q --sha256 --sha512 later
    "$tool" sign -q --rsa4096-private rsa.pem later
    cmp at_once later
    make_object at_once --sha256 --short-id 77 --app-version 3 --disable
    make_object later --sha256
    "$tool" set -q --short-id 77 --app-version 3 --disable later
    cmp at_once later
}

@test "sign lets a command sign" {
    "$tool" sign --public-key ec.pub --sign-cmd \
        'openssl pkeyutl -sign -inkey ec.pem' m4.tbf
    "$tool" verify --key ec.pub m4.tbf
    fails 2 "need each other" "$tool" sign --sign-cmd true m4.tbf
    fails 3 "" "$tool" sign --public-key ec.pub --sign-cmd false m4.tbf
}

@test "sign needs room, and makes it with --grow" {
    "$tool" -n x --kernel-major 2 -o x.tab --sha256 pic_m4.elf,cortex-m4 \
        > /dev/null
    fails 3 "--grow makes it larger, from 512 to 2048 bytes" \
        "$tool" sign --rsa4096-private rsa.pem x.tab
    "$tool" sign --grow --rsa4096-private rsa.pem x.tab > out
    grep -qx "cortex-m4.tbf: changed, 1 credential made again, 2048 bytes instead of 512" out
    "$tool" verify --key rsa.pem x.tab
}

@test "sign: keys of the wrong kind, nothing to do, no such object" {
    fails 3 "" "$tool" sign --rsa4096-private ec.pem app.tab
    fails 2 "nothing to sign with" "$tool" sign app.tab
    fails 7 "holds no object 'cortex-m7'" \
        "$tool" sign --sha512 --only cortex-m7 app.tab
    fails 7 "holds no object 'cortex-m7'" \
        "$tool" sign --sha512 --only cortex-m4,cortex-m7 app.tab
    fails 2 "would replace an input" \
        "$tool" sign --ecdsa-nist-p256-private ec.pem -o ec.pem app.tab
    fails 2 "chooses objects of a TAB" "$tool" sign --sha512 --only x m4.tbf
    fails 2 "needs FILE" "$tool" sign --sha512
    fails 2 "did you mean '--sha512'?" "$tool" sign --sha51 app.tab
}

@test "set changes headers and makes digests again" {
    "$tool" set --disable --sticky --app-version 7 --short-id 0x1234 \
        --kernel-minor 3 --minimum-ram-size 9000 -n "other name" app.tab > out
    [ "$(grep -c ": changed, 1 credential made again" out)" -eq 2 ]
    "$tool" verify app.tab
    "$tool" inspect app.tab > told
    [ "$(grep -c "flags               0x00000002  disabled, sticky" told)" -eq 2 ]
    [ "$(grep -c "app_version         7" told)" -eq 2 ]
    [ "$(grep -c "short_id            0x00001234" told)" -eq 2 ]
    [ "$(grep -c "minimum_ram_size    9000" told)" -eq 4 ]
    [ "$(grep -c "kernel_minor        3" told)" -eq 2 ]
    [ "$(grep -c "package_name        other name" told)" -eq 2 ]
    grep -q "^  name *other name$" told
    grep -q "^  minimum-tock-kernel-version  2.3$" told
    "$tool" set --disable app.tab | grep -qx "cortex-m4.tbf: already so"
}

@test "set leaves what it does not change, byte for byte" {
    mkdir before after
    tar xf app.tab -C before
    "$tool" set --app-version 3 --only cortex-m4.tbf app.tab
    tar xf app.tab -C after
    cmp before/rv32imac.tbf after/rv32imac.tbf
    cmp before/metadata.toml after/metadata.toml
    ! cmp -s before/cortex-m4.tbf after/cortex-m4.tbf
    "$tool" set --app-version 0 --kernel-minor 9 --only cortex-m4 app.tab
    tar xf app.tab -C after
    cmp before/metadata.toml after/metadata.toml
    "$tool" set --kernel-minor 1 --only cortex-m4 app.tab
    tar xf app.tab -C after
    cmp before/cortex-m4.tbf after/cortex-m4.tbf
}

@test "set refuses to break a signature, signs again, or drops it" {
    "$tool" sign -q --ecdsa-nist-p256-private ec.pem app.tab
    fails 3 "would break the ECDSA P-256 credential" \
        "$tool" set --disable app.tab
    [[ "$output" == *"hint: "*"--drop-credentials"* ]]
    fails 3 "would break the ECDSA P-256 credential" \
        "$tool" set --disable --ecdsa-nist-p256-private other.pem app.tab
    "$tool" set --disable --ecdsa-nist-p256-private ec.pem app.tab
    "$tool" verify --key ec.pub app.tab
    "$tool" set --enable --drop-credentials app.tab > out
    grep -q "1 credential made again, 1 credential removed" out
    ! "$tool" inspect app.tab | grep ECDSA
    "$tool" verify app.tab
}

@test "set does not bless damaged bytes" {
    printf '\xff' | dd of=m4.tbf bs=1 seek=100 conv=notrunc status=none
    fails 6 "the object is damaged" "$tool" set --disable m4.tbf
}

@test "set: a header that does not fit" {
    fails 3 "linked for its flash address" \
        "$tool" set -n "$(printf %0100d 0)" app.tab
    fails 2 "cannot be used with" "$tool" set --enable --disable m4.tbf
    fails 2 "nothing to set" "$tool" set m4.tbf
    fails 2 "not UTF-8" "$tool" set -n $'\xff' m4.tbf
    fails 3 "header checksum" bash -c \
        '(head -c 30 m4.tbf; printf "\1"; tail -c +32 m4.tbf) > "$2"
         "$1" set --disable "$2"' - "$tool" "$BATS_TEST_TMPDIR.bad"
}

@test "extract and bundle are opposites" {
    mkdir parts
    "$tool" extract -d parts app.tab > out
    grep -qx "parts/cortex-m4.tbf: 2048 bytes" out
    cmp parts/cortex-m4.tbf m4.tbf
    "$tool" bundle --deterministic -o again.tab parts/cortex-m4.tbf \
        parts/rv32imac.tbf > out
    grep -qx "again.tab: 2 objects" out
    cmp again.tab app.tab
    "$tool" bundle --deterministic -o third.tab m4.tbf,cortex-m7 app.tab
    tar tf third.tab | grep -qx cortex-m7.tbf
    "$tool" extract -o one.tbf app.tab rv32imac.tbf
    cmp one.tbf parts/rv32imac.tbf
    "$tool" extract --binary -o m4.bin m4.tbf
    "$tool" inspect m4.tbf | grep -q "app binary, $(stat -c %s m4.bin) bytes"
    start=$("$tool" inspect m4.tbf | sed -n 's/  \(0x[0-9a-f]*\)  app bin.*/\1/p')
    cmp -n "$(stat -c %s m4.bin)" -i "0:$((start))" m4.bin m4.tbf
    "$tool" extract --json -d parts app.tab | follows extract-1
    "$tool" bundle --json app.tab | follows bundle-1
    [ -s TockApp.tab ]
}

@test "extract and bundle: what is not there, not alike, not an app" {
    fails 7 "holds no object 'cortex-m7'" "$tool" extract app.tab cortex-m7
    fails 2 "for one object, these are 2" "$tool" extract -o x.tbf app.tab
    fails 3 "nothing to extract" "$tool" extract m4.tbf
    fails 2 "would replace an input" \
        "$tool" extract -o app.tab app.tab rv32imac
    fails 2 "would replace an input" \
        "$tool" extract --binary -o ./m4.tbf m4.tbf
    ln -s m4.tbf link
    fails 2 "would replace an input" "$tool" bundle -o link m4.tbf
    fails 3 "No such file" "$tool" extract -d nowhere app.tab
    fails 3 "two objects of the TAB would be called" \
        "$tool" bundle -o x.tab m4.tbf,a m4.tbf,a
    fails 3 "" "$tool" bundle -o x.tab m4.tbf,../a
    fails 3 "does not begin with version 2" "$tool" bundle -o x.tab pic_m4.elf
    "$tool" set -n other m4.tbf -o other.tbf
    fails 3 "holds the app 'other', but the others are 'blink'" \
        "$tool" bundle -o x.tab m4.tbf other.tbf
}

@test "bundle reproduces with a fixed date and warns about odd ones" {
    SOURCE_DATE_EPOCH=1153704088 "$tool" bundle -n odd -o x.tab m4.tbf 2> err
    tar xOf x.tab metadata.toml | grep -qx "build-date = 2006-07-24T01:21:28Z"
    grep -q "^warning: the objects are named 'blink'" err
    "$tool" bundle -q -n odd -o x.tab m4.tbf 2> err
    [ ! -s err ]
}

@test "a link stays a link, and its target is replaced" {
    mkdir there
    mv m4.tbf there
    ln -s there/m4.tbf m4.tbf
    "$tool" set --disable m4.tbf
    [ -L m4.tbf ]
    "$tool" inspect there/m4.tbf | grep -q "disabled"
}

@test "killed at any moment, the file is old or new and whole" {
    cp app.tab old.tab
    "$tool" set -q --disable -o new.tab app.tab
    for delay in 0.001 0.002 0.003 0.004 0.006 0.009; do
        cp old.tab app.tab
        timeout -s KILL $delay "$tool" set -q --disable app.tab || true
        cmp -s app.tab old.tab || cmp app.tab new.tab
    done
}

@test "JSON of commands that change, also when they fail" {
    "$tool" sign --json --sha384 app.tab | follows sign-1 |
        grep -q '"changed": true'
    "$tool" set --json --disable m4.tbf | follows set-1 | grep -q '"remade": 1'
    for words in "set --json app.tab" "sign --json --nonsense app.tab" \
        "verify --json nothing.tbf" "extract --json m4.tbf" \
        "bundle --json pic_m4.elf" "inspect --json"; do
        name=${words%% *}
        [ $name != verify ] || name=elf2tbf-verify
        ! "$tool" $words > doc 2> err
        follows $name-1 < doc | grep -q '"message"'
        grep -q "^error: " err
    done
}

@test "a file named like a command is written with its folder" {
    cp pic_m4.elf inspect
    "$tool" -n x -o x.tab --kernel-major 2 ./inspect,cortex-m4 > /dev/null
    [ -s x.tab ]
    fails 2 "needs FILE" "$tool" inspect
}

@test "help of each command fits a screen, its example is understood" {
    cp app.tab blink.tab
    cp ec.pem key.pem
    cp ec.pub public.pem
    mkdir build
    "$tool" extract -d . app.tab > /dev/null
    for command in inspect set sign verify extract bundle; do
        "$tool" $command --help > help
        [ "$(wc -l < help)" -le 24 ]
        [ "$(wc -L < help)" -le 80 ]
        PATH=$(dirname "$tool"):$PATH bash -ec "$(grep '^  elf2tbf' help)"
    done
    "$tool" completion --help | grep -q bash
}

@test "the manual has the commands' options" {
    man=$root/docs/man/elf2tbf.1
    for command in inspect verify sign set extract bundle completion; do
        grep -q "^\.It Cm $command" "$man"
        for option in $("$tool" $command --help | grep -oE -e '--[a-z0-9-]+'); do
            grep -q -e "Fl -${option#--}\b" "$man" || {
                echo "$command $option is not in the manual"
                false
            }
        done
    done
}

# completes WORDS...: what bash offers for the last word
completes() {
    bash -c '
        eval "$("$1" completion bash)"
        shift
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _elf2tbf 2> /dev/null
        printf "%s\n" "${COMPREPLY[@]}"' - "$tool" "$@" | sort
}

@test "bash completes commands, options and files" {
    [ "$(completes elf2tbf in)" = inspect ]
    [ "$(completes elf2tbf --stric)" = --strict ]
    [ "$(completes elf2tbf set --st)" = --sticky ]
    [ "$(completes elf2tbf sign --ecdsa-nist-p256-private e)" = "ec.pem
ec.pub" ]
    [ "$(completes elf2tbf verify m)" = m4.tbf ]
    [ "$(completes elf2tbf completion z)" = zsh ]
    [ -z "$(completes elf2tbf set --short-id a)" ]
    mkdir afolder
    [ "$(completes elf2tbf extract -d a)" = afolder ]
    [ "$(completes elf2tbf pic)" = pic_m4.elf ]
}

@test "completion scripts offer every option of every command" {
    for shell in bash zsh fish; do
        "$tool" completion $shell > script
        for command in inspect verify sign set extract bundle; do
            grep -q "$command" script
            for option in $("$tool" $command --help |
                grep -oE -e '  --[a-z0-9-]+'); do
                grep -q -e "${option#--}" script
            done
        done
    done
    "$tool" completion bash | bash -n
    "$tool" completion zsh | zsh -n
    "$tool" completion fish | fish -n
    fails 2 "no completion for 'tcsh'" "$tool" completion tcsh
}

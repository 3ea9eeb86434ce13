# SPDX-License-Identifier: MIT OR Apache-2.0
# elf2tbf as a build system and a user see it: output, statuses, and that a
# run that fails leaves every file as it was.

setup() {
    tool=$(realpath "${B:-build}/bin/elf2tbf")
    root=$PWD
    inputs=$PWD/tests/golden/tbf/inputs
    cd "$BATS_TEST_TMPDIR"
    cp "$inputs"/{pic_m4,rv32_sym,fix_m4_sym}.elf .
    chmod u+w -- *
}

# Old outputs that a failing run must not touch.
old_outputs() {
    echo old tab > app.tab
    echo old object > pic_m4.tbf
    echo old object > rv32_sym.tbf
    find . -type f | sort | xargs sha256sum > "$BATS_TEST_TMPDIR.sums"
}

# fails STATUS TEXT WORDS...: that status and error; no file came, went or
# changed.
fails() {
    local expected=$1 text=$2
    shift 2
    [ -e "$BATS_TEST_TMPDIR.sums" ] || old_outputs
    run "$@"
    echo "status $status, expected $expected: $output"
    [ "$status" -eq "$expected" ]
    [[ "$output" == *"error: "*"$text"* ]]
    unchanged
}

unchanged() {
    find . -type f | sort | xargs sha256sum | diff "$BATS_TEST_TMPDIR.sums" -
}

@test "a build system finds the version it needs" {
    run "$tool" --version
    [ "$status" -eq 0 ]
    [[ "$output" =~ ^elf2tbf\ ([0-9]+\.[0-9]+\.[0-9]+)$ ]]
    printf '0.13.0\n%s\n' "${BASH_REMATCH[1]}" | sort -V -C
    [ "$output" = "elf2tbf $(cat "$root/VERSION")" ]
}

@test "the command line of libtock-c builds a TAB and objects" {
    mkdir -p build/cortex-m4
    cp pic_m4.elf build/cortex-m4/cortex-m4.elf
    run "$tool" -n blink --stack 2048 --app-heap 1024 --kernel-heap 1024 \
        --kernel-major 2 --kernel-minor 0 --minimum-footer-size 3000 -v \
        -o build/blink.tab build/cortex-m4/cortex-m4.elf
    [ "$status" -eq 0 ]
    [ "$(stat -c %s build/cortex-m4/cortex-m4.tbf)" -eq 4096 ]
    [ "$(tar tf build/blink.tab)" = "metadata.toml
cortex-m4.tbf" ]
    tar xOf build/blink.tab cortex-m4.tbf | cmp - build/cortex-m4/cortex-m4.tbf
    tar xOf build/blink.tab metadata.toml |
        grep -qx 'minimum-tock-kernel-version = "2.0"'
}

@test "a makefile written for elf2tab builds unchanged with ELF2TAB=elf2tbf" {
    cat > Makefile <<'END'
ELF2TAB ?= elf2tab
NEEDED := 0.13.0
NAME ?= blink
ARCHS := cortex-m0 cortex-m4 rv32imac.0x20040080.0x80002800
FLAGS := -n $(NAME) --stack 2048 --app-heap 1024 --kernel-heap 1024 \
    --kernel-major 2 --kernel-minor 0
ELF2TAB_ARGS += $(if $(FOOTER),--minimum-footer-size $(FOOTER)) $(if $(V),-v)
HAVE := $(shell $(ELF2TAB) --version | cut -d ' ' -f 2)

build/$(NAME).tab: $(foreach a,$(ARCHS),build/$(a)/$(a).elf) | version
	$(ELF2TAB) $(FLAGS) $(ELF2TAB_ARGS) -o $@ $^
.PHONY: version
version:
	printf '$(NEEDED)\n$(HAVE)\n' | sort -V -C
END
    for arch in cortex-m0:pic_m0 cortex-m4:pic_m4 \
        rv32imac.0x20040080.0x80002800:rv32_sym; do
        mkdir -p "build/${arch%:*}"
        cp "$inputs/${arch#*:}.elf" "build/${arch%:*}/${arch%:*}.elf"
    done
    PATH=$(dirname "$tool"):$PATH make ELF2TAB=elf2tbf
    [ "$(tar tf build/blink.tab)" = "metadata.toml
cortex-m0.tbf
cortex-m4.tbf
rv32imac.0x20040080.0x80002800.tbf" ]
    tar xOf build/blink.tab cortex-m4.tbf | cmp - build/cortex-m4/cortex-m4.tbf
    PATH=$(dirname "$tool"):$PATH make ELF2TAB=elf2tbf NAME=two FOOTER=3000 V=1
    [ "$(stat -c %s build/cortex-m4/cortex-m4.tbf)" -eq 4096 ]
    # The check finds a tool that is too old.
    ! PATH=$(dirname "$tool"):$PATH make ELF2TAB=elf2tbf NAME=x NEEDED=99.0
    [ ! -e build/x.tab ]
}

@test "success is told on stdout, with the next command" {
    "$tool" -n x --kernel-major 2 pic_m4.elf,cortex-m4 > out 2> err
    grep -q "^  cortex-m4  flash 336 B of 512 B  RAM 4.1 KiB  position" out
    grep -qx "install it: tockloader-c install TockApp.tab" out
    [ ! -s err ]
}

@test "the verbose report accounts for every byte" {
    "$tool" -v --kernel-major 2 fix_m4_sym.elf --minimum-footer-size 100 > out
    total=$(stat -c %s fix_m4_sym.tbf)
    awk '/^  0x/ { sum += $2 } END { print sum }' out | grep -qx "$total"
}

@test "an app that no kernel would start is warned about" {
    "$tool" pic_m4.elf 2> err
    grep -q "^warning: pic_m4.elf: without --kernel-major" err
}

@test "status 3: a warning with --strict; without one it changes nothing" {
    fails 3 "1 warning, and '--strict' is given" \
        "$tool" pic_m4.elf,cortex-m4 -o app.tab --strict
    [[ "$output" == "warning: "* ]]
    "$tool" pic_m4.elf,cortex-m4 -o app.tab --strict --kernel-major 2
    [ "$(tar tf app.tab | wc -l)" -eq 2 ]
}

@test "the architecture comes from the program where the name tells none" {
    mkdir a b
    cp pic_m4.elf a/blink.elf
    cp rv32_sym.elf b/blink.elf
    "$tool" --kernel-major 2 -o app.tab a/blink.elf b/blink.elf 2> err
    [ ! -s err ]
    [ "$(tar tf app.tab | tail -n 2)" = "cortex-m4.tbf
rv32imac.0x20040080.0x80002800.tbf" ]
    "$tool" --kernel-major 2 -o app.tab a/blink.elf,auto
    [ "$(tar tf app.tab | tail -n 1)" = cortex-m4.tbf ]
    # A name that tells none is used as it is, but not silently.
    "$tool" --kernel-major 2 -o app.tab a/blink.elf 2> err
    [ "$(tar tf app.tab | tail -n 1)" = blink.tbf ]
    grep -q "architecture 'blink'; the program was built for cortex-m4" err
    old_outputs
    cp pic_m4.elf b/blink.elf
    old_outputs
    fails 3 "two objects would be named 'cortex-m4'" \
        "$tool" --kernel-major 2 -o app.tab a/blink.elf b/blink.elf
    fails 3 "does not tell for which architecture" \
        "$tool" --kernel-major 2 -o app.tab "$inputs/x86.elf,auto"
}

@test "status 2: a command line that is not understood" {
    fails 2 "no ELF file given" "$tool"
    fails 2 "did you mean '--stack'?" "$tool" pic_m4.elf -o app.tab --stak 5
    fails 2 "lists the options" "$tool" pic_m4.elf -o app.tab --no-such-option
    fails 2 "given twice" "$tool" pic_m4.elf -o app.tab -v -v
    fails 2 "two inputs have the architecture" \
        "$tool" -o app.tab pic_m4.elf,m4 rv32_sym.elf,m4
}

@test "status 2: an output that would replace another file of the run" {
    fails 2 "two outputs would both be" "$tool" pic_m4.elf -o ./pic_m4.tbf
    fails 2 "would replace an input" "$tool" pic_m4.elf -o pic_m4.elf
    cp pic_m4.elf app.tbf
    old_outputs
    fails 2 "would replace an input" "$tool" app.tbf
    openssl ecparam -name prime256v1 -genkey -noout -out key.pem
    old_outputs
    fails 2 "would replace an input" \
        "$tool" pic_m4.elf --ecdsa-nist-p256-private key.pem -o ./key.pem
    fails 2 "two outputs would both be" \
        "$tool" -o app.tab pic_m4.elf "$PWD/pic_m4.elf,other"
}

@test "status 3: inputs that are missing, unreadable or no ELF file" {
    echo "no program" > text
    old_outputs
    fails 3 "No such file" "$tool" -o app.tab pic_m4.elf missing.elf
    fails 3 "Is a directory" "$tool" -o app.tab pic_m4.elf "$PWD,dir"
    fails 3 "not an ELF file" "$tool" -o app.tab pic_m4.elf text
    fails 3 "not an ELF file" "$tool" -o app.tab pic_m4.elf /dev/null,empty
    [[ "$output" == *"while converting '/dev/null'"* ]]
}

@test "status 3: an ELF file cut off anywhere" {
    old_outputs
    for len in 1 16 51 60 200 1000 5000 7000 7779; do
        head -c $len pic_m4.elf > "$BATS_TEST_TMPDIR.cut"
        fails 3 "" "$tool" -o app.tab rv32_sym.elf \
            "$BATS_TEST_TMPDIR.cut,cut"
    done
}

@test "status 3: a folder that is not there, a disk that is full" {
    fails 3 "cannot create" "$tool" pic_m4.elf -o no/such/app.tab
    fails 3 "is a folder" "$tool" pic_m4.elf -o .
    # No file may grow beyond 1 KiB: as if the disk were full half-way.
    fails 3 "File too large" bash -c \
        'trap "" XFSZ; ulimit -f 1; exec "$@"' - \
        "$tool" pic_m4.elf rv32_sym.elf -o app.tab --minimum-footer-size 9000
}

@test "status 3: a standard output that takes nothing" {
    for words in --help --version "inspect --help" "completion bash"; do
        run bash -c "$tool $words > /dev/full"
        [ "$status" -eq 3 ]
        [[ "$output" == "error: cannot write to the standard output"* ]]
    done
}

@test "status 3: an app that needs too much memory" {
    fails 3 "more than 4 GiB of RAM" \
        "$tool" pic_m4.elf -o app.tab --stack 4294967295
    fails 3 "the object would have more than" \
        "$tool" pic_m4.elf -o app.tab --minimum-footer-size 4294967295
}

@test "killed or interrupted half-way, all files are as before" {
    mkfifo late.elf
    for signal in KILL INT TERM; do
        old_outputs
        # The second input never comes: the first is converted by then. The
        # shell makes background jobs ignore INT, env undoes that.
        status=0
        env --default-signal=INT timeout -k 5 -s $signal 0.3 \
            "$tool" -o app.tab pic_m4.elf late.elf 2> err || status=$?
        echo "$signal: status $status, $(cat err)"
        rm err
        unchanged
        [ $signal = KILL ] || [ $status -eq 124 ]
    done
    rm late.elf
}

@test "status 130: interrupted" {
    mkfifo late.elf
    status=0
    env --default-signal=INT timeout -k 5 --preserve-status -s INT 0.3 \
        "$tool" -o app.tab pic_m4.elf late.elf 2> err || status=$?
    [ $status -eq 130 ]
    grep -q "^error: interrupted, did not open 'late.elf'" err
    rm late.elf
}

@test "killed at any moment, each file is old or new and whole" {
    "$tool" --deterministic -o new.tab pic_m4.elf rv32_sym.elf > /dev/null 2>&1
    mkdir new
    mv new.tab pic_m4.tbf rv32_sym.tbf new
    for delay in 0.001 0.002 0.0025 0.003 0.0035 0.004 0.005 0.008; do
        old_outputs
        mkdir -p old
        mv app.tab pic_m4.tbf rv32_sym.tbf old
        cp old/* .
        timeout -s KILL $delay "$tool" --deterministic -o app.tab \
            pic_m4.elf rv32_sym.elf > /dev/null 2>&1 || true
        for file in pic_m4.tbf rv32_sym.tbf; do
            cmp -s $file old/$file || cmp $file new/$file
        done
        cmp -s app.tab old/app.tab || cmp app.tab new/new.tab
    done
}

@test "a reader that closes the pipe does not cost the files" {
    "$tool" -v -o app.tab pic_m4.elf 2> /dev/null | true
    tar tf app.tab
    [ -s pic_m4.tbf ]
}

@test "the build date comes from SOURCE_DATE_EPOCH" {
    SOURCE_DATE_EPOCH=1153704088 "$tool" -o a.tab pic_m4.elf
    tar xOf a.tab metadata.toml | grep -qx "build-date = 2006-07-24T01:21:28Z"
    "$tool" --deterministic -o b.tab pic_m4.elf
    ! tar xOf b.tab metadata.toml | grep build-date
    SOURCE_DATE_EPOCH=soon run "$tool" -o a.tab pic_m4.elf
    [ "$status" -eq 2 ]
}

@test "no escape sequences without a terminal, colour on demand" {
    run "$tool" nothing.elf
    [[ "$output" != *$'\e'* ]]
    FORCE_COLOR=1 run "$tool" nothing.elf
    [[ "$output" == *$'\e[1;31merror:\e[0m '* ]]
}

@test "help fits a screen and its example runs" {
    "$tool" --help > help
    [ "$(wc -l < help)" -le 24 ]
    [ "$(wc -L < help)" -le 80 ]
    cp pic_m4.elf cortex-m4.elf
    PATH=$(dirname "$tool"):$PATH bash -c "$(grep '^  elf2tbf' help)"
    [ -s blink.tab ]
}

@test "the manual has the options and statuses of the program" {
    man=$root/docs/man/elf2tbf.1
    mandoc -T lint -W warning "$man"
    "$tool" --help | grep -oE -e '--[a-z0-9_-]+' | sort -u > in-help
    sed -n '/^\.Ss Options/,/^\.Ss /s/^\.It Fl \(.*\)/\1/p' "$man" | grep -oE -e '-[a-z0-9_]+[a-z0-9_-]+' |
        sed 's/^-*/--/' | sort -u > in-manual
    diff in-help in-manual
    sed -n '/^\.Sh EXIT STATUS/,/^\.El/s/^\.It //p' "$man" | xargs |
        grep -qx "0 1 2 3 6 7 130"
}

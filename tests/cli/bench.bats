# SPDX-License-Identifier: MIT OR Apache-2.0
# `make bench`: the form of its figures, and its cases for elf2tbf.

setup() {
    build=$(realpath "${B:-build}")
    folder=$BATS_TEST_TMPDIR
    export B=$folder/b
    mkdir -p "$B/bin" "$B/bench"
    ln -s "$build/bin/elf2tbf" "$B/bin/elf2tbf"
}

@test "figures of elf2tbf, and the ratios to a peer" {
    gcc -O2 -D_GNU_SOURCE -o "$B/bench/measure" tests/bench/measure.c
    export BENCH_RUNS=0.01 PEER_ELF2TAB=$build/bin/elf2tbf
    mk/bench tests/bench/elf2tbf.py > "$folder/out"
    diff "$folder/out" "$B/bench.tsv"
    for case in 6k 146k batch-1000 batch-1000-again 64m; do
        for figure in cpu cpu-spread cpu-net peak peak-spread peer-cpu \
            peer-peak cpu-ratio peak-ratio; do
            grep -qP "^elf2tbf\.$case\.$figure\t-?[0-9.]+\t(ms|KiB|x)$" \
                "$B/bench.tsv"
        done
    done
    [ -z "$(cut -f 1 "$B/bench.tsv" | sort | uniq -d)" ]
}

@test "no table of a script that fails or prints something else" {
    printf 'printf "a.b\\t1\\tms\\n"; exit 3\n' > "$folder/fails.sh"
    printf 'printf "a.b\\t1\\tms\\nwarming up\\n"\n' > "$folder/talks.sh"
    printf 'printf "a.b\\t1\\tms\\n"\n' > "$folder/good.sh"
    ! mk/bench "$folder/fails.sh"
    ! mk/bench "$folder/good.sh" "$folder/talks.sh"
    [ -z "$(find "$B" -name 'bench.tsv*')" ]
    T=good mk/bench "$folder/fails.sh" "$folder/good.sh"
    [ "$(cat "$B/bench.tsv")" = "a.b	1	ms" ]
}

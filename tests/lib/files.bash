# SPDX-License-Identifier: MIT OR Apache-2.0
# For tests of commands that work on files in the current folder.

sums() {
    find . -type f | sort | xargs sha256sum
}

# fails STATUS TEXT WORDS...: that status and error; no file came, went or
# changed.
fails() {
    local expected=$1 text=$2
    shift 2
    sums > "$BATS_TEST_TMPDIR.sums"
    run "$@"
    echo "status $status, expected $expected: $output"
    [ "$status" -eq "$expected" ]
    [[ "$output" == *"error: "*"$text"* ]]
    sums | diff "$BATS_TEST_TMPDIR.sums" -
}

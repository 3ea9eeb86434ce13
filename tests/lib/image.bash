# SPDX-License-Identifier: MIT OR Apache-2.0
# For tests of tockloader-c on a flash image, whose path is in $img.

# fails STATUS WORDS...: that status, an error, and no byte changed.
fails() {
    local expected=$1 before after
    shift
    before=$(cat "$img" 2>/dev/null | sha256sum)
    run "$@"
    after=$(cat "$img" 2>/dev/null | sha256sum)
    echo "status $status, expected $expected: $output"
    [ "$status" -eq "$expected" ]
    [[ "$output" == *"error: "* ]]
    [ "$before" = "$after" ]
}

# has TEXT: the output of the last run contains it.
has() {
    echo "expected '$1' in: $output"
    [[ "$output" == *"$1"* ]]
}

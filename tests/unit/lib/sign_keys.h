/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Throw-away keys and a footer, for the tests of lib/sign. */

#include "sign/sign.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define KEYS "tests/golden/tbf/keys/"

static inline struct sign_key *key_from(const char *path, uint32_t format)
{
    struct sign_key *key;
    struct notes notes = {0};
    struct err e = {0};

    cr_assert(
        zero(int, sign_key_read(path, format, SIGN_PUBLIC, &key, &notes, &e)),
        "%s: %s", path, e.text);
    notes_free(&notes);
    return key;
}

static inline enum sign_verdict verdict_of(uint32_t format, const uint8_t *data,
                                           uint32_t data_len,
                                           const uint8_t *bytes, size_t len,
                                           struct sign_key *const *keys,
                                           size_t count)
{
    struct tbf_footer footer = {
        .format = format, .data = data, .len = data_len};
    struct sign_cover cover = sign_cover(bytes, len);
    struct sign_finding finding;
    struct err e = {0};

    cr_assert(
        zero(int, sign_check(&footer, &cover, keys, count, &finding, &e)));
    bool is_digest =
        format >= TBF_CREDENTIAL_SHA256 && format <= TBF_CREDENTIAL_SHA512;

    cr_expect(eq(int, finding.key != NULL,
                 finding.verdict == SIGN_GOOD && !is_digest));
    return finding.verdict;
}

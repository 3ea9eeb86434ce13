/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What a kernel that checks nothing finds on a flash image, and whether that
 * is allowed. The walk is written from docs/tbf.md and shares no code with
 * lib/tbf.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An app as it stands on flash. */
struct app_bytes {
    const uint8_t *bytes;
    uint32_t len;
};

enum { MAX_APPS = 8 };

/*
 * What has to hold at every moment. others: there, and no byte different.
 * Of the target: old and new are all that may be started of it, and one of
 * them must be, unless it comes or goes; null where there is none.
 */
struct expect {
    struct app_bytes others[MAX_APPS];
    size_t other_count;
    struct app_bytes old[MAX_APPS];
    size_t old_count;
    struct app_bytes new[MAX_APPS];
    size_t new_count;
    bool must_have_target;
};

enum verdict {
    FINE,
    HANGS,       /* I4: the walk of some kernels does not end       */
    LOST_OTHER,  /* I1                                              */
    LOST_TARGET, /* I2: neither the old nor the new                 */
    WRONG_RUNS,  /* I3: something else would be started             */
    UNFINISHED,  /* I5: after recovery the old is left or the new   */
                 /* is not there                                    */
    VERDICTS,
};

enum verdict judge(const uint8_t *flash, uint32_t size,
                   const struct expect *expect);

/* The same for the end: exactly the others and the new are started. */
enum verdict judge_end(const uint8_t *flash, uint32_t size,
                       const struct expect *expect);

const char *verdict_text(enum verdict verdict);

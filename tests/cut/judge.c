/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "judge.h"

#include <string.h>

static uint32_t word(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

struct seen {
    size_t others; /* bit for each */
    size_t old;
    size_t new;
    bool wrong;
    bool hangs;
};

static bool is_same(const struct app_bytes *app, const uint8_t *at,
                    uint32_t total)
{
    return app->len == total && memcmp(app->bytes, at, total) == 0;
}

static size_t find(const struct app_bytes *apps, size_t count,
                   const uint8_t *at, uint32_t total)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        if (is_same(&apps[i], at, total))
            found |= (size_t)1 << i;
    return found;
}

static bool is_enabled(const uint8_t *at)
{
    return (at[8] & 1) != 0;
}

/* An object with a good checksum that is more than padding. */
static void look_at(const uint8_t *at, uint32_t total,
                    const struct expect *expect, struct seen *seen)
{
    size_t other = find(expect->others, expect->other_count, at, total);
    size_t old = find(expect->old, expect->old_count, at, total);
    size_t new = find(expect->new, expect->new_count, at, total);

    seen->others |= other;
    seen->old |= old;
    seen->new |= new;
    if (is_enabled(at) && other == 0 && old == 0 && new == 0)
        seen->wrong = true;
}

static bool has_good_checksum(const uint8_t *at, uint32_t header)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i + 4 <= header; i += 4)
        sum ^= word(at + i);
    return sum == 0;
}

/*
 * Flash that programs a page to zero before it erases it, and is stopped when
 * one bit of it has risen, can leave the version and nothing else. No order of
 * writing avoids that; our kernel's walk ends there.
 */
static bool is_all_but_zero(const uint8_t *at)
{
    return (word(at) >> 16 | word(at + 8) | word(at + 12)) == 0;
}

/* Upstream's rules, but that a total size of 0 is told and ends the walk. */
static struct seen walk(const uint8_t *flash, uint32_t size,
                        const struct expect *expect)
{
    struct seen seen = {0};
    uint32_t at = 0;

    while (size - at >= 8) {
        uint32_t version = word(flash + at) & 0xffff;
        uint32_t header = word(flash + at) >> 16;
        uint32_t total = word(flash + at + 4);

        if (version != 2 || total > size - at)
            break;
        if (total == 0) {
            seen.hangs = size - at < 16 || !is_all_but_zero(flash + at);
            break;
        }
        if (header >= 16 && header <= total && total >= 16 && header != 16 &&
            has_good_checksum(flash + at, header))
            look_at(flash + at, total, expect, &seen);
        at += total;
    }
    return seen;
}

static enum verdict common(const struct seen *seen, const struct expect *expect)
{
    if (seen->hangs)
        return HANGS;
    if (seen->wrong)
        return WRONG_RUNS;
    if (seen->others != ((size_t)1 << expect->other_count) - 1)
        return LOST_OTHER;
    return FINE;
}

enum verdict judge(const uint8_t *flash, uint32_t size,
                   const struct expect *expect)
{
    struct seen seen = walk(flash, size, expect);
    enum verdict verdict = common(&seen, expect);

    if (verdict == FINE && expect->must_have_target && seen.old == 0 &&
        seen.new == 0)
        return LOST_TARGET;
    return verdict;
}

enum verdict judge_end(const uint8_t *flash, uint32_t size,
                       const struct expect *expect)
{
    struct seen seen = walk(flash, size, expect);
    enum verdict verdict = common(&seen, expect);

    if (verdict != FINE)
        return verdict;
    return seen.new == ((size_t)1 << expect->new_count) - 1 && seen.old == 0
               ? FINE
               : UNFINISHED;
}

const char *verdict_text(enum verdict verdict)
{
    static const char *const texts[VERDICTS] = {
        "fine",
        "the walk hangs (I4)",
        "another app is lost (I1)",
        "the app is lost (I2)",
        "something unknown would run (I3)",
        "recovery does not finish (I5)",
    };

    return texts[verdict];
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "boot.h"

#include "nor.h"

#include <stdbool.h>
#include <string.h>

enum { RECORD = 32, USED = 3 };

static uint32_t word(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static void put_word(uint8_t *p, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t fnv(const uint8_t *bytes, uint32_t len)
{
    uint32_t value = 2166136261u;

    while (len-- > 0)
        value = 16777619u * (value ^ *bytes++);
    return value;
}

static bool has_only(const uint8_t *bytes, uint32_t len, uint8_t value)
{
    while (len > 0 && bytes[len - 1] == value)
        len--;
    return len == 0;
}

void boot(uint8_t *flash, uint32_t page, uint32_t size)
{
    const uint8_t *copy = flash + page;
    uint8_t *last = NULL;
    uint32_t target;

    for (uint32_t at = 0; at < page; at += RECORD)
        if (!has_only(flash + at, RECORD, 0xff))
            last = flash + at;
    if (last == NULL || memcmp(last, "PAGE", 4) != 0 ||
        word(last + 12) != fnv(last, 12) || !has_only(last + 24, 8, 0xff) ||
        word(last + 8) != fnv(copy, page))
        return;
    target = word(last + 4);
    if (target % page == 0 && target >= JOURNAL_FRONT * page && target < size)
        memcpy(flash + target, copy, page);
    memset(last + 24, 0, 8);
}

/* A few records that were closed, then this one. */
static void add_record(uint8_t *flash, uint32_t page, uint32_t target)
{
    uint8_t *record = flash;

    for (int i = 0; i <= USED; i++, record += RECORD) {
        memcpy(record, "PAGE", 4);
        put_word(record + 4, target);
        put_word(record + 8, fnv(flash + page, page));
        put_word(record + 12, fnv(record, 12));
        memset(record + 24, i == USED ? 0xff : 0, 8);
    }
}

void leave_open(uint8_t *flash, uint32_t page, uint32_t target,
                enum open_kind kind)
{
    uint64_t random = target;

    memcpy(flash + page, flash + target, page);
    add_record(flash, page, target);
    switch (kind) {
    case OPEN_ERASED:
        memset(flash + target, 0xff, page);
        break;
    case OPEN_HALF:
        memset(flash + target + page / 2, 0xff, page / 2);
        break;
    case OPEN_NOISE:
        for (uint32_t i = 0; i < page; i++)
            flash[target + i] = (uint8_t)nor_random(&random);
        break;
    case OPEN_DAMAGED:
        flash[page + page / 3] ^= 0x10;
        break;
    default:
        break;
    }
}

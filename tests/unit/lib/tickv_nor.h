/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Flash for a tickv store, whose power can fail.
 *
 * What the store orders is done in primitives: one unit programmed, one region
 * erased. Primitive number cut_at (from 0, since tickv_nor_power_on) is torn:
 *
 *   programming  only some of the bits that were to be cleared are;
 *   erasing      some of the zero bits are raised; or a beginning or an end of
 *                the region is erased; or it is all zeros; or noise; or
 *                the two bits are raised that make an object of what was one.
 *
 * Programming a 1 over a 0, a unit that is not whole, or over a region's end,
 * stops the test.
 */

#include "tickv/tickv.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stddef.h>
#include <string.h>

enum { TICKV_NOR_MAX = 64 * 1024, TICKV_TEAR_ALL = 25 };

#define TICKV_NEVER UINT32_MAX

struct tickv_nor {
    struct tickv_flash flash;
    uint32_t primitives;
    uint32_t cut_at;
    uint32_t variant;
    uint32_t fail_at; /* an order that fails without doing anything */
    uint32_t erasures;
    uint64_t random;
    bool is_dark;
    bool is_unreadable;
    uint8_t bytes[TICKV_NOR_MAX];
};

static inline uint64_t tickv_random(uint64_t *state)
{
    uint64_t x = *state += 0x9e3779b97f4a7c15u;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static inline uint32_t tickv_nor_size(const struct tickv_nor *self)
{
    return self->flash.region_size * self->flash.regions;
}

static inline bool tickv_nor_read(struct tickv_flash *flash, uint32_t offset,
                                  struct span into)
{
    struct tickv_nor *self = (struct tickv_nor *)flash;

    cr_assert(into.len <= tickv_nor_size(self));
    cr_assert(offset <= tickv_nor_size(self) - into.len);
    memcpy(into.ptr, self->bytes + offset, into.len);
    return !self->is_unreadable;
}

static inline void tickv_nor_power_on(struct tickv_nor *self)
{
    self->primitives = 0;
    self->cut_at = TICKV_NEVER;
    self->fail_at = TICKV_NEVER;
    self->is_dark = false;
    self->is_unreadable = false;
}

static inline void tickv_nor_init(struct tickv_nor *self, uint32_t regions,
                                  uint32_t region_size, uint32_t unit)
{
    memset(self, 0, offsetof(struct tickv_nor, bytes));
    self->flash =
        (struct tickv_flash){tickv_nor_read, region_size, regions, unit};
    memset(self->bytes, 0xff, sizeof(self->bytes));
    tickv_nor_power_on(self);
}

static inline void tickv_nor_copy(struct tickv_nor *to,
                                  const struct tickv_nor *from)
{
    memcpy(to, from, offsetof(struct tickv_nor, bytes) + tickv_nor_size(from));
}

/* Which of the bits are changed in this variant? */
static inline uint8_t tickv_nor_some(struct tickv_nor *self, uint32_t bit,
                                     uint8_t bits)
{
    uint8_t chosen = (uint8_t)(1u << bit % 8);

    if (self->variant < 8)
        return bits & chosen; /* one in each byte */
    if (self->variant < 16)
        return (uint8_t)(bits & ~chosen); /* all but one */
    return bits & (uint8_t)tickv_random(&self->random);
}

static inline void tickv_nor_tear(struct tickv_nor *self, uint32_t offset,
                                  const uint8_t *data)
{
    uint32_t size = self->flash.region_size;
    uint8_t *at = self->bytes + offset;
    uint32_t part = size / 4 * (self->variant % 4);

    if (data != NULL) {
        for (uint32_t i = 0; i < self->flash.unit; i++)
            at[i] &= (uint8_t)~tickv_nor_some(self, self->variant,
                                              (uint8_t)(at[i] & ~data[i]));
    } else if (self->variant < 20) {
        for (uint32_t i = 0; i < size; i++)
            at[i] |= tickv_nor_some(self, self->variant, (uint8_t)~at[i]);
    } else if (self->variant == 20) {
        memset(at, 0xff, part + 1);
    } else if (self->variant == 21) {
        memset(at + part, 0xff, size - part);
    } else if (self->variant == 22) {
        memset(at, 0, size);
    } else if (self->variant == 23) {
        at[0] |= 0x01; /* the first object is one again, */
        at[1] |= 0x80; /* and valid                      */
    } else {
        for (uint32_t i = 0; i < size; i++)
            at[i] = (uint8_t)tickv_random(&self->random);
    }
}

/* data null: the region is erased. False: the power has failed. */
static inline bool tickv_nor_primitive(struct tickv_nor *self, uint32_t offset,
                                       const uint8_t *data)
{
    if (self->primitives++ == self->cut_at) {
        tickv_nor_tear(self, offset, data);
        self->is_dark = true;
        return false;
    }
    if (data == NULL) {
        self->erasures++;
        memset(self->bytes + offset, 0xff, self->flash.region_size);
        return true;
    }
    for (uint32_t i = 0; i < self->flash.unit; i++) {
        cr_assert(zero(u8, ~self->bytes[offset + i] & data[i]), "1 over 0");
        self->bytes[offset + i] = data[i];
    }
    return true;
}

static inline bool tickv_nor_program(struct tickv_nor *self,
                                     struct tickv_order order)
{
    uint32_t unit = self->flash.unit;
    uint32_t size = self->flash.region_size;

    cr_assert(order.bytes.len != 0 && order.offset % unit == 0);
    cr_assert(order.bytes.len % unit == 0);
    cr_assert(order.offset < tickv_nor_size(self));
    cr_assert(order.offset % size + order.bytes.len <= size);
    for (uint32_t i = 0; i < order.bytes.len; i += unit) {
        if (!tickv_nor_primitive(self, order.offset + i, order.bytes.ptr + i))
            return false;
    }
    return true;
}

static inline bool tickv_nor_erase(struct tickv_nor *self,
                                   struct tickv_order order)
{
    cr_assert(order.offset % self->flash.region_size == 0);
    cr_assert(order.offset < tickv_nor_size(self));
    return tickv_nor_primitive(self, order.offset, NULL);
}

/* Carries the operation out; false: the power has failed. */
static inline bool tickv_run(struct tickv *store, struct tickv_nor *nor)
{
    enum tickv_turn turn;
    uint32_t steps = 0;
    uint32_t orders = 0;

    while ((turn = tickv_step(store)) != TICKV_DONE) {
        cr_assert(steps++ < 1000000, "it does not end");
        if (turn == TICKV_AGAIN)
            continue;
        if (orders++ == nor->fail_at) {
            tickv_flash_done(store, false);
            continue;
        }
        if (turn == TICKV_PROGRAM ? !tickv_nor_program(nor, store->order)
                                  : !tickv_nor_erase(nor, store->order))
            return false;
        tickv_flash_done(store, true);
    }
    return true;
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * NOR flash for tests, with a power supply that fails when it is told to.
 *
 *     nor_init(&nor, 8 * 256, 256, 4);
 *     nor_cut_at(&nor, 3, 17);       17 bytes of operation 3 (from 0), then
 * dark
 *     ...let the kernel loop run...
 *     if (nor.is_dark)
 *         nor_power_on(&nor);        contents stay, what was pending is gone
 *
 * While it is dark nothing is written and no callback comes; reading works, so
 * that a test sees what a kernel would find. What is being written reads as
 * noise. Programming a 1 over a 0 is counted in bad_programs.
 */

#include "base/bits.h"
#include "base/mem.h"
#include "hil/deferred.h"
#include "hil/flash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

enum { NOR_MAX_SIZE = 256 * 1024 };

#define NOR_NEVER UINT32_MAX
#define NOR_NOISE UINT32_MAX /* for nor_cut_at: all its bytes are anything */

struct nor {
    struct hil_flash flash;
    struct deferred work;
    uint32_t offset; /* of the operation under way */
    uint32_t len;    /* 0: none is                 */
    struct span bytes;
    bool is_erasing;
    bool is_slow; /* operations end only by nor_finish */
    bool is_dark;
    uint32_t operations; /* since power on */
    uint32_t cut_at;
    uint32_t cut_byte;
    uint32_t fail_at; /* this operation does nothing and says TOCK_FAIL */
    uint32_t noise;
    uint32_t erasures;
    uint32_t bad_programs;
    uint8_t contents[NOR_MAX_SIZE];
};

static inline struct nor *nor_of(struct hil_flash *flash)
{
    return (struct nor *)flash;
}

static inline uint8_t nor_noise(struct nor *self)
{
    self->noise = self->noise * 1664525u + 1013904223u;
    return (uint8_t)(self->noise >> 24);
}

static inline enum tock_error nor_read(struct hil_flash *flash, uint32_t offset,
                                       struct span into)
{
    struct nor *self = nor_of(flash);

    if (!range_inside(offset, into.len, 0, flash->size))
        return TOCK_INVAL;
    for (uint32_t i = 0; i < into.len; i++) {
        uint32_t at = offset + i;
        bool is_moving = at >= self->offset && at - self->offset < self->len;

        span_set(into, i, is_moving ? nor_noise(self) : self->contents[at]);
    }
    return TOCK_OK;
}

static inline enum tock_error nor_begin(struct nor *self, uint32_t offset,
                                        uint32_t len)
{
    if (self->len != 0)
        return TOCK_BUSY;
    self->offset = offset;
    self->len = len;
    if (!self->is_slow)
        deferred_set(&self->work);
    return TOCK_OK;
}

static inline enum tock_error nor_program(struct hil_flash *flash,
                                          uint32_t offset, struct span bytes)
{
    struct nor *self = nor_of(flash);
    enum tock_error error;

    if (!range_inside(offset, bytes.len, 0, flash->size) || bytes.len == 0 ||
        (offset | bytes.len) % flash->unit != 0 ||
        offset % flash->page_size + bytes.len > flash->page_size)
        return TOCK_INVAL;
    error = nor_begin(self, offset, bytes.len);
    if (error != TOCK_OK)
        return error;
    self->bytes = bytes;
    self->is_erasing = false;
    return TOCK_OK;
}

static inline enum tock_error nor_erase(struct hil_flash *flash,
                                        uint32_t offset)
{
    struct nor *self = nor_of(flash);
    enum tock_error error;

    if (!range_inside(offset, flash->page_size, 0, flash->size) ||
        offset % flash->page_size != 0)
        return TOCK_INVAL;
    error = nor_begin(self, offset, flash->page_size);
    if (error != TOCK_OK)
        return error;
    self->is_erasing = true;
    self->erasures++;
    return TOCK_OK;
}

/* The first count bytes of the operation. False: not as asked. */
static inline bool nor_do(struct nor *self, uint32_t count)
{
    bool is_good = true;

    for (uint32_t i = 0; i < count; i++) {
        uint8_t *at = &self->contents[self->offset + i];
        uint8_t wanted = self->is_erasing ? 0xff : span_get(self->bytes, i);

        *at = self->is_erasing ? 0xff : *at & wanted;
        is_good &= *at == wanted;
    }
    self->bad_programs += !is_good;
    return is_good;
}

static inline void nor_cut(struct nor *self)
{
    self->is_dark = true;
    if (self->cut_byte != NOR_NOISE) {
        nor_do(self, self->cut_byte < self->len ? self->cut_byte : self->len);
        return;
    }
    for (uint32_t i = 0; i < self->len; i++)
        self->contents[self->offset + i] = nor_noise(self);
}

/* The operation under way ends. */
static inline void nor_finish(struct nor *self)
{
    enum tock_error status = TOCK_OK;
    uint32_t number = self->operations;

    if (self->is_dark || self->len == 0)
        return;
    self->operations++;
    if (number == self->cut_at) {
        nor_cut(self);
        return;
    }
    if (number == self->fail_at || !nor_do(self, self->len))
        status = TOCK_FAIL;
    self->len = 0;
    self->flash.client->ops->done(self->flash.client, status);
}

static inline void nor_run(struct deferred *work)
{
    nor_finish(
        (struct nor *)(void *)((char *)work - offsetof(struct nor, work)));
}

/* As after a reset: contents and noise stay, everything else is new; also the
 * client has to be set again. */
static inline void nor_power_on(struct nor *self)
{
    struct hil_flash flash = self->flash;

    memset(self, 0, offsetof(struct nor, noise));
    self->flash = flash;
    self->flash.client = NULL;
    self->work.run = nor_run;
    self->cut_at = NOR_NEVER;
    self->fail_at = NOR_NEVER;
}

/* Erased flash of that many bytes. */
static inline struct hil_flash *nor_init(struct nor *self, uint32_t size,
                                         uint32_t page_size, uint32_t unit)
{
    static const struct hil_flash_ops ops = {nor_read, nor_program, nor_erase};

    if (size > NOR_MAX_SIZE)
        abort();
    memset(self, 0, sizeof(*self));
    memset(self->contents, 0xff, sizeof(self->contents));
    self->flash = (struct hil_flash){
        .ops = &ops, .size = size, .page_size = page_size, .unit = unit};
    nor_power_on(self);
    return &self->flash;
}

/* The power fails within operation number, counted from power on, when this
 * many of its bytes are done; NOR_NOISE: some time, and they are anything. */
static inline void nor_cut_at(struct nor *self, uint32_t number, uint32_t byte)
{
    self->cut_at = number;
    self->cut_byte = byte;
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A link: one way to reach a board's flash.
 *
 * Commands see only this interface. Each implementation is one source file
 * that embeds struct link as its first member. A link knows how to erase and
 * program one page; it decides nothing: which pages are erased, programmed or
 * left alone is the plan's business.
 *
 * Ownership: open allocates, link_close frees; buffers stay the caller's.
 * Context: one thread; a link is used by one command at a time.
 * Contract: reads lie inside [info.start, info.start + info.size). Erase and
 * program take the address of a page of that range, program one byte for each
 * of its bytes. Programming can only clear bits, so that a page is erased
 * first wherever a bit has to be set. A write unit whose bytes are all 0xff in
 * the data is not programmed: that is how a plan writes one word and nothing
 * else; other units are programmed once each, addresses rising. On a link
 * that is not atomic a failed call leaves the page it touched undefined and
 * all others intact.
 */

#include "host/err.h"

#include <stdbool.h>
#include <stdint.h>

struct link;

struct link_info {
    uint32_t start;      /* address of the flash                          */
    uint32_t size;       /* its bytes                                     */
    uint32_t page_size;  /* smallest erasable unit, bytes; a power of two */
    uint32_t write_unit; /* smallest programmable unit, bytes             */
    bool is_atomic;      /* nothing is visible on the board before finish */
};

/* Every function returns 0, or -1 with *e set. */
struct link_ops {
    int (*read)(struct link *self, uint32_t addr, uint8_t *out, uint32_t len,
                struct err *e);
    int (*erase)(struct link *self, uint32_t page, struct err *e);
    int (*program)(struct link *self, uint32_t page, const uint8_t *data,
                   struct err *e);
    /* Makes everything that was written last; once, after verifying. */
    int (*finish)(struct link *self, struct err *e);
    /* Without a finish before, an atomic link drops what was written. */
    void (*close)(struct link *self);
};

struct link {
    const struct link_ops *ops;
    struct link_info info;
    char name[256]; /* for messages: what the link leads to */
};

static inline int link_read(struct link *self, uint32_t addr, uint8_t *out,
                            uint32_t len, struct err *e)
{
    return self->ops->read(self, addr, out, len, e);
}

static inline int link_erase(struct link *self, uint32_t page, struct err *e)
{
    return self->ops->erase(self, page, e);
}

static inline int link_program(struct link *self, uint32_t page,
                               const uint8_t *data, struct err *e)
{
    return self->ops->program(self, page, data, e);
}

static inline int link_finish(struct link *self, struct err *e)
{
    return self->ops->finish(self, e);
}

/* self may be null. */
static inline void link_close(struct link *self)
{
    if (self != NULL)
        self->ops->close(self);
}

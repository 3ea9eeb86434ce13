/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* What the tests of drivers that store share: a flash that can lose its power,
 * and a page writer on it. */

#include "drivers.h"
#include "nor.h"
#include "virtual/page_writer.h"

enum {
    STORE_PAGE = 256,
    STORE_SIZE = 8 * STORE_PAGE,
    STORE_JOURNAL = STORE_SIZE,
    STORE_FLASH = STORE_SIZE + 2 * STORE_PAGE,
};

static struct nor nor;
static struct page_writer writer;

/* After board_power_on: the flash as it was left, the writer ready. */
static inline void store_start(void)
{
    if (nor.flash.size == 0)
        nor_init(&nor, STORE_FLASH, STORE_PAGE, 4);
    nor_power_on(&nor);
    page_writer_init(&writer, &nor.flash, STORE_JOURNAL);
    kernel_wait(&board.config, (bool (*)(const void *))page_writer_is_ready,
                &writer);
}

/* Lets everything that was begun end, also what takes many turns. */
static inline void settle_all(void)
{
    for (int i = 0; i < 20; i++)
        settle();
}

static inline void expect_event(struct process *p, uint32_t driver,
                                uint32_t number, uint32_t a, uint32_t b)
{
    yield_wait_for(p, driver, number);
    settle_all();
    cr_assert(eq(u8, p->state, PROCESS_RUNNING), "no upcall");
    cr_expect(eq(u32, p->context.regs[0], a));
    cr_expect(eq(u32, p->context.regs[1], b));
    cr_expect(eq(u32, p->context.regs[2], 0));
}

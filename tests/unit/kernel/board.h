/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What unit tests do with the host board:
 *
 *     struct process *p = board_with_one_app();
 *     call(p, TOCK_CLASS_COMMAND, PROBE, 1, 2, 3);
 *     ...p->context.regs has the answer
 */

#include "host_board.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* One app that has made room for buffers: its break is 1024 bytes up. */
static inline struct process *board_with_one_app(void)
{
    board_power_on();
    board_install(&(struct board_app){.name = "one"});
    board_boot();
    cr_assert(eq(u8, board.processes[0].state, PROCESS_RUNNING));
    return &board.processes[0];
}

/* The process makes a system call; runs the loop until it was taken. */
static inline const uint32_t *call(struct process *p, uint32_t class,
                                   uint32_t a, uint32_t b, uint32_t c,
                                   uint32_t d)
{
    const uint32_t args[4] = {a, b, c, d};

    cr_assert(eq(u8, p->state, PROCESS_RUNNING), "%u cannot make a call",
              (unsigned)p->slot);
    host_trap_next(&p->context, class, args);
    for (int i = 0; i < 40 && p->context.has_trap; i++)
        kernel_loop_once();
    cr_assert(not(p->context.has_trap));
    return p->context.regs;
}

static inline const uint32_t *command(struct process *p, uint32_t driver,
                                      uint32_t number, uint32_t a, uint32_t b)
{
    return call(p, TOCK_CLASS_COMMAND, driver, number, a, b);
}

static inline void yield_wait(struct process *p)
{
    call(p, TOCK_CLASS_YIELD, TOCK_YIELD_WAIT, 0, 0, 0);
}

static inline void yield_wait_for(struct process *p, uint32_t driver,
                                  uint32_t number)
{
    call(p, TOCK_CLASS_YIELD, TOCK_YIELD_WAIT_FOR, driver, number, 0);
}

static inline void fault(struct process *p)
{
    const uint32_t args[4] = {0};

    host_trap_next(&p->context, ARCH_TRAP_FAULT, args);
    for (int i = 0; i < 40 && p->context.has_trap; i++)
        kernel_loop_once();
}

static inline void raise_break(struct process *p, uint32_t bytes)
{
    const uint32_t *r =
        call(p, TOCK_CLASS_MEMOP, TOCK_MEMOP_BRK, p->ram.start + bytes, 0, 0);

    cr_assert(eq(u32, r[0], TOCK_SUCCESS));
}

static inline bool said(const char *text)
{
    host_uart.text[host_uart.text_len] = '\0';
    return strstr(host_uart.text, text) != NULL;
}

static inline void forget_text(void)
{
    host_uart.text_len = 0;
}

#define EXPECT_REGS(r, a, b, c, d)         \
    do {                                   \
        const uint32_t *regs_ = (r);       \
        cr_expect(eq(u32, regs_[0], (a))); \
        cr_expect(eq(u32, regs_[1], (b))); \
        cr_expect(eq(u32, regs_[2], (c))); \
        cr_expect(eq(u32, regs_[3], (d))); \
    } while (0)

/* What must hold of every process that has a block. */
static inline void expect_invariants(void)
{
    for (int i = 0; i < BOARD_PROCESSES; i++) {
        const struct process *p = &board.processes[i];
        uint32_t end;

        if (p->ram.size == 0)
            continue;
        cr_expect(le(u32, p->ram.start, p->high_water));
        cr_expect(le(u32, p->high_water, p->bounds.app_break));
        cr_expect(place_enabled_end(host_place_kind, &p->ram,
                                    p->bounds.app_break, p->kernel_break,
                                    &end));
        cr_expect(eq(u32, p->mpu.enabled_end, end));
        cr_expect(le(u32, p->bounds.app_break, end));
        cr_expect(le(u32, end, p->kernel_break));
        cr_expect(le(u32, p->kernel_break, p->ram.start + p->ram.size));
    }
}

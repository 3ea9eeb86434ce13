/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What the kernel core embeds in a process on the host: four registers and
 * what the process does next. The process's code is the test: arch/host.h.
 */

#include "place/place.h"

#include <stdbool.h>
#include <stdint.h>

struct arch_context {
    uint32_t regs[4];   /* arguments, then results                      */
    uint32_t sp;        /* stack pointer                                */
    uint32_t pc;        /* the function it was last sent to             */
    uint32_t calls;     /* times it was sent to a function              */
    bool has_trap;      /* the next run ends with this one              */
    bool has_bad_stack; /* it cannot go on after a change of its break   */
    uint32_t trap;      /* what arch_run then returns                   */
};

static inline uint32_t *arch_registers(struct arch_context *ctx)
{
    return ctx->regs;
}

uint8_t *arch_bytes(uint32_t addr, uint32_t len);

static inline uint32_t arch_stack_pointer(const struct arch_context *ctx)
{
    return ctx->sp;
}

struct arch_mpu {
    struct place_block ram;
    uint32_t app_break;
    uint32_t kernel_break;
    uint32_t enabled_end;
    uint32_t flash_start;
    uint32_t flash_size;
    uint32_t stamp;                            /* a new one for each plan */
    struct place_block windows[PLACE_WINDOWS]; /* size 0: closed */
};

/* Tests choose the rules of one of the real ports. */
extern enum place_kind host_place_kind;
extern uint32_t host_initial_app_size;

#define ARCH_PLACE_KIND       host_place_kind
#define ARCH_INITIAL_APP_SIZE host_initial_app_size

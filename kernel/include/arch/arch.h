/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What the kernel core asks of a processor.
 *
 * A port (arch/<isa>, or arch/host in the tests) supplies struct
 * arch_context, struct arch_mpu and a few constants in its own
 * arch/context.h, and the functions below. The core never sees a register,
 * never turns an app's address into a pointer and never runs in an interrupt.
 *
 * Of arch/context.h the core uses:
 *   struct arch_context          saved registers of one process
 *   struct arch_mpu              its protection windows, ready to load
 *   ARCH_PLACE_KIND              enum place_kind of the port
 *   ARCH_INITIAL_APP_SIZE        bytes below the first break (exception
 *                                frame on Arm: 32; RISC-V: 0)
 *
 * Trust: everything a process leaves in its registers and on its stack is
 * hostile. A port checks a stack pointer against bounds before it reads or
 * writes through it.
 */

#include "arch/context.h"
#include "base/attr.h"
#include "place/place.h"

#include <stdbool.h>
#include <stdint.h>

enum arch_trap_kind {
    ARCH_TRAP_SYSCALL,   /* class and args are valid                       */
    ARCH_TRAP_FAULT,     /* the process broke a rule; arch_describe_fault  */
    ARCH_TRAP_INTERRUPT, /* hardware wants the kernel; slice may be over   */
};

struct arch_trap {
    enum arch_trap_kind kind;
    uint32_t class;
    uint32_t args[4];
};

/* The RAM the process may use now: [ram_start, app_break). */
struct arch_bounds {
    uint32_t ram_start;
    uint32_t app_break;
};

/* All registers zero, stack pointer as at a process's first instruction. */
void arch_context_reset(struct arch_context *ctx,
                        const struct arch_bounds *bounds);

/*
 * Makes the process continue in fn(args) and, when that returns, behind its
 * Yield. Used for upcalls and for the first entry. False if its stack cannot
 * hold the call: the process then has faulted.
 */
MUST_USE bool arch_push_call(struct arch_context *ctx,
                             const struct arch_bounds *bounds, uint32_t fn,
                             const uint32_t args[4]);

/*
 * Sets the first count (0 to 4) return registers of the trapped system call;
 * all others keep what the app had in them: compiled apps rely on it. False
 * if the frame is not in bounds: the process then has faulted.
 */
MUST_USE bool arch_set_return(struct arch_context *ctx,
                              const struct arch_bounds *bounds,
                              const uint32_t *values, uint32_t count);

/* Runs the process until it traps. Its windows are active already. */
void arch_run(struct arch_context *ctx, const struct arch_bounds *bounds,
              struct arch_trap *out);

/*
 * Protection. arch_mpu_plan fills *mpu with the windows for these breaks, or
 * is false if the hardware cannot do it without exposing a byte at or above
 * kernel_break (lib/place decides); *mpu is then unchanged. arch_mpu_load
 * makes the windows those of the running process; it costs nothing when the
 * same, unchanged map is loaded already.
 */
MUST_USE bool arch_mpu_plan(struct arch_mpu *mpu, const struct place_block *ram,
                            uint32_t app_break, uint32_t kernel_break,
                            uint32_t flash_start, uint32_t flash_size);
void arch_mpu_load(const struct arch_mpu *mpu);

/*
 * Bytes behind [addr, addr + len), already range-checked by the core. The
 * only door from a target address to a pointer.
 */
uint8_t *arch_bytes(uint32_t addr, uint32_t len);

/* Interrupts off and on around a decision; no nesting. */
void arch_irq_disable(void);
void arch_irq_enable(void);

/* Waits for an interrupt, with interrupts disabled: a pending one wakes. */
void arch_wait_for_interrupt(void);

/*
 * The fault of the process that trapped last, for the dump: prints lines
 * through put (status registers, faulting address) and the saved registers.
 */
typedef void (*arch_put)(void *sink, const char *text);
void arch_describe_fault(const struct arch_context *ctx,
                         const struct arch_bounds *bounds, arch_put put,
                         void *sink);

/* Stops for good after a kernel panic's text has been written. */
_Noreturn void arch_halt(void);

/*
 * What a port asks of the core: an exception in the kernel itself. Prints the
 * text, then what describe (may be null) says, then the state of every
 * process, and halts.
 */
typedef void (*arch_describe)(arch_put put, void *sink);
_Noreturn void kernel_exception(const char *text, arch_describe describe);

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
 *   arch_registers(context)      where the four registers lie that carry a
 *                                system call's arguments and its answer. That
 *                                may be memory of the process, which drivers
 *                                can write to as well: read each once.
 *   arch_bytes(addr, len)        the bytes behind [addr, addr + len), already
 *                                range-checked by the core: the only door from
 *                                a target address to a pointer
 *   arch_stack_pointer(context)  where its stack ended when it stopped
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

/* Why a process stopped: the class of the system call it made, 0 to 255, or */
enum {
    ARCH_TRAP_FAULT = 256, /* it broke a rule; arch_describe_fault         */
    ARCH_TRAP_INTERRUPT,   /* hardware wants the kernel, or the slice is   */
                           /* over                                         */
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
 * Yield. Used for upcalls and for the first entry.
 */
void arch_push_call(struct arch_context *ctx, uint32_t fn,
                    const uint32_t args[4]);

/*
 * Sets the first count (1 to 4) return registers of the trapped system call;
 * all others keep what the app had in them: compiled apps rely on it.
 */
static inline void arch_answer(uint32_t registers[4], const uint32_t *values,
                               uint32_t count)
{
    registers[0] = values[0];
    if (count > 1)
        registers[1] = values[1];
    if (count > 2)
        registers[2] = values[2];
    if (count > 3)
        registers[3] = values[3];
}

/*
 * The bounds of a process that stopped for a system call have changed: can it
 * still go on? False if part of its state is on its stack and that now lies
 * outside; the process then has faulted.
 */
MUST_USE bool arch_fits(const struct arch_context *ctx,
                        const struct arch_bounds *bounds);

/*
 * Runs the process until it traps and says why. Its windows are active already
 * and interrupts are enabled. If hardware wants the kernel or the slice is over
 * already, the process does not get to run: the core need not ask before each
 * call. A process that comes back with its stack out of bounds has faulted.
 */
uint32_t arch_run(struct arch_context *ctx, const struct arch_bounds *bounds);

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
 * Windows on the memory of other processes, PLACE_WINDOWS for each process, all
 * closed at first. arch_mpu_open makes one of exactly [addr, addr + size), for
 * reading and writing, or is false if the hardware cannot; it is then closed.
 * A plan leaves them as they are. No window has a byte in common with another
 * or with the process's own memory.
 */
MUST_USE bool arch_mpu_open(struct arch_mpu *mpu, uint32_t window,
                            uint32_t addr, uint32_t size);
void arch_mpu_close(struct arch_mpu *mpu, uint32_t window);

/*
 * Around writes to flash that is memory, or looks like it. In between the
 * kernel can write what the windows of the latest process let nobody write;
 * afterwards what was written is what processes read and execute. No process
 * runs in between; no nesting.
 */
void arch_flash_open(void);
void arch_flash_close(void);

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

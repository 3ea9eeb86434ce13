/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "abi/abi.h"
#include "deferred.h"
#include "fault.h"
#include "lifecycle.h"
#include "load.h"
#include "state.h"
#include "syscall.h"
#include "upcall.h"

/* A rest of a slice that is not worth a switch. */
#define SLICE_MIN_US 500u

static bool work_waits(void)
{
    struct hil_chip *chip = kernel.config->chip;

    return deferred_waits() || chip->ops->has_work(chip);
}

/* Interrupts first, and again as soon as one comes while drivers run. */
static void serve(void)
{
    struct hil_chip *chip = kernel.config->chip;

    if (chip->ops->has_work(chip))
        chip->ops->serve(chip);
    while (deferred_waits() && !chip->ops->has_work(chip))
        deferred_run_one();
}

/* The look and the wait are one step for interrupts: none is slept through.
 * The timer runs on after a slice, for the next one mostly follows at once. */
static NOINLINE void idle(void)
{
    struct hil_slice_timer *timer = kernel.config->slice_timer;
    struct hil_watchdog *watchdog = kernel.config->watchdog;

    timer->ops->stop(timer);
    if (watchdog != NULL)
        watchdog->ops->suspend(watchdog);
    arch_irq_disable();
    if (!work_waits())
        arch_wait_for_interrupt();
    arch_irq_enable();
    if (watchdog != NULL)
        watchdog->ops->resume(watchdog);
}

void kernel_wait(const struct kernel_config *config,
                 bool (*is_done)(const void *context), const void *context)
{
    kernel.config = config;
    arch_irq_enable();
    while (!is_done(context)) {
        if (work_waits())
            serve();
        else
            idle();
    }
}

/*
 * Runs p, answering its Commands, until it traps with something else or there
 * is work for the kernel. Commands are the most frequent system calls. What
 * one of them does to a process is a deferred call, or an upcall that waits
 * for the process's Yield: the caller's state and windows stay as they are. So
 * nothing on this path is looked at twice, and interrupts not even once:
 * arch_run comes back for them.
 */
static uint32_t run_past_commands(struct process *p)
{
    for (;;) {
        uint32_t trap = arch_run(&p->context, &p->bounds);

        if (!LIKELY(trap == TOCK_CLASS_COMMAND))
            return trap;
        syscall_command(p);
        if (deferred_waits())
            return ARCH_TRAP_INTERRUPT;
    }
}

static NOINLINE void tell_watcher(struct process *p)
{
    struct turn_watcher *watcher = kernel.config->turn_watcher;

    if (watcher != NULL)
        watcher->begins(watcher, p);
}

void turn_watch(struct process *process)
{
    process->is_watched = true;
}

/* Runs p until the kernel has work, which the end of the slice is too, or p
 * waits or has ended. */
static ALWAYS_INLINE enum scheduler_reason run_slice(struct process *p)
{
    do {
        if (p->state != PROCESS_RUNNING) {
            if (!process_is_ready(p))
                return SCHEDULER_NO_WORK;
            upcall_deliver(p);
            continue;
        }
        if (p->is_watched)
            tell_watcher(p);
        arch_mpu_load(&p->mpu);

        uint32_t trap = run_past_commands(p);

        if (trap == ARCH_TRAP_INTERRUPT)
            return SCHEDULER_PREEMPTED;
        if (trap == ARCH_TRAP_FAULT)
            process_fault(p, PROCESS_FAULT_HARDWARE);
        else
            syscall_handle(p, trap);
    } while (!deferred_waits());
    return SCHEDULER_PREEMPTED;
}

static ALWAYS_INLINE void run(struct process *p, uint32_t slice_us)
{
    const struct kernel_config *config = kernel.config;
    struct hil_slice_timer *timer = config->slice_timer;
    bool is_limited = slice_us != SCHEDULER_NO_LIMIT;
    enum scheduler_reason reason;

    if (is_limited)
        timer->ops->start(timer, slice_us);
    else
        timer->ops->stop(timer);
    kernel.running = p;
    reason = run_slice(p);
    kernel.running = NULL;
    if (is_limited && reason == SCHEDULER_PREEMPTED &&
        timer->ops->remaining_us(timer) <= SLICE_MIN_US) {
        reason = SCHEDULER_EXPIRED;
        p->expired_slices++;
    }
    config->scheduler->ops->ran(config->scheduler, reason);
}

static ALWAYS_INLINE void turn(void)
{
    struct scheduler *scheduler = kernel.config->scheduler;
    struct hil_watchdog *watchdog = kernel.config->watchdog;
    uint32_t slice_us = SCHEDULER_NO_LIMIT;
    struct process *next;

    if (watchdog != NULL)
        watchdog->ops->tickle(watchdog);
    if (work_waits()) {
        serve();
        return;
    }
    next = scheduler->ops->next(scheduler, &slice_us);
    if (next != NULL)
        run(next, slice_us);
    else if (!background_waits())
        idle();
    if (background_waits())
        background_run_one();
}

void kernel_loop_once(void)
{
    turn();
}

_Noreturn void kernel_loop(void)
{
    for (;;)
        turn();
}

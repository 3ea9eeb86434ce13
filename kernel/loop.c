/* SPDX-License-Identifier: MIT OR Apache-2.0 */
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

/* The look and the wait are one step for interrupts: none is slept through. */
static void idle(void)
{
    struct hil_watchdog *watchdog = kernel.config->watchdog;

    if (watchdog != NULL)
        watchdog->ops->suspend(watchdog);
    arch_irq_disable();
    if (!work_waits())
        arch_wait_for_interrupt();
    arch_irq_enable();
    if (watchdog != NULL)
        watchdog->ops->resume(watchdog);
}

static void run_until_trap(struct process *p)
{
    struct arch_trap trap;

    arch_mpu_load(&p->mpu);
    arch_run(&p->context, &p->bounds, &trap);
    switch (trap.kind) {
    case ARCH_TRAP_SYSCALL:
        syscall_handle(p, &trap);
        break;
    case ARCH_TRAP_FAULT:
        process_fault(p, PROCESS_FAULT_HARDWARE);
        break;
    case ARCH_TRAP_INTERRUPT: /* the caller sees what it was */
        break;
    }
}

static bool is_over(bool is_limited, uint32_t *left_us)
{
    struct hil_slice_timer *timer = kernel.config->slice_timer;

    if (!is_limited)
        return false;
    *left_us = timer->ops->remaining_us(timer);
    return *left_us <= SLICE_MIN_US;
}

/* Runs p until its slice is over, the kernel has work, or it has none. */
static enum scheduler_reason run_slice(struct process *p, bool is_limited,
                                       uint32_t *left_us)
{
    for (;;) {
        if (is_over(is_limited, left_us)) {
            p->expired_slices++;
            return SCHEDULER_EXPIRED;
        }
        if (work_waits())
            return SCHEDULER_PREEMPTED;
        if (p->state == PROCESS_RUNNING)
            run_until_trap(p);
        else if (process_is_ready(p))
            upcall_deliver(p);
        else
            return SCHEDULER_NO_WORK;
    }
}

static void run(struct process *p, uint32_t slice_us)
{
    const struct kernel_config *config = kernel.config;
    struct hil_slice_timer *timer = config->slice_timer;
    bool is_limited = slice_us != SCHEDULER_NO_LIMIT;
    uint32_t left_us = 0;
    enum scheduler_reason reason;

    if (is_limited)
        timer->ops->start(timer, slice_us);
    kernel.running = p;
    reason = run_slice(p, is_limited, &left_us);
    kernel.running = NULL;
    timer->ops->stop(timer);
    config->scheduler->ops->ran(config->scheduler, reason, left_us);
}

void kernel_loop_once(void)
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
    if (next == NULL)
        idle();
    else
        run(next, slice_us);
}

_Noreturn void kernel_loop(void)
{
    for (;;)
        kernel_loop_once();
}

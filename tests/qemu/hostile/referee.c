/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Makes the board's kernel one that can be attacked thousands of times in a
 * boot: a process that faults starts again, without a dump, and referee.h
 * counts. Everything else is the board's own: this file is linked with its
 * objects, in front of three of their functions (ld --wrap).
 */
#include "referee.h"

#include "base/attr.h"
#include "capsule/driver.h"
#include "capsule/manage.h"
#include "capsule/self.h"
#include "fault.h"
#include "hil/alarm.h"
#include "kernel/capability.h"
#include "kernel/debug.h"
#include "kernel/kernel.h"
#include "state.h"
#include "virtual/alarm_mux.h"

enum { DRIVERS_MAX = 64, LINE = 64, CANARY_WORDS = 1024 };

#define CANARY(i) (0x5afe0000u + (i))

struct referee {
    struct driver driver;
    struct scheduler scheduler; /* in front of the board's */
    struct scheduler *behind;
    struct hil_alarm *clock;

    struct process *attacker; /* null: none yet */
    uint32_t next;            /* attempts that have begun */
    uint32_t began_at;        /* ticks */
    bool is_trying;
    bool is_done;
    char line[LINE + 1]; /* verdicts from next / LINE * LINE on */

    uint32_t canary_at;
};

static struct referee referee;
static const struct capability_manage may_manage;
static struct kernel_driver drivers[DRIVERS_MAX];
static struct kernel_config config;

/* Kernel memory that nobody has a reason to write. */
static uint32_t canary[CANARY_WORDS];

static void fill_canary(void)
{
    for (uint32_t i = 0; i < CANARY_WORDS; i++)
        canary[i] = CANARY(i);
}

static void look_at_canary(struct referee *self)
{
    uint32_t i = self->canary_at++ % CANARY_WORDS;

    kernel_assert(canary[i] == CANARY(i));
}

static void print_line(struct referee *self, uint32_t count)
{
    self->line[count] = '\0';
    debug_line("\r\nreferee %u %s", (unsigned)(self->next - count), self->line);
}

/* On the attempt that began last. */
static void decide(struct referee *self, char verdict)
{
    uint32_t at = (self->next - 1) % LINE;

    if (!self->is_trying)
        return;
    self->is_trying = false;
    self->line[at] = verdict;
    if (at == LINE - 1)
        print_line(self, LINE);
}

static void finish(struct referee *self)
{
    if (!self->is_done && self->next % LINE != 0)
        print_line(self, self->next % LINE);
    if (!self->is_done)
        debug_line("\r\nreferee: done");
    self->is_done = true;
}

static struct command_return next(struct referee *self, struct process *caller,
                                  uint32_t last)
{
    decide(self, 'f');
    self->attacker = caller;
    if (self->next >= last) {
        finish(self);
        return command_success_u32(last);
    }
    self->is_trying = true;
    self->began_at = self->clock->ops->now(self->clock);
    return command_success_u32(self->next++);
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    struct referee *self = CAPSULE_SELF(struct referee, driver, driver);

    (void)arg1;
    look_at_canary(self);
    switch (number) {
    case 0:
        return command_success();
    case REFEREE_NEXT:
        return next(self, caller, arg0);
    case REFEREE_SURVIVED:
        decide(self, 'a');
        return command_success();
    default:
        return command_failure(TOCK_NOSUPPORT);
    }
}

/* An attempt may also exit for good. */
static void process_gone(struct driver *driver, struct process_ref gone)
{
    struct referee *self = CAPSULE_SELF(struct referee, driver, driver);

    (void)gone;
    if (self->attacker != NULL)
        manage_request(&may_manage, self->attacker, PROCESS_ACTION_BOOT);
}

/* The last attempt lasts too long: it computes or waits for ever. */
static void lose_patience(struct referee *self)
{
    uint32_t since = self->clock->ops->now(self->clock) - self->began_at;

    if (!self->is_trying ||
        since / (self->clock->frequency_hz / 1000) < REFEREE_PATIENCE_MS)
        return;
    decide(self, 't');
    manage_request(&may_manage, self->attacker, PROCESS_ACTION_FAULT);
}

static struct process *next_process(struct scheduler *scheduler,
                                    uint32_t *slice_us)
{
    struct referee *self = CAPSULE_SELF(struct referee, scheduler, scheduler);

    lose_patience(self);
    return self->behind->ops->next(self->behind, slice_us);
}

static void ran(struct scheduler *scheduler, enum scheduler_reason reason)
{
    struct referee *self = CAPSULE_SELF(struct referee, scheduler, scheduler);

    self->behind->ops->ran(self->behind, reason);
}

static const struct driver_ops driver_ops = {
    .command = command,
    .process_gone = process_gone,
};
static const struct scheduler_ops scheduler_ops = {next_process, ran};

void __real_alarm_mux_init(struct alarm_mux *self, struct hil_alarm *hardware);
void __wrap_alarm_mux_init(struct alarm_mux *self, struct hil_alarm *hardware);

void __wrap_alarm_mux_init(struct alarm_mux *self, struct hil_alarm *hardware)
{
    referee.clock = hardware;
    __real_alarm_mux_init(self, hardware);
}

void __real_process_fault(struct process *p, enum process_fault_reason reason);
void __wrap_process_fault(struct process *p, enum process_fault_reason reason);

/* Of the attempts' faults the verdicts tell enough: what was said goes. */
void __wrap_process_fault(struct process *p, enum process_fault_reason reason)
{
    uint32_t used = kernel.log.used;
    bool has_lost = kernel.log.has_lost;

    __real_process_fault(p, reason);
    if (p != referee.attacker)
        return;
    kernel.log.used = used;
    kernel.log.has_lost = has_lost;
}

void __real_kernel_boot(const struct kernel_config *board);
void __wrap_kernel_boot(const struct kernel_config *board);

void __wrap_kernel_boot(const struct kernel_config *board)
{
    fill_canary();
    referee.driver.ops = &driver_ops;
    referee.scheduler.ops = &scheduler_ops;
    referee.behind = board->scheduler;
    for (uint32_t i = 0; i < board->driver_count; i++)
        drivers[i] = board->drivers[i];
    drivers[board->driver_count] =
        (struct kernel_driver){REFEREE_DRIVER, &referee.driver};
    config = *board;
    config.drivers = drivers;
    config.driver_count = board->driver_count + 1;
    config.scheduler = &referee.scheduler;
    config.fault_policy = KERNEL_FAULT_RESTART;
    config.dump = NULL;
    __real_kernel_boot(&config);
}

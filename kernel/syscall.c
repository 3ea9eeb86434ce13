/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "syscall.h"

#include "base/bits.h"
#include "capsule/driver.h"
#include "fault.h"
#include "filter.h"
#include "grant.h"
#include "lifecycle.h"
#include "memory.h"
#include "queue.h"
#include "share.h"
#include "state.h"

/* Registers that each return variant defines; 0 for what is none. */
static const uint8_t word_counts[] = {
    [TOCK_FAILURE] = 2,
    [TOCK_FAILURE_U32] = 3,
    [TOCK_FAILURE_U32_U32] = 4,
    [TOCK_FAILURE_U64] = 4,
    [TOCK_SUCCESS] = 1,
    [TOCK_SUCCESS_U32] = 2,
    [TOCK_SUCCESS_U32_U32] = 3,
    [TOCK_SUCCESS_U64] = 3,
    [TOCK_SUCCESS_U32_U32_U32] = 4,
    [TOCK_SUCCESS_U32_U64] = 4,
};

static uint32_t word_count(uint32_t variant)
{
    kernel_assert(variant < ARRAY_COUNT(word_counts));
    return word_counts[variant];
}

static void answer(struct process *p, const uint32_t *words, uint32_t count)
{
    arch_answer(arch_registers(&p->context), words, count);
}

static void answer_failure(struct process *p, enum tock_error error)
{
    const uint32_t words[] = {TOCK_FAILURE, error};

    answer(p, words, ARRAY_COUNT(words));
}

/* Subscribe and Allow: the old pair, or the error and the caller's own. */
static void answer_pair(struct process *p, enum tock_error error,
                        struct grant_slot pair)
{
    const uint32_t success[] = {TOCK_SUCCESS_U32_U32, pair.first, pair.second};
    const uint32_t failure[] = {TOCK_FAILURE_U32_U32, error, pair.first,
                                pair.second};

    if (error == TOCK_OK)
        answer(p, success, ARRAY_COUNT(success));
    else
        answer(p, failure, ARRAY_COUNT(failure));
}

static void note_call(struct process *p, uint32_t class)
{
    p->syscall_count++;
    p->last_class = (uint8_t) class;
}

/* For the fault dump; Commands come too often for it. */
static void note_args(struct process *p, const uint32_t args[4])
{
    for (uint32_t i = 0; i < ARRAY_COUNT(p->last_args); i++)
        p->last_args[i] = args[i];
}

/* A call that the app's header does not list, though it has a list. */
static bool is_refused(const struct process *p, uint32_t class,
                       const uint32_t args[4])
{
    return p->is_filtered && !filter_allows(p, class, args[0], args[1]);
}

/* Numbers of drivers are small ones, some with a group in the upper half. */
static struct kernel_driver *recent_driver(uint32_t number)
{
    return &kernel.recent_drivers[(number ^ number >> 16) % RECENT_DRIVERS];
}

/* Also that there is none is kept. */
static NOINLINE struct driver *search_driver(uint32_t number)
{
    const struct kernel_driver *row = kernel.config->drivers;
    const struct kernel_driver *end = row + kernel.config->driver_count;

    while (row != end && row->number != number)
        row++;
    *recent_driver(number) =
        (struct kernel_driver){number, row == end ? NULL : row->driver};
    return recent_driver(number)->driver;
}

static inline struct driver *find_driver(uint32_t number)
{
    const struct kernel_driver *recent = recent_driver(number);

    if (LIKELY(recent->number == number))
        return recent->driver;
    return search_driver(number);
}

static enum tock_error swap(struct grant_slot *slot, struct grant_slot *pair)
{
    struct grant_slot old = *slot;

    *slot = *pair;
    *pair = old;
    return TOCK_OK;
}

/* --- Yield ------------------------------------------------------------- */

static void tell_whether_upcall(struct process *p, uint32_t addr, bool runs)
{
    struct span byte;

    if (process_bytes(p, addr, 1, &byte))
        span_set(byte, 0, runs);
}

static struct upcall_id upcall_id(uint32_t driver_number, uint32_t number)
{
    const struct driver *driver = find_driver(driver_number);

    if (driver == NULL || number > UINT8_MAX)
        return UPCALL_ID_NONE;
    return (struct upcall_id){driver->index, (uint8_t)number};
}

static NOINLINE void yield(struct process *p, const uint32_t args[4])
{
    switch (args[0]) {
    case TOCK_YIELD_NO_WAIT: {
        bool runs = queue_skip_null(p);

        tell_whether_upcall(p, args[1], runs);
        if (runs)
            p->state = PROCESS_YIELDED;
        break;
    }
    case TOCK_YIELD_WAIT:
        p->state = PROCESS_YIELDED;
        break;
    case TOCK_YIELD_WAIT_FOR:
        p->upcalls.awaited = upcall_id(args[1], args[2]);
        p->state = PROCESS_YIELDED_FOR;
        break;
    default: /* continues at once; docs/abi.md */
        break;
    }
}

/* --- Subscribe --------------------------------------------------------- */

static bool is_callable(const struct process *p, uint32_t fn)
{
    struct span bytes;

    return fn == 0 || process_readable_bytes(p, fn, 4, &bytes);
}

static enum tock_error subscribe(struct process *p, uint32_t driver_number,
                                 uint32_t number, struct grant_slot *pair)
{
    struct driver *driver;
    struct grant_slot *slot;

    if (!is_callable(p, pair->first))
        return TOCK_INVAL;
    driver = find_driver(driver_number);
    if (driver == NULL)
        return TOCK_NODEVICE;

    enum tock_error error = grant_slot(driver, p, GRANT_UPCALL, number, &slot);

    if (error != TOCK_OK)
        return error;
    queue_remove_all(&p->upcalls, upcall_id(driver_number, number));
    (void)swap(slot, pair);
    if (driver->ops->subscribed != NULL)
        driver->ops->subscribed(driver, p, number);
    return TOCK_OK;
}

/* --- Command ----------------------------------------------------------- */

void syscall_command(struct process *p)
{
    uint32_t *args = arch_registers(&p->context);
    struct driver *driver = find_driver(args[0]);

    note_call(p, TOCK_CLASS_COMMAND);
    if (driver == NULL || is_refused(p, TOCK_CLASS_COMMAND, args)) {
        answer_failure(p, TOCK_NODEVICE);
        return;
    }

    const struct command_return result =
        driver->ops->command(driver, p, args[1], args[2], args[3]);

    arch_answer(args, result.words, word_count(result.words[0]));
}

/* --- Allow ------------------------------------------------------------- */

/* A buffer in RAM that the kernel was told of must stay the app's. */
static void raise_high_water(struct process *p, struct grant_slot buffer)
{
    uint32_t end = buffer.first + buffer.second;

    if (end > p->high_water)
        p->high_water = end;
}

/* Empty buffers may be anywhere: nobody will look. */
static bool is_allowed(struct process *p, struct grant_slot buffer,
                       bool is_readonly)
{
    struct span bytes;

    if (buffer.second == 0)
        return true;
    if (process_bytes(p, buffer.first, buffer.second, &bytes)) {
        raise_high_water(p, buffer);
        return true;
    }
    return is_readonly &&
           process_readable_bytes(p, buffer.first, buffer.second, &bytes);
}

static enum tock_error allow(struct process *p, enum grant_kind kind,
                             uint32_t driver_number, uint32_t number,
                             struct grant_slot *pair)
{
    struct driver *driver = find_driver(driver_number);
    struct grant_slot *slot;

    if (driver == NULL)
        return TOCK_NODEVICE;
    if (!is_allowed(p, *pair, kind == GRANT_READONLY))
        return TOCK_INVAL;

    enum tock_error error = grant_slot(driver, p, kind, number, &slot);

    if (error != TOCK_OK)
        return error;

    bool is_other = slot->first != pair->first || slot->second != pair->second;

    if (p->is_shared && kind == GRANT_WRITABLE && is_other)
        share_swapped(p, driver, number);
    return swap(slot, pair);
}

/* Class 7: the driver keeps the buffer itself. */
static enum tock_error allow_readable(struct process *p, uint32_t driver_number,
                                      uint32_t number, struct grant_slot *pair)
{
    struct driver *driver = find_driver(driver_number);

    if (driver == NULL)
        return TOCK_NODEVICE;
    if (!is_allowed(p, *pair, false))
        return TOCK_INVAL;
    if (driver->ops->allow_readable == NULL)
        return TOCK_NOSUPPORT;

    struct grant_slot old = *pair;
    enum tock_error error =
        driver->ops->allow_readable(driver, p, number, &old.first, &old.second);

    if (error == TOCK_OK)
        *pair = old;
    return error;
}

/* --- Exit -------------------------------------------------------------- */

static NOINLINE void end(struct process *p, uint32_t how,
                         uint32_t completion_code)
{
    switch (how) {
    case TOCK_EXIT_TERMINATE:
        process_note_completion(p, PROCESS_EXITED, completion_code);
        process_end(p, PROCESS_TERMINATED);
        break;
    case TOCK_EXIT_RESTART:
        process_note_completion(p, PROCESS_EXITED, completion_code);
        process_restart(p);
        break;
    default:
        answer_failure(p, TOCK_NOSUPPORT);
        break;
    }
}

/* --- all ---------------------------------------------------------------- */

static NOINLINE void handle_memop(struct process *p, const uint32_t args[4])
{
    uint32_t words[4]; /* memop sets two */
    uint32_t count = memop(p, args[0], args[1], words);

    if (arch_fits(&p->context, &p->bounds))
        answer(p, words, count);
    else
        process_fault(p, PROCESS_FAULT_STACK);
}

/* Subscribe and the Allows: they swap a pair of words. */
static NOINLINE void handle_swap(struct process *p, uint32_t class,
                                 const uint32_t args[4])
{
    struct grant_slot pair = {args[2], args[3]};
    enum tock_error error;

    if (is_refused(p, class, args)) {
        answer_pair(p, TOCK_NODEVICE, pair);
        return;
    }
    switch (class) {
    case TOCK_CLASS_SUBSCRIBE:
        error = subscribe(p, args[0], args[1], &pair);
        break;
    case TOCK_CLASS_ALLOW_RW:
        error = allow(p, GRANT_WRITABLE, args[0], args[1], &pair);
        break;
    case TOCK_CLASS_ALLOW_RO:
        error = allow(p, GRANT_READONLY, args[0], args[1], &pair);
        break;
    default:
        error = allow_readable(p, args[0], args[1], &pair);
        break;
    }
    answer_pair(p, error, pair);
}

void syscall_handle(struct process *p, uint32_t class)
{
    const uint32_t *args = arch_registers(&p->context);

    note_call(p, class);
    note_args(p, args);
    switch (class) {
    case TOCK_CLASS_YIELD:
        yield(p, args);
        break;
    case TOCK_CLASS_SUBSCRIBE:
    case TOCK_CLASS_ALLOW_RW:
    case TOCK_CLASS_ALLOW_RO:
    case TOCK_CLASS_ALLOW_UR:
        handle_swap(p, class, args);
        break;
    case TOCK_CLASS_MEMOP:
        handle_memop(p, args);
        break;
    case TOCK_CLASS_EXIT:
        end(p, args[0], args[1]);
        break;
    default:
        process_fault(p, PROCESS_FAULT_CLASS);
        break;
    }
}

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
#include "state.h"

/* Registers that each return variant defines. */
static const uint8_t failure_words[] = {
    [TOCK_FAILURE] = 2,
    [TOCK_FAILURE_U32] = 3,
    [TOCK_FAILURE_U32_U32] = 4,
    [TOCK_FAILURE_U64] = 4,
};
static const uint8_t success_words[] = {
    [TOCK_SUCCESS - TOCK_SUCCESS] = 1,
    [TOCK_SUCCESS_U32 - TOCK_SUCCESS] = 2,
    [TOCK_SUCCESS_U32_U32 - TOCK_SUCCESS] = 3,
    [TOCK_SUCCESS_U64 - TOCK_SUCCESS] = 3,
    [TOCK_SUCCESS_U32_U32_U32 - TOCK_SUCCESS] = 4,
    [TOCK_SUCCESS_U32_U64 - TOCK_SUCCESS] = 4,
};

static uint32_t word_count(uint32_t variant)
{
    if (variant < ARRAY_COUNT(failure_words))
        return failure_words[variant];
    kernel_assert(variant - TOCK_SUCCESS < ARRAY_COUNT(success_words));
    return success_words[variant - TOCK_SUCCESS];
}

static void answer(struct process *p, const uint32_t *words, uint32_t count)
{
    if (!arch_set_return(&p->context, &p->bounds, words, count))
        process_fault(p, PROCESS_FAULT_STACK);
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

static struct driver *find_driver(uint32_t number)
{
    const struct kernel_driver *row = kernel.config->drivers;
    const struct kernel_driver *end = row + kernel.config->driver_count;

    for (; row != end; row++) {
        if (row->number == number)
            return row->driver;
    }
    return NULL;
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

static void yield(struct process *p, const uint32_t args[4])
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
        p->awaited = upcall_id(args[1], args[2]);
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
    return swap(slot, pair);
}

/* --- Command ----------------------------------------------------------- */

static void command(struct process *p, const uint32_t args[4])
{
    struct driver *driver = find_driver(args[0]);
    struct command_return result = command_failure(TOCK_NODEVICE);

    if (driver != NULL)
        result = driver->ops->command(driver, p, args[1], args[2], args[3]);
    answer(p, result.words, word_count(result.words[0]));
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

static void end(struct process *p, uint32_t how, uint32_t completion_code)
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

/* --- calls that the header does not list ------------------------------- */

/* Answers the call itself if it is not allowed. */
static bool refuse(struct process *p, uint32_t class, const uint32_t args[4])
{
    const struct grant_slot pair = {args[2], args[3]};

    switch (class) {
    case TOCK_CLASS_COMMAND:
    case TOCK_CLASS_SUBSCRIBE:
    case TOCK_CLASS_ALLOW_RW:
    case TOCK_CLASS_ALLOW_RO:
    case TOCK_CLASS_ALLOW_UR:
        break;
    default:
        return false;
    }
    if (filter_allows(p, class, args[0], args[1]))
        return false;
    if (class == TOCK_CLASS_COMMAND)
        answer_failure(p, TOCK_NODEVICE);
    else
        answer_pair(p, TOCK_NODEVICE, pair);
    return true;
}

void syscall_handle(struct process *p, const struct arch_trap *trap)
{
    const uint32_t *args = trap->args;
    struct grant_slot pair = {args[2], args[3]};
    enum tock_error error;

    p->syscall_count++;
    p->last_class = (uint8_t)trap->class;
    if (p->is_filtered && refuse(p, trap->class, args))
        return;
    switch (trap->class) {
    case TOCK_CLASS_YIELD:
        yield(p, args);
        break;
    case TOCK_CLASS_SUBSCRIBE:
        error = subscribe(p, args[0], args[1], &pair);
        answer_pair(p, error, pair);
        break;
    case TOCK_CLASS_COMMAND:
        command(p, args);
        break;
    case TOCK_CLASS_ALLOW_RW:
        error = allow(p, GRANT_WRITABLE, args[0], args[1], &pair);
        answer_pair(p, error, pair);
        break;
    case TOCK_CLASS_ALLOW_RO:
        error = allow(p, GRANT_READONLY, args[0], args[1], &pair);
        answer_pair(p, error, pair);
        break;
    case TOCK_CLASS_ALLOW_UR:
        error = allow_readable(p, args[0], args[1], &pair);
        answer_pair(p, error, pair);
        break;
    case TOCK_CLASS_MEMOP: {
        uint32_t words[2];
        uint32_t count = memop(p, args[0], args[1], words);

        answer(p, words, count);
        break;
    }
    case TOCK_CLASS_EXIT:
        end(p, args[0], args[1]);
        break;
    default:
        process_fault(p, PROCESS_FAULT_CLASS);
        break;
    }
}

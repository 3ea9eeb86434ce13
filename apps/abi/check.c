/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "check.h"

#include "probe.h"
#include "tock/printf.h"

static struct {
    uint32_t passed;
    uint32_t failed;
} totals;

struct reply reply_none(void)
{
    return (struct reply){0};
}

struct reply reply_upcall(void)
{
    return (struct reply){.runs_upcall = true};
}

struct reply reply_failure(enum tock_error error)
{
    return (struct reply){.words = {TOCK_FAILURE, error}, .count = 2};
}

struct reply reply_success(void)
{
    return (struct reply){.words = {TOCK_SUCCESS}, .count = 1};
}

struct reply reply_u32(uint32_t value)
{
    return (struct reply){.words = {TOCK_SUCCESS_U32, value}, .count = 2};
}

struct reply reply_any_u32(void)
{
    return (struct reply){
        .words = {TOCK_SUCCESS_U32}, .count = 2, .any_mask = 1u << 1};
}

struct reply reply_swapped(uint32_t first, uint32_t second)
{
    return (struct reply){.words = {TOCK_SUCCESS_U32_U32, first, second},
                          .count = 3};
}

struct reply reply_refused(enum tock_error error, uint32_t first,
                           uint32_t second)
{
    return (struct reply){.words = {TOCK_FAILURE_U32_U32, error, first, second},
                          .count = 4};
}

struct reply reply_event(uint32_t arg0, uint32_t arg1, uint32_t arg2)
{
    return (struct reply){.words = {arg0, arg1, arg2}, .count = 3};
}

/* Different for each register and for each bit that might get lost. */
static uint32_t poison(uint32_t index)
{
    return 0xf5c3a600u ^ index * 0x10204081u;
}

/* Only bits 31 to 28 are flags on every Cortex-M. */
static bool is_flags(uint32_t index)
{
    return probe_port.names[index][0] == 'f';
}

static struct probe_registers prepare(const struct call *call)
{
    struct probe_registers regs = {{0}};

    for (uint32_t i = 0; i < probe_port.count; i++)
        regs.value[i] = is_flags(i) ? 0xf0000000u : poison(i);
    for (uint32_t i = 0; i < PROBE_ARGS; i++)
        regs.value[i] = call->args[i];
    if (probe_port.class_register < probe_port.count)
        regs.value[probe_port.class_register] = call->class;
    return regs;
}

static bool is_saved(uint32_t index)
{
    for (uint32_t i = 0; i < probe_port.saved_count; i++) {
        if (probe_port.saved[i] == index)
            return true;
    }
    return false;
}

/* The registers of which this reply says nothing. */
static bool is_free(const struct reply *reply, uint32_t index)
{
    if (index < reply->count)
        return (reply->any_mask >> index & 1u) != 0;
    return reply->runs_upcall && !is_saved(index);
}

/* The first register that is not as it should be, or count. */
static uint32_t first_wrong(const struct probe_registers *before,
                            const struct probe_registers *after,
                            const struct reply *reply)
{
    for (uint32_t i = 0; i < probe_port.count; i++) {
        uint32_t mask = is_flags(i) ? 0xf0000000u : UINT32_MAX;
        uint32_t wanted = i < reply->count ? reply->words[i] : before->value[i];

        if (!is_free(reply, i) && ((after->value[i] ^ wanted) & mask) != 0)
            return i;
    }
    return probe_port.count;
}

static void tell(const char *what, bool holds)
{
    printf("abi: %s: %s\n", holds ? "ok" : "FAILED", what);
    if (holds)
        totals.passed++;
    else
        totals.failed++;
}

struct answer check_call(const char *what, struct call call, struct reply reply)
{
    struct probe_registers before = prepare(&call);
    struct probe_registers after = before;
    struct answer answer;
    uint32_t wrong;

    probe_call(call.class, &after);
    wrong = first_wrong(&before, &after, &reply);
    tell(what, wrong == probe_port.count);
    if (wrong != probe_port.count)
        printf("abi:   %s is 0x%08lx, was 0x%08lx\n", probe_port.names[wrong],
               after.value[wrong], before.value[wrong]);
    for (uint32_t i = 0; i < PROBE_ARGS; i++)
        answer.words[i] = after.value[i];
    answer.sp = after.value[probe_port.count];
    return answer;
}

void check_that(const char *what, bool holds)
{
    tell(what, holds);
}

void check_report(void)
{
    printf("abi: %lu passed, %lu failed\n", totals.passed, totals.failed);
}

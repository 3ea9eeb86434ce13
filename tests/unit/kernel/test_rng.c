/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "drivers.h"
#include "extra/rng.h"
#include "virtual/clock_entropy.h"
#include "virtual/software_rng.h"

TestSuite(rng, .timeout = 10);

#define RNG       TOCK_DRIVER_RNG
#define BUFFER(p) ((p)->ram.start + 100) /* 800 bytes */

static struct clock_entropy entropy;
static struct software_rng generator;
static struct rng rng;

/* A generator that the test moves by hand. */
static struct hil_rng manual;
static struct span asked;
static enum tock_error refusal;

static enum tock_error manual_fill(struct hil_rng *self, struct span buffer)
{
    (void)self;
    if (refusal == TOCK_OK)
        asked = buffer;
    return refusal;
}

static void manual_answer(uint8_t value, enum tock_error status)
{
    memset(asked.ptr, value, asked.len);
    asked = (struct span){0};
    manual.client->ops->filled(manual.client, status);
}

static void boot_with(struct hil_rng *hardware, int count)
{
    rng_init(&rng, hardware);
    board.drivers[3] = (struct kernel_driver){RNG, &rng.driver};
    for (int i = 0; i < count; i++)
        board_install(&(struct board_app){.name = "app"});
    board_boot();
    for (int i = 0; i < count; i++)
        raise_break(&board.processes[i], 1024);
}

static struct process *boot(int count)
{
    board_power_on();
    boot_with(software_rng_init(&generator,
                                clock_entropy_init(&entropy, &host_alarm.alarm),
                                0),
              count);
    return &board.processes[0];
}

static struct process *boot_manual(int count)
{
    static const struct hil_rng_ops ops = {manual_fill};

    board_power_on();
    manual.ops = &ops;
    refusal = TOCK_OK;
    boot_with(&manual, count);
    return &board.processes[0];
}

static void allow(struct process *p, uint32_t len)
{
    call(p, TOCK_CLASS_ALLOW_RW, RNG, 0, BUFFER(p), len);
}

static void request(struct process *p, uint32_t len)
{
    EXPECT_REGS(command(p, RNG, 1, len, 8), TOCK_SUCCESS, 1, len, 8);
}

static void expect_upcall(struct process *p, enum tock_error status,
                          uint32_t bytes)
{
    yield_wait_for(p, RNG, 0);
    settle();
    cr_assert(eq(u8, p->state, PROCESS_RUNNING), "no upcall");
    EXPECT_REGS(p->context.regs, status, bytes, 0, 0);
}

/* The system call table of rng.h, row by row. */
Test(rng, command_0_says_that_it_is_there)
{
    struct process *p = boot(1);

    EXPECT_REGS(command(p, RNG, 0, 7, 8), TOCK_SUCCESS, 0, 7, 8);
    EXPECT_REGS(command(p, RNG, 2, 7, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 7, 8);
    EXPECT_REGS(command(p, RNG, UINT32_MAX, 7, 8), TOCK_FAILURE, TOCK_NOSUPPORT,
                7, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_RW, RNG, 1, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
    EXPECT_REGS(call(p, TOCK_CLASS_SUBSCRIBE, RNG, 1, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
}

Test(rng, command_1_fills_the_buffer_with_differing_bytes)
{
    struct process *p = boot(1);
    uint32_t seen[256] = {0};
    uint32_t most = 0;

    allow(p, 800);
    request(p, 700);
    expect_upcall(p, TOCK_OK, 700);
    for (uint32_t at = 0; at < 700; at++)
        seen[*host_memory(BUFFER(p) + at)]++;
    for (int i = 0; i < 256; i++)
        most = seen[i] > most ? seen[i] : most;
    cr_expect(lt(u32, most, 20));
    cr_expect(is_all(BUFFER(p), 700, 800, 0));
}

Test(rng, no_more_is_written_than_the_buffer_has)
{
    struct process *p = boot(1);

    allow(p, 40);
    request(p, UINT32_MAX);
    expect_upcall(p, TOCK_OK, 40);
    cr_expect(not(is_all(BUFFER(p), 0, 40, 0)));
    cr_expect(is_all(BUFFER(p), 40, 800, 0));
}

Test(rng, a_request_for_nothing_completes)
{
    struct process *p = boot(1);

    request(p, 5);
    expect_upcall(p, TOCK_OK, 0);
    allow(p, 20);
    request(p, 0);
    expect_upcall(p, TOCK_OK, 0);
    cr_expect(eq(u32, p->upcalls.count, 0));
}

Test(rng, without_memory_for_the_grant_it_answers_nomem)
{
    struct process *p = boot(1);

    exhaust_grants(p);
    EXPECT_REGS(command(p, RNG, 1, 7, 8), TOCK_FAILURE, TOCK_NOMEM, 7, 8);
}

Test(rng, the_stream_is_that_of_rfc_8439)
{
    /* A.1, first vector: the second half of the first block for key 0. */
    static const uint8_t expected[] = {0xda, 0x41, 0x59, 0x7c, 0x51, 0x57,
                                       0x48, 0x8d, 0x77, 0x24, 0xe0, 0x3f,
                                       0xb8, 0xd8, 0x4a, 0x37};
    struct process *p = boot(1);

    allow(p, 16);
    request(p, 16);
    expect_upcall(p, TOCK_OK, 16);
    cr_expect(
        eq(int, memcmp(host_memory(BUFFER(p)), expected, sizeof(expected)), 0));
}

static void expect_no_upcall(struct process *p)
{
    settle();
    cr_expect(zero(u32, p->upcalls.count));
}

/* A source of which the test says what it has. */
static struct hil_entropy second;
static enum tock_error second_status;
static uint32_t words_given;

static enum tock_error gather_second(struct hil_entropy *source, uint32_t *word)
{
    (void)source;
    *word = 1;
    words_given += second_status == TOCK_OK;
    return second_status;
}

static struct process *boot_two_sources(enum tock_error status)
{
    static const struct hil_entropy_ops ops = {gather_second};
    static struct hil_entropy third = {NULL};

    board_power_on();
    second = (struct hil_entropy){.ops = &ops};
    second_status = status;

    struct hil_rng *hardware = software_rng_init(
        &generator, clock_entropy_init(&entropy, &host_alarm.alarm), 0);

    software_rng_add_source(&generator, NULL);
    software_rng_add_source(&generator, &second);
    software_rng_add_source(&generator, &third); /* is never asked */
    boot_with(hardware, 1);
    allow(&board.processes[0], 16);
    return &board.processes[0];
}

Test(rng, a_second_source_changes_the_bytes_too)
{
    struct process *p = boot_two_sources(TOCK_OK);

    request(p, 16);
    expect_upcall(p, TOCK_OK, 16);
    cr_expect(ne(u8, *host_memory(BUFFER(p)), 0xda));
    cr_expect(eq(u32, words_given, SOFTWARE_RNG_KEY));
}

Test(rng, a_request_waits_for_a_source_that_has_nothing_yet)
{
    struct process *p = boot_two_sources(TOCK_BUSY);

    request(p, 16);
    expect_no_upcall(p);
    second.client->ops->ready(second.client);
    expect_no_upcall(p);
    second_status = TOCK_OK;
    second.client->ops->ready(second.client);
    expect_upcall(p, TOCK_OK, 16);
    cr_expect(eq(u32, words_given, SOFTWARE_RNG_KEY));
    second.client->ops->ready(second.client);
    expect_no_upcall(p);
}

Test(rng, a_source_that_failed_fails_the_request)
{
    struct process *p = boot_two_sources(TOCK_BUSY);

    request(p, 16);
    second_status = TOCK_FAIL;
    second.client->ops->ready(second.client);
    expect_upcall(p, TOCK_FAIL, 0);
    cr_expect(is_all(BUFFER(p), 0, 16, 0));
}

Test(rng, the_source_of_entropy_changes_the_bytes)
{
    struct process *p = boot(1);
    uint8_t first[16];

    allow(p, 16);
    host_alarm_advance(1);
    request(p, 16);
    expect_upcall(p, TOCK_OK, 16);
    memcpy(first, host_memory(BUFFER(p)), 16);
    cr_expect(ne(u8, first[0], 0xda));
    request(p, 16);
    expect_upcall(p, TOCK_OK, 16);
    cr_expect(ne(int, memcmp(first, host_memory(BUFFER(p)), 16), 0));
}

/* --- what goes wrong on the way ------------------------------------------- */

Test(rng, a_buffer_that_shrinks_meanwhile_ends_the_request)
{
    struct process *p = boot_manual(1);

    allow(p, 300);
    request(p, 300);
    settle();
    cr_assert(eq(u32, asked.len, RNG_CHUNK));
    allow(p, 10);
    manual_answer(0x55, TOCK_OK);
    expect_upcall(p, TOCK_OK, 10);
    cr_expect(is_all(BUFFER(p), 0, 10, 0x55));
    cr_expect(is_all(BUFFER(p), 10, 300, 0));
}

Test(rng, a_buffer_that_is_taken_back_gets_nothing)
{
    struct process *p = boot_manual(1);

    allow(p, 300);
    request(p, 300);
    settle();
    allow(p, 0);
    manual_answer(0x55, TOCK_OK);
    expect_upcall(p, TOCK_OK, 0);
    cr_expect(is_all(BUFFER(p), 0, 300, 0));
}

Test(rng, a_new_request_replaces_the_open_one)
{
    struct process *p = boot_manual(1);

    allow(p, 300);
    request(p, 300);
    settle();
    request(p, 20);
    manual_answer(0x55, TOCK_OK);
    expect_upcall(p, TOCK_OK, 20);
    cr_expect(is_all(BUFFER(p), 20, 300, 0));
    settle();
    cr_expect(eq(u32, asked.len, 0));
    cr_expect(eq(u32, p->upcalls.count, 0));
}

Test(rng, a_generator_that_fails_is_reported)
{
    struct process *p = boot_manual(1);

    allow(p, 300);
    request(p, 300);
    settle();
    manual_answer(0x55, TOCK_OK);
    settle();
    manual_answer(0x66, TOCK_FAIL);
    expect_upcall(p, TOCK_FAIL, RNG_CHUNK);
    refusal = TOCK_BUSY;
    request(p, 300);
    expect_upcall(p, TOCK_FAIL, 0);
}

Test(rng, a_process_that_ends_leaves_the_generator_to_others)
{
    struct process *p = boot_manual(2);
    struct process *other = &board.processes[1];

    allow(p, 300);
    allow(other, 20);
    request(p, 300);
    settle();
    request(other, 20);
    fault(p);
    manual_answer(0x55, TOCK_OK);
    settle();
    cr_expect(eq(u32, asked.len, 20));
    manual_answer(0x66, TOCK_OK);
    expect_upcall(other, TOCK_OK, 20);
    cr_expect(is_all(BUFFER(other), 0, 20, 0x66));
}

Test(rng, a_restarted_process_gets_nothing_of_its_former_life)
{
    struct process *p = boot_manual(1);

    allow(p, 300);
    request(p, 300);
    settle();
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    raise_break(p, 1024);
    manual_answer(0x55, TOCK_OK);
    settle();
    cr_expect(eq(u32, p->upcalls.count, 0));
    cr_expect(is_all(BUFFER(p), 0, 300, 0));
}

Test(rng, processes_take_turns)
{
    struct process *p = boot_manual(2);
    struct process *other = &board.processes[1];

    allow(p, 300);
    allow(other, 300);
    request(p, 300);
    request(other, 300);
    for (uint8_t i = 1; i <= 6; i++) {
        settle();
        manual_answer(i, TOCK_OK);
    }
    expect_upcall(p, TOCK_OK, 300);
    expect_upcall(other, TOCK_OK, 300);
    cr_expect(ne(u8, *host_memory(BUFFER(p)), *host_memory(BUFFER(other))));
    cr_expect(eq(u8, *host_memory(BUFFER(p)) + *host_memory(BUFFER(other)), 3));
}

Test(rng, a_full_queue_loses_the_upcall_and_nothing_else)
{
    struct process *p = boot_manual(1);

    fill_queue(p);
    allow(p, 20);
    request(p, 20);
    settle();
    manual_answer(0x55, TOCK_OK);
    cr_expect(is_all(BUFFER(p), 0, 20, 0x55));
    request(p, 20);
    settle();
    cr_expect(eq(u32, asked.len, 20));
}

/* --- long requests -------------------------------------------------------- */

Test(rng, a_long_request_lets_other_processes_run)
{
    struct process *p = boot(2);
    uint32_t runs;

    allow(p, 800);
    request(p, 800);
    runs = host_cpu.runs;
    for (int i = 0; i < 10; i++)
        kernel_loop_once();
    cr_expect(ge(u32, host_cpu.runs - runs, 4));
}

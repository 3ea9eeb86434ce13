/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"

TestSuite(background, .timeout = 10);

static unsigned pieces;

static void piece(struct deferred *self)
{
    pieces++;
    deferred_set_background(self);
}

static struct deferred endless = {.run = piece};

static struct process *boot(void)
{
    struct process *p = board_with_one_app();

    pieces = 0;
    deferred_set_background(&endless);
    return p;
}

Test(background, a_piece_is_done_after_each_slice_of_a_busy_process)
{
    uint32_t runs;

    boot();
    runs = host_cpu.runs;
    for (int i = 0; i < 10; i++)
        kernel_loop_once();
    cr_expect(eq(u32, host_cpu.runs - runs, 10));
    cr_expect(eq(uint, pieces, 10));
}

Test(background, the_kernel_does_not_sleep_while_there_is_work)
{
    struct process *p = boot();

    yield_wait(p);
    host_cpu.waits = 0;
    pieces = 0;
    for (int i = 0; i < 10; i++)
        kernel_loop_once();
    cr_expect(eq(uint, pieces, 10));
    cr_expect(eq(u32, host_cpu.waits, 0));
}

Test(background, interrupts_come_first)
{
    boot();
    pieces = 0;
    host_chip.has_work = true;
    kernel_loop_once();
    cr_expect(eq(uint, pieces, 0));
    cr_expect(eq(u32, host_chip.serves, 1));
}

static unsigned order[2];
static unsigned ran;

static void note_first(struct deferred *self)
{
    (void)self;
    order[ran++] = 1;
}

static void note_second(struct deferred *self)
{
    (void)self;
    order[ran++] = 2;
}

Test(background, what_was_set_first_runs_first_and_once)
{
    static struct deferred first = {.run = note_first};
    static struct deferred second = {.run = note_second};
    struct process *p = board_with_one_app();

    yield_wait(p);
    deferred_set_background(&first);
    deferred_set_background(&second);
    deferred_set_background(&first);
    settle();
    cr_expect(eq(uint, ran, 2));
    cr_expect(eq(uint, order[0], 1));
    cr_expect(eq(uint, order[1], 2));
}

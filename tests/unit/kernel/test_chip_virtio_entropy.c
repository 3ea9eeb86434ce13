/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* The virtio source of entropy over registers in memory; the device is played
 * by the test, a hostile one too. */
#include "chips/virtio/device.c"
#include "chips/virtio/entropy.c"
#include "virtio_device.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

TestSuite(virtio_entropy, .timeout = 5);

enum { WORDS = VIRTIO_ENTROPY_BYTES / WORD };

static struct virtio_entropy source;

static unsigned ready_calls;

static void on_ready(struct hil_entropy_client *client)
{
    (void)client;
    ready_calls++;
}

static const struct hil_entropy_client_ops client_ops = {on_ready};
static struct hil_entropy_client client = {&client_ops};

static void start(void)
{
    plug_in(VIRTIO_KIND_ENTROPY);
    cr_assert(virtio_entropy_init(&source, &regs));
    source.entropy.client = &client;
}

static void expect_word(uint32_t expected)
{
    uint32_t word = 0;

    cr_expect(
        eq(int, source.entropy.ops->gather(&source.entropy, &word), TOCK_OK));
    cr_expect(eq(u32, word, expected));
}

static void expect_none(enum tock_error why)
{
    uint32_t word;

    cr_expect(eq(int, source.entropy.ops->gather(&source.entropy, &word), why));
}

static void interrupt(void)
{
    regs.interrupt_status = 1;
    virtio_serve(&source.device);
}

/* The device fills a pool; its bytes are from, from + 1, ... */
static void fill(uint32_t pool, uint8_t from, uint32_t len)
{
    for (uint32_t i = 0; i < VIRTIO_ENTROPY_BYTES; i++)
        source.pools[pool][i] = (uint8_t)(from + i);
    answer(&source.queue, pool, len);
    interrupt();
}

static void expect_lent(uint32_t count)
{
    cr_expect(eq(u32, source.queue.available.index, count));
}

Test(virtio_entropy, another_device_is_left_alone)
{
    plug_in(VIRTIO_KIND_CONSOLE);
    cr_expect(not(virtio_entropy_init(&source, &regs)));
}

Test(virtio_entropy, both_pools_are_lent_at_the_start)
{
    start();
    expect_lent(VIRTIO_ENTROPY_POOLS);
    for (uint32_t i = 0; i < VIRTIO_ENTROPY_POOLS; i++) {
        cr_expect(
            eq(u32, source.queue.descriptors[i].len, VIRTIO_ENTROPY_BYTES));
        cr_expect(eq(u32, source.queue.descriptors[i].flags,
                     VIRTIO_DESCRIPTOR_WRITE));
    }
    expect_none(TOCK_BUSY);
}

Test(virtio_entropy, each_byte_is_handed_out_once_and_forgotten)
{
    start();
    fill(0, 1, VIRTIO_ENTROPY_BYTES);
    expect_word(0x01020304);
    expect_word(0x05060708);
    for (uint32_t i = 0; i < 8; i++)
        cr_expect(zero(u8, source.pools[0][i]));
    cr_expect(eq(u8, source.pools[0][8], 9));
}

Test(virtio_entropy, an_empty_pool_is_filled_again)
{
    start();
    fill(1, 1, VIRTIO_ENTROPY_BYTES);
    for (uint32_t i = 0; i < WORDS; i++)
        expect_word(0x01020304 + i * 0x04040404);
    expect_lent(VIRTIO_ENTROPY_POOLS + 1);
    expect_none(TOCK_BUSY);
    fill(1, 100, VIRTIO_ENTROPY_BYTES);
    expect_word(0x64656667);
}

Test(virtio_entropy, one_interrupt_may_tell_of_both_pools)
{
    start();
    answer(&source.queue, 1, VIRTIO_ENTROPY_BYTES);
    fill(0, 1, VIRTIO_ENTROPY_BYTES);
    cr_expect(eq(u32, source.unread[0].len, VIRTIO_ENTROPY_BYTES));
    cr_expect(eq(u32, source.unread[1].len, VIRTIO_ENTROPY_BYTES));
}

Test(virtio_entropy, a_pool_filled_in_part_counts_for_its_words)
{
    start();
    fill(0, 1, 7);
    expect_word(0x01020304);
    expect_none(TOCK_BUSY);
    expect_lent(VIRTIO_ENTROPY_POOLS + 1);
}

Test(virtio_entropy, a_device_that_gives_nothing_is_asked_again)
{
    start();
    fill(0, 1, 0);
    expect_none(TOCK_BUSY);
    expect_lent(VIRTIO_ENTROPY_POOLS + 1);
}

static void expect_stopped(void)
{
    regs.status = 0xf;
    interrupt();
    cr_expect(zero(u32, regs.status), "the device was reset");
    expect_none(TOCK_FAIL);
    expect_lent(VIRTIO_ENTROPY_POOLS);
}

Test(virtio_entropy, a_device_that_wrote_more_than_it_may_is_stopped)
{
    start();
    answer(&source.queue, 0, VIRTIO_ENTROPY_BYTES + 1);
    expect_stopped();
}

Test(virtio_entropy, a_device_that_names_no_slot_of_ours_is_stopped)
{
    start();
    answer(&source.queue, VIRTIO_ENTROPY_POOLS, 4);
    expect_stopped();
}

Test(virtio_entropy, who_found_nothing_is_told_once_when_there_is_more)
{
    start();
    fill(0, 1, VIRTIO_ENTROPY_BYTES);
    cr_expect(zero(uint, ready_calls), "nobody asked");
    for (uint32_t i = 0; i < WORDS; i++)
        expect_word(0x01020304 + i * 0x04040404);
    expect_none(TOCK_BUSY);
    fill(0, 1, VIRTIO_ENTROPY_BYTES);
    fill(1, 1, VIRTIO_ENTROPY_BYTES);
    cr_expect(eq(uint, ready_calls, 1));
}

Test(virtio_entropy, who_waits_is_told_of_a_stopped_device)
{
    start();
    expect_none(TOCK_BUSY);
    answer(&source.queue, 0, VIRTIO_ENTROPY_BYTES + 1);
    expect_stopped();
    cr_expect(eq(uint, ready_calls, 1));
}

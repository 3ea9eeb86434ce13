/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* The virtio transport and console over registers in memory; the device is
 * played by the test, a hostile one too. */
#include "chips/virtio/console.c"
#include "chips/virtio/device.c"
#include "virtio_device.h"

#include "serial_client.h"

#include <string.h>

TestSuite(virtio, .timeout = 5);

static struct virtio_console port;

static void start(void)
{
    plug_in(VIRTIO_KIND_CONSOLE);
    cr_assert(virtio_console_init(&port, &regs));
    port.uart.client = &client;
}

static enum tock_error send(const char *text)
{
    struct span bytes = {(uint8_t *)text, (uint32_t)strlen(text)};

    return port.uart.ops->transmit(&port.uart, bytes);
}

static enum tock_error get(uint8_t *bytes, uint32_t len)
{
    return port.uart.ops->receive(&port.uart, (struct span){bytes, len});
}

static void interrupt(void)
{
    regs.interrupt_status = 1;
    virtio_serve(&port.device);
    run_deferred();
}

/* Buffers that were given to the device since the start. */
static uint32_t given(const struct virtio_queue *queue)
{
    return queue->available.index;
}

static void arrive(const char *text)
{
    const volatile struct virtio_descriptor *to =
        &port.from_device.descriptors[SLOT];

    memcpy((void *)(uintptr_t)to->addr, text, strlen(text));
    answer(&port.from_device, SLOT, (uint32_t)strlen(text));
    interrupt();
}

static void expect_ended(unsigned *calls, uint32_t count,
                         enum tock_error status)
{
    cr_expect(eq(uint, *calls, 1));
    cr_expect(eq(u32, last_count, count));
    cr_expect(eq(int, last_status, status));
    *calls = 0;
}

/* --- is it there ---------------------------------------------------------- */

Test(virtio, a_device_is_started_with_nothing_but_version_1)
{
    start();
    cr_expect(eq(u32, regs.driver_features, VIRTIO_FEATURE_VERSION_1));
    cr_expect(eq(u32, regs.driver_features_sel, VIRTIO_FEATURES_HIGH));
    cr_expect(eq(u32, regs.status,
                 VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER |
                     VIRTIO_STATUS_FEATURES_OK | VIRTIO_STATUS_DRIVER_OK));
    cr_expect(eq(u32, regs.queue_num, VIRTIO_QUEUE_LEN));
    cr_expect(eq(u32, regs.queue_desc[0],
                 (uint32_t)(uintptr_t)port.to_device.descriptors));
}

Test(virtio, what_is_no_such_device_is_refused)
{
    plug_in(VIRTIO_KIND_CONSOLE);
    regs.device_id = 0;
    cr_expect(not(virtio_console_init(&port, &regs)));
    plug_in(VIRTIO_KIND_CONSOLE);
    regs.device_id = VIRTIO_KIND_ENTROPY;
    cr_expect(not(virtio_console_init(&port, &regs)));
    plug_in(VIRTIO_KIND_CONSOLE);
    regs.magic = 0;
    cr_expect(not(virtio_console_init(&port, &regs)));
    cr_expect(eq(u32, regs.status, 0));
}

Test(virtio, a_legacy_device_is_left_alone)
{
    plug_in(VIRTIO_KIND_CONSOLE);
    regs.version = 1;
    regs.status = 7;
    cr_expect(not(virtio_console_init(&port, &regs)));
    cr_expect(eq(u32, regs.status, 7));
}

Test(virtio, a_device_without_version_1_or_with_short_queues_has_failed)
{
    plug_in(VIRTIO_KIND_CONSOLE);
    regs.device_features = 0;
    cr_expect(not(virtio_console_init(&port, &regs)));
    cr_expect(ne(u32, regs.status & VIRTIO_STATUS_FAILED, 0));
    plug_in(VIRTIO_KIND_CONSOLE);
    regs.queue_num_max = VIRTIO_QUEUE_LEN - 1;
    cr_expect(not(virtio_console_init(&port, &regs)));
    cr_expect(ne(u32, regs.status & VIRTIO_STATUS_FAILED, 0));
}

/* --- sending -------------------------------------------------------------- */

Test(virtio, text_is_given_to_the_device_and_done_when_it_says_so)
{
    const volatile struct virtio_descriptor *out =
        &port.to_device.descriptors[SLOT];

    start();
    cr_assert(eq(int, send("abc"), TOCK_OK));
    cr_expect(eq(u32, given(&port.to_device), 1));
    cr_expect(eq(u32, regs.queue_notify, QUEUE_TO_DEVICE));
    cr_expect(eq(u32, out->len, 3));
    cr_expect(eq(u16, out->flags, 0));
    cr_expect(eq(int, send("abc"), TOCK_BUSY));
    interrupt();
    cr_expect(eq(uint, transmitted_calls, 0));

    answer(&port.to_device, SLOT, 99); /* means nothing for what it reads */
    interrupt();
    cr_expect(eq(u32, regs.interrupt_ack, 1));
    expect_ended(&transmitted_calls, 3, TOCK_OK);
    interrupt();
    cr_expect(eq(uint, transmitted_calls, 0));
}

Test(virtio, the_queue_goes_round)
{
    start();
    for (uint32_t i = 1; i < 70000; i++) {
        cr_assert(eq(int, send("x"), TOCK_OK));
        cr_assert(eq(u16, port.to_device.available.index, (uint16_t)i));
        answer(&port.to_device, SLOT, 0);
        interrupt();
        cr_assert(eq(uint, transmitted_calls, i));
    }
}

Test(virtio, an_empty_text_ends_without_the_device)
{
    start();
    cr_assert(eq(int, send(""), TOCK_OK));
    cr_expect(eq(u32, given(&port.to_device), 0));
    run_deferred();
    expect_ended(&transmitted_calls, 0, TOCK_OK);
}

/* --- receiving ------------------------------------------------------------ */

Test(virtio, bytes_wait_until_somebody_receives)
{
    uint8_t in[4] = {0};

    start();
    cr_expect(eq(u32, given(&port.from_device), 1));
    arrive("hello!");
    cr_expect(eq(uint, received_calls, 0));
    cr_expect(eq(u32, given(&port.from_device), 1));

    cr_assert(eq(int, get(in, 4), TOCK_OK));
    cr_expect(eq(uint, received_calls, 0));
    run_deferred();
    expect_ended(&received_calls, 4, TOCK_OK);
    cr_expect(eq(int, memcmp(in, "hell", 4), 0));
    cr_expect(eq(u32, given(&port.from_device), 1));

    cr_assert(eq(int, get(in, 4), TOCK_OK));
    cr_expect(eq(u32, given(&port.from_device), 2));
    arrive("xyz");
    expect_ended(&received_calls, 4, TOCK_OK);
    cr_expect(eq(int, memcmp(in, "o!xy", 4), 0));
}

Test(virtio, an_aborted_reception_keeps_what_it_has_and_loses_nothing)
{
    uint8_t in[4] = {0};

    start();
    cr_assert(eq(int, get(in, 4), TOCK_OK));
    cr_expect(eq(int, get(in, 4), TOCK_BUSY));
    arrive("ab");
    port.uart.ops->abort_receive(&port.uart);
    port.uart.ops->abort_receive(&port.uart);
    run_deferred();
    expect_ended(&received_calls, 2, TOCK_CANCEL);
    arrive("c");
    cr_assert(eq(int, get(in, 1), TOCK_OK));
    run_deferred();
    expect_ended(&received_calls, 1, TOCK_OK);
    cr_expect(eq(u8, in[0], 'c'));
    port.uart.ops->abort_receive(&port.uart);
    run_deferred();
    cr_expect(eq(uint, received_calls, 0));
}

Test(virtio, a_buffer_that_comes_back_empty_is_offered_again)
{
    uint8_t in[1];

    start();
    arrive("");
    cr_expect(eq(u32, given(&port.from_device), 2));
    get(in, 1);
    arrive("z");
    expect_ended(&received_calls, 1, TOCK_OK);
}

/* --- nonsense ------------------------------------------------------------- */

static void expect_stopped(void)
{
    uint8_t in[1];

    cr_expect(eq(u32, regs.status, 0), "the device still has our buffers");
    cr_expect(eq(int, send("x"), TOCK_FAIL));
    cr_expect(eq(int, get(in, 1), TOCK_FAIL));
    transmitted_calls = received_calls = 0;
    answer(&port.to_device, SLOT, 0);
    interrupt();
    cr_expect(eq(uint, transmitted_calls + received_calls, 0));
}

Test(virtio, more_bytes_than_were_offered_stop_the_device)
{
    uint8_t in[1];

    start();
    get(in, 1);
    answer(&port.from_device, SLOT, VIRTIO_CONSOLE_CHUNK + 1);
    interrupt();
    expect_ended(&received_calls, 0, TOCK_FAIL);
    expect_stopped();
}

Test(virtio, a_slot_that_does_not_exist_stops_the_device)
{
    start();
    send("abc");
    answer(&port.to_device, VIRTIO_QUEUE_LEN, 0);
    interrupt();
    expect_ended(&transmitted_calls, 0, TOCK_FAIL);
    expect_stopped();
}

Test(virtio, a_slot_far_away_stops_the_device)
{
    start();
    answer(&port.from_device, 32, 1); /* 1 << 32 would be slot 0 again */
    interrupt();
    expect_stopped();
}

Test(virtio, an_answer_without_a_question_stops_the_device)
{
    start();
    answer(&port.to_device, SLOT, 0);
    interrupt();
    cr_expect(eq(uint, transmitted_calls, 0));
    expect_stopped();
}

Test(virtio, an_answer_given_twice_is_not_believed_twice)
{
    uint8_t in[1];

    start();
    answer(&port.from_device, SLOT, 1);
    port.from_device.used.index++; /* one more, or 2^16 fewer */
    interrupt();
    interrupt();
    cr_expect(eq(int, get(in, 1), TOCK_OK)); /* what came before is good */
    run_deferred();
    expect_ended(&received_calls, 1, TOCK_OK);
    expect_stopped();
}

Test(virtio, what_was_sent_before_the_nonsense_stays_sent)
{
    start();
    send("abc");
    answer(&port.to_device, SLOT, 0);
    virtio_serve(&port.device); /* the callback waits */
    answer(&port.from_device, 77, 0);
    interrupt();
    expect_ended(&transmitted_calls, 3, TOCK_OK);
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* The CMSDK UART driver over a register block in memory. */
#include "chips/mps2/cmsdk_uart.c"

#include "serial_client.h"

TestSuite(cmsdk_uart, .timeout = 5);

static struct cmsdk_uart_regs regs;
static struct cmsdk_uart port;

/* Sends this from within the callback. */
static struct span next_out;

static void send_again(struct hil_uart_client *self, uint32_t sent,
                       enum tock_error status)
{
    on_transmitted(self, sent, status);
    if (next_out.ptr != NULL)
        port.uart.ops->transmit(&port.uart, next_out);
    next_out.ptr = NULL;
}

static const struct hil_uart_client_ops again_ops = {send_again, on_received};
static struct hil_uart_client again = {&again_ops};

static void start(void)
{
    cmsdk_uart_init(&port, &regs, 25000000, 115200);
    port.uart.client = &client;
}

static enum tock_error send(uint8_t *bytes, uint32_t len)
{
    return port.uart.ops->transmit(&port.uart, (struct span){bytes, len});
}

static enum tock_error get(uint8_t *bytes, uint32_t len)
{
    return port.uart.ops->receive(&port.uart, (struct span){bytes, len});
}

/* The receiver holds this byte; in memory the flag stays up. */
static void arrive(uint8_t byte)
{
    regs.data = byte;
    regs.state |= STATE_RX_FULL;
}

Test(cmsdk_uart, both_directions_are_on_without_interrupts)
{
    start();
    cr_expect(eq(u32, regs.ctrl, CTRL_TX_ENABLE | CTRL_RX_ENABLE));
    cr_expect(eq(u32, regs.bauddiv, 217));
}

Test(cmsdk_uart, text_that_fits_goes_out_and_is_told_later)
{
    uint8_t text[] = "abc";

    start();
    cr_assert(eq(int, send(text, 3), TOCK_OK));
    cr_expect(eq(u32, regs.data, 'c'));
    cr_expect(eq(uint, transmitted_calls, 0));
    cr_expect(eq(int, send(text, 3), TOCK_BUSY));
    run_deferred();
    cr_expect(eq(uint, transmitted_calls, 1));
    cr_expect(eq(u32, last_count, 3));
    cr_expect(eq(int, last_status, TOCK_OK));
    cr_expect(eq(u32, regs.ctrl & CTRL_TX_INTERRUPT, 0));
}

Test(cmsdk_uart, a_full_transmitter_is_continued_by_its_interrupt)
{
    uint8_t text[] = "ab";

    start();
    regs.state = STATE_TX_FULL;
    cr_assert(eq(int, send(text, 2), TOCK_OK));
    run_deferred();
    cr_expect(eq(uint, transmitted_calls, 0));
    cr_expect(eq(u32, regs.data, 0));
    cr_expect(ne(u32, regs.ctrl & CTRL_TX_INTERRUPT, 0));

    regs.state = 0;
    cmsdk_uart_serve(&port);
    run_deferred();
    cr_expect(eq(uint, transmitted_calls, 1));
    cr_expect(eq(u32, last_count, 2));
}

Test(cmsdk_uart, an_empty_text_ends_with_its_callback)
{
    uint8_t text[1];

    start();
    cr_assert(eq(int, send(text, 0), TOCK_OK));
    run_deferred();
    cr_expect(eq(uint, transmitted_calls, 1));
    cr_expect(eq(u32, last_count, 0));
}

Test(cmsdk_uart, the_callback_may_send_again)
{
    uint8_t first[] = "a", second[] = "bc";

    start();
    port.uart.client = &again;
    next_out = (struct span){second, 2};
    cr_assert(eq(int, send(first, 1), TOCK_OK));
    run_deferred();
    cr_expect(eq(uint, transmitted_calls, 2));
    cr_expect(eq(u32, last_count, 2));
}

Test(cmsdk_uart, a_byte_that_waited_is_taken_without_an_interrupt)
{
    uint8_t in[1] = {0};

    start();
    arrive('x');
    cr_assert(eq(int, get(in, 1), TOCK_OK));
    cr_expect(eq(uint, received_calls, 0));
    run_deferred();
    cr_expect(eq(uint, received_calls, 1));
    cr_expect(eq(uint, transmitted_calls, 0));
    cr_expect(eq(u8, in[0], 'x'));
    cr_expect(eq(u32, regs.ctrl & CTRL_RX_INTERRUPT, 0));
}

Test(cmsdk_uart, a_byte_that_comes_later_is_taken_by_the_interrupt)
{
    uint8_t in[1] = {0};

    start();
    cr_assert(eq(int, get(in, 1), TOCK_OK));
    cr_expect(ne(u32, regs.ctrl & CTRL_RX_INTERRUPT, 0));
    cr_expect(eq(int, get(in, 1), TOCK_BUSY));
    arrive('y');
    cmsdk_uart_serve(&port);
    run_deferred();
    cr_expect(eq(u32, last_count, 1));
    cr_expect(eq(u8, in[0], 'y'));
}

Test(cmsdk_uart, a_byte_that_nobody_receives_stays_in_the_port)
{
    start();
    arrive('z');
    cmsdk_uart_serve(&port);
    run_deferred();
    cr_expect(eq(uint, received_calls, 0));
    cr_expect(eq(u32, regs.data, 'z'));
}

Test(cmsdk_uart, an_aborted_reception_tells_what_it_has)
{
    uint8_t in[4];

    start();
    cr_assert(eq(int, get(in, sizeof in), TOCK_OK));
    port.received = 2;
    port.uart.ops->abort_receive(&port.uart);
    cr_expect(eq(uint, received_calls, 0));
    run_deferred();
    cr_expect(eq(uint, received_calls, 1));
    cr_expect(eq(u32, last_count, 2));
    cr_expect(eq(int, last_status, TOCK_CANCEL));
    cr_expect(eq(u32, regs.ctrl & CTRL_RX_INTERRUPT, 0));
}

Test(cmsdk_uart, aborting_nothing_does_nothing)
{
    start();
    port.uart.ops->abort_receive(&port.uart);
    run_deferred();
    cr_expect(eq(uint, received_calls, 0));
}

Test(cmsdk_uart, panic_text_needs_no_interrupt)
{
    start();
    cmsdk_uart_put(&port, "oops");
    cr_expect(eq(u32, regs.data, 's'));
    cr_expect(eq(ptr, waiting, NULL));
}

Test(cmsdk_uart, a_panic_sends_the_rest_of_a_transmission_first)
{
    uint8_t bytes[] = "lost?";

    start();
    regs.state = STATE_TX_FULL;
    port.uart.ops->transmit(&port.uart, (struct span){bytes, 5});
    cr_expect(eq(u32, port.sent, 0));
    regs.state = 0;
    cmsdk_uart_put(&port, "");
    cr_expect(eq(u32, port.sent, 5));
    cr_expect(eq(u32, regs.data, '?'));
}

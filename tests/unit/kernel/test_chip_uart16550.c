/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* The 16550 driver over a register block in memory. */
#include "chips/qemu_rv32_virt/uart16550.c"

#include "serial_client.h"

TestSuite(uart16550, .timeout = 5);

static struct uart16550_regs regs;
static struct uart16550 port;

static void start(void)
{
    uart16550_init(&port, &regs);
    port.uart.client = &client;
    regs.lsr = LSR_TRANSMIT_EMPTY;
}

static enum tock_error send(uint8_t *bytes, uint32_t len)
{
    return port.uart.ops->transmit(&port.uart, (struct span){bytes, len});
}

static enum tock_error get(uint8_t *bytes, uint32_t len)
{
    return port.uart.ops->receive(&port.uart, (struct span){bytes, len});
}

Test(uart16550, idle_port_does_not_interrupt)
{
    start();
    cr_expect(eq(u8, regs.ier, 0));
    cr_expect(eq(u8, regs.lcr, LCR_8N1));
}

Test(uart16550, transmission_fills_the_queue_once_per_interrupt)
{
    uint8_t text[20] = "abcdefghijklmnopqrst";

    start();
    cr_assert(eq(int, send(text, sizeof text), TOCK_OK));
    cr_expect(eq(u8, regs.ier, IER_TRANSMITTED));
    uart16550_serve(&port);
    cr_expect(eq(chr, (char)regs.data, 'p'));
    uart16550_serve(&port);
    cr_expect(eq(chr, (char)regs.data, 't'));
    cr_expect(eq(u8, regs.ier, 0));
    cr_expect(eq(uint, transmitted_calls, 0), "the callback is deferred");
    run_deferred();
    cr_expect(eq(uint, transmitted_calls, 1));
    cr_expect(eq(u32, last_count, 20));
    cr_expect(eq(int, last_status, TOCK_OK));
}

Test(uart16550, a_full_port_is_not_written)
{
    uint8_t text[1] = "x";

    start();
    regs.data = 0;
    regs.lsr = 0;
    cr_assert(eq(int, send(text, 1), TOCK_OK));
    uart16550_serve(&port);
    cr_expect(eq(u8, regs.data, 0));
    cr_expect(eq(u8, regs.ier, IER_TRANSMITTED));
}

Test(uart16550, second_transfer_is_busy_until_the_callback)
{
    uint8_t text[1] = "x";

    start();
    cr_assert(eq(int, send(text, 1), TOCK_OK));
    cr_expect(eq(int, send(text, 1), TOCK_BUSY));
    uart16550_serve(&port);
    cr_expect(eq(int, send(text, 1), TOCK_BUSY));
    run_deferred();
    cr_expect(eq(int, send(text, 1), TOCK_OK));
}

Test(uart16550, empty_transfers_end_by_callback)
{
    start();
    cr_assert(eq(int, send(NULL, 0), TOCK_OK));
    cr_assert(eq(int, get(NULL, 0), TOCK_OK));
    cr_expect(eq(u8, regs.ier, 0));
    run_deferred();
    cr_expect(eq(uint, transmitted_calls, 1));
    cr_expect(eq(uint, received_calls, 1));
}

Test(uart16550, reception_ends_when_the_buffer_is_full)
{
    uint8_t in[2] = {0};

    start();
    cr_assert(eq(int, get(in, sizeof in), TOCK_OK));
    cr_expect(eq(u8, regs.ier, IER_RECEIVED));
    regs.data = 'k';
    regs.lsr |= LSR_DATA_READY;
    uart16550_serve(&port);
    cr_expect(eq(u8, regs.ier, 0), "what comes now waits in the port");
    run_deferred();
    cr_expect(eq(uint, received_calls, 1));
    cr_expect(eq(u32, last_count, 2));
    cr_expect(eq(chr, (char)in[1], 'k'));
}

Test(uart16550, aborted_reception_ends_with_its_callback)
{
    uint8_t in[2];

    start();
    port.uart.ops->abort_receive(&port.uart);
    run_deferred();
    cr_expect(eq(uint, received_calls, 0), "there was none");

    cr_assert(eq(int, get(in, sizeof in), TOCK_OK));
    port.uart.ops->abort_receive(&port.uart);
    port.uart.ops->abort_receive(&port.uart);
    cr_expect(eq(u8, regs.ier, 0));
    cr_expect(eq(uint, received_calls, 0));
    run_deferred();
    cr_expect(eq(uint, received_calls, 1));
    cr_expect(eq(u32, last_count, 0));
    cr_expect(eq(int, last_status, TOCK_CANCEL));
}

Test(uart16550, abort_after_the_last_byte_changes_nothing)
{
    uint8_t in[1];

    start();
    cr_assert(eq(int, get(in, sizeof in), TOCK_OK));
    regs.lsr |= LSR_DATA_READY;
    uart16550_serve(&port);
    port.uart.ops->abort_receive(&port.uart);
    run_deferred();
    cr_expect(eq(uint, received_calls, 1));
    cr_expect(eq(int, last_status, TOCK_OK));
}

Test(uart16550, a_panic_sends_the_rest_of_a_transmission_first)
{
    uint8_t bytes[] = "lost?";

    start();
    regs.lsr = LSR_TRANSMIT_EMPTY;
    port.uart.ops->transmit(&port.uart, (struct span){bytes, 5});
    uart16550_put(&port, "");
    cr_expect(eq(u32, port.tx.count, 5));
    cr_expect(eq(u8, regs.data, '?'));
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"

TestSuite(uart_mux, .timeout = 10);

struct user {
    struct hil_uart_client client;
    struct hil_uart *uart;
    unsigned transmitted;
    unsigned received;
    uint32_t count;
    enum tock_error status;
    uint8_t in[8];
    bool in_call; /* a callback now would be inside our own call */
};

static struct user users[2];

static void on_transmitted(struct hil_uart_client *client, uint32_t sent,
                           enum tock_error status)
{
    struct user *user = CAPSULE_SELF(struct user, client, client);

    cr_assert(not(user->in_call));
    user->transmitted++;
    user->count = sent;
    user->status = status;
}

static void on_received(struct hil_uart_client *client, uint32_t received,
                        enum tock_error status)
{
    struct user *user = CAPSULE_SELF(struct user, client, client);

    cr_assert(not(user->in_call));
    user->received++;
    user->count = received;
    user->status = status;
}

static const struct hil_uart_client_ops client_ops = {on_transmitted,
                                                      on_received};

/* Both of the board's devices are ours. */
static void boot(void)
{
    board_power_on();
    users[0].uart = &board.console_uart.uart;
    users[1].uart = uart_mux_add(&board.uart_mux, &board.other_uart);
    for (int i = 0; i < 2; i++) {
        users[i].client.ops = &client_ops;
        users[i].uart->client = &users[i].client;
    }
    board_boot();
}

static enum tock_error transmit(struct user *user, const char *text)
{
    enum tock_error error;

    user->in_call = true;
    error = user->uart->ops->transmit(
        user->uart, (struct span){(uint8_t *)text, strlen(text)});
    user->in_call = false;
    return error;
}

static enum tock_error receive(struct user *user, uint32_t len)
{
    enum tock_error error;

    user->in_call = true;
    error = user->uart->ops->receive(user->uart, (struct span){user->in, len});
    user->in_call = false;
    return error;
}

static void abort_receive(struct user *user)
{
    user->in_call = true;
    user->uart->ops->abort_receive(user->uart);
    user->in_call = false;
}

Test(uart_mux, transmissions_take_turns)
{
    boot();
    cr_expect(eq(int, transmit(&users[0], "zero "), TOCK_OK));
    cr_expect(eq(int, transmit(&users[1], "one "), TOCK_OK));
    cr_expect(eq(int, transmit(&users[1], "no"), TOCK_BUSY));
    settle();
    cr_expect(said("zero one "));
    cr_expect(eq(u32, users[0].transmitted, 1));
    cr_expect(eq(u32, users[0].count, 5));
    cr_expect(eq(u32, users[1].transmitted, 1));
}

Test(uart_mux, a_port_that_refuses_is_reported_later)
{
    boot();
    host_uart.refuse = TOCK_OFF;
    cr_expect(eq(int, transmit(&users[0], "zero"), TOCK_OK));
    cr_expect(eq(u32, users[0].transmitted, 0));
    settle();
    cr_expect(eq(u32, users[0].transmitted, 1));
    cr_expect(eq(u32, users[0].count, 0));
    cr_expect(eq(int, users[0].status, TOCK_OFF));
    transmit(&users[1], "one");
    settle();
    cr_expect(said("one"));
}

Test(uart_mux, the_port_is_read_only_while_somebody_receives)
{
    boot();
    cr_expect(not(host_uart.is_reading));
    receive(&users[0], 2);
    cr_expect(eq(u32, host_uart_type("abc"), 2));
    cr_expect(eq(u32, users[0].received, 1));
    cr_expect(not(host_uart.is_reading));
}

Test(uart_mux, every_receiver_gets_each_byte)
{
    boot();
    receive(&users[0], 2);
    receive(&users[1], 3);
    cr_expect(eq(int, receive(&users[1], 3), TOCK_BUSY));
    cr_expect(eq(u32, host_uart_type("abcd"), 3));
    cr_expect(eq(int, memcmp(users[0].in, "ab\0", 3), 0));
    cr_expect(eq(int, memcmp(users[1].in, "abc", 3), 0));
}

Test(uart_mux, receiving_nothing_is_refused)
{
    boot();
    cr_expect(eq(int, receive(&users[0], 0), TOCK_SIZE));
}

Test(uart_mux, an_abort_ends_one_reception_and_leaves_the_other)
{
    boot();
    receive(&users[0], 4);
    receive(&users[1], 2);
    host_uart_type("a");
    abort_receive(&users[0]);
    host_uart_type("b");
    cr_expect(eq(u32, users[0].received, 0));
    settle();
    cr_expect(eq(u32, users[0].received, 1));
    cr_expect(eq(u32, users[0].count, 1));
    cr_expect(eq(int, users[0].status, TOCK_CANCEL));
    cr_expect(eq(u32, users[1].received, 1));
    cr_expect(eq(int, users[1].status, TOCK_OK));
}

Test(uart_mux, the_last_abort_stops_reading_and_the_next_reception_starts_it)
{
    boot();
    receive(&users[0], 4);
    abort_receive(&users[0]);
    settle();
    cr_expect(not(host_uart.is_reading));
    receive(&users[0], 1);
    cr_expect(host_uart.is_reading);

    /* Aborted and wanted again before the port's own abort came through. */
    abort_receive(&users[0]);
    receive(&users[1], 1);
    settle();
    cr_expect(host_uart.is_reading);
    host_uart_type("x");
    cr_expect(eq(u32, users[1].received, 1));
    cr_expect(eq(u8, users[1].in[0], 'x'));
}

Test(uart_mux, an_abort_without_a_reception_does_nothing)
{
    boot();
    abort_receive(&users[0]);
    settle();
    cr_expect(eq(u32, users[0].received, 0));
}

enum { LONG = 10 * UART_MUX_BURST };

/* As a driver that sends a long text in pieces. */
static void send_next(struct hil_uart_client *client, uint32_t sent,
                      enum tock_error status)
{
    struct user *user = CAPSULE_SELF(struct user, client, client);

    on_transmitted(client, sent, status);
    if (user->transmitted < LONG)
        transmit(user, ".");
}

/* The host's port is faster than any. */
static uint32_t runs_during(uint32_t transmissions)
{
    static const struct hil_uart_client_ops long_ops = {send_next, on_received};
    uint32_t runs;

    board_power_on();
    board_install(&(struct board_app){.name = "one"});
    board_boot();
    users[0] =
        (struct user){.client = {&long_ops}, .uart = &board.console_uart.uart};
    users[0].uart->client = &users[0].client;
    runs = host_cpu.runs;
    transmit(&users[0], ".");
    while (users[0].transmitted < transmissions)
        kernel_loop_once();
    return host_cpu.runs - runs;
}

Test(uart_mux, a_long_text_lets_a_process_run_between_its_pieces)
{
    cr_expect(ge(u32, runs_during(LONG), LONG / UART_MUX_BURST - 1));
}

/* Low-level debug lines of an app that ends at once, for one. */
Test(uart_mux, a_burst_of_short_texts_waits_for_no_process)
{
    cr_expect(zero(u32, runs_during(UART_MUX_BURST)));
}

/* --- bytes that are kept -------------------------------------------------- */

static uint8_t memory[4];

static void boot_keeping(void)
{
    boot();
    uart_mux_keep(&board.console_uart, (struct span){memory, sizeof(memory)});
}

Test(uart_mux, bytes_for_others_are_kept_until_they_are_wanted)
{
    boot_keeping();
    receive(&users[1], 3);
    host_uart_type("abc");
    receive(&users[0], 2);
    cr_expect(eq(u32, users[0].received, 0));
    settle();
    cr_expect(eq(u32, users[0].received, 1));
    cr_expect(eq(int, memcmp(users[0].in, "ab", 2), 0));
    receive(&users[0], 2);
    settle();
    host_uart_type("d");
    cr_expect(eq(u32, users[0].received, 2));
    cr_expect(eq(int, memcmp(users[0].in, "cd", 2), 0));
}

Test(uart_mux, of_too_many_bytes_the_newest_are_kept)
{
    boot_keeping();
    receive(&users[1], 7);
    host_uart_type("abcdefg");
    receive(&users[0], 4);
    settle();
    cr_expect(eq(u32, users[0].received, 1));
    cr_expect(eq(int, memcmp(users[0].in, "defg", 4), 0));
}

Test(uart_mux, without_memory_nothing_is_kept)
{
    boot();
    receive(&users[1], 3);
    host_uart_type("abc");
    receive(&users[0], 1);
    settle();
    cr_expect(eq(u32, users[0].received, 0));
}

Test(uart_mux, what_one_device_claims_the_others_do_not_get)
{
    boot_keeping();
    receive(&users[1], 3);
    host_uart_type("abc");
    uart_mux_claim(&board.other_uart);
    receive(&users[0], 1);
    settle();
    cr_expect(eq(u32, users[0].received, 0));
    host_uart_type("d");
    cr_expect(eq(u8, users[0].in[0], 'd'));
}

/* --- lines ---------------------------------------------------------------- */

Test(uart_mux, an_interactive_device_shares_no_line_with_others)
{
    boot();
    board.other_uart.is_interactive = true;
    transmit(&users[1], "typed");
    settle();
    transmit(&users[1], " on");
    settle();
    cr_expect(eq(int, uart_mux_line(&board.other_uart), UART_MUX_LINE_OURS));
    transmit(&users[0], "app");
    settle();
    cr_expect(eq(int, uart_mux_line(&board.other_uart), UART_MUX_LINE_OTHERS));
    transmit(&users[1], "typed");
    settle();
    debug_line("kernel");
    settle();
    cr_expect(eq(int, uart_mux_line(&board.other_uart), UART_MUX_LINE_FRESH));
    transmit(&users[1], "more");
    settle();
    cr_expect(said("typed on\r\napp\r\ntyped\r\nkernel\r\nmore"));
    cr_expect(eq(u32, users[0].transmitted, 1));
    cr_expect(eq(u32, users[0].count, 3));
}

Test(uart_mux, others_share_lines_as_they_please)
{
    boot();
    transmit(&users[0], "half ");
    settle();
    transmit(&users[1], "and half\n");
    settle();
    cr_expect(said("half and half\n"));
}

Test(uart_mux, a_port_that_refuses_the_line_end_gets_the_text)
{
    boot();
    board.other_uart.is_interactive = true;
    transmit(&users[1], "typed");
    settle();
    host_uart.refuse = TOCK_OFF;
    transmit(&users[0], "app");
    settle();
    cr_expect(said("typedapp"));
    cr_expect(eq(u32, users[0].transmitted, 1));
    cr_expect(eq(int, users[0].status, TOCK_OK));
}

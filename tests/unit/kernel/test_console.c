/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"

TestSuite(console, .timeout = 10);

enum { COUNT = 3 };

#define FN(p, n) ((p)->flash_start + 256u + 8u * (n))
#define OUT(p)   ((p)->ram.start + 100) /* 400 bytes */
#define IN(p)    ((p)->ram.start + 600) /* 200 bytes */

static void boot_apps(int count)
{
    board_power_on();
    for (int i = 0; i < count; i++)
        board_install(&(struct board_app){.name = "app"});
    board_boot();
    for (int i = 0; i < count; i++) {
        raise_break(&board.processes[i], 1024);
        memset(host_memory(OUT(&board.processes[i])), 'a' + i, 400);
    }
    forget_text();
}

static struct process *boot_one(void)
{
    boot_apps(1);
    return &board.processes[0];
}

static void allow_out(struct process *p, uint32_t len)
{
    call(p, TOCK_CLASS_ALLOW_RO, CONSOLE, 1, OUT(p), len);
}

static void allow_in(struct process *p, uint32_t len)
{
    call(p, TOCK_CLASS_ALLOW_RW, CONSOLE, 1, IN(p), len);
}

static void write(struct process *p, uint32_t len)
{
    EXPECT_REGS(command(p, CONSOLE, 1, len, 0xc3), TOCK_SUCCESS, 1, len, 0xc3);
}

static enum tock_error read(struct process *p, uint32_t len)
{
    const uint32_t *r = command(p, CONSOLE, 2, len, 0);

    return r[0] == TOCK_SUCCESS ? TOCK_OK : r[1];
}

/* Waits for the upcall of that number and compares its arguments. */
static void expect_upcall(struct process *p, uint32_t number, uint32_t a,
                          uint32_t b)
{
    yield_wait_for(p, CONSOLE, number);
    settle();
    cr_assert(eq(u8, p->state, PROCESS_RUNNING), "no upcall %u",
              (unsigned)number);
    EXPECT_REGS(p->context.regs, a, b, 0, 0);
}

static bool text_is(char c, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (host_uart.text[i] != c)
            return false;
    }
    return host_uart.text_len == count;
}

/* --- commands ------------------------------------------------------------- */

Test(console, is_there_and_knows_no_other_commands)
{
    struct process *p = boot_one();

    EXPECT_REGS(command(p, CONSOLE, 0, 2, 3), TOCK_SUCCESS, 0, 2, 3);
    EXPECT_REGS(command(p, CONSOLE, 4, 2, 3), TOCK_FAILURE, TOCK_NOSUPPORT, 2,
                3);
}

/* --- writing -------------------------------------------------------------- */

Test(console, a_write_sends_the_text_and_counts_twice)
{
    struct process *p = boot_one();

    allow_out(p, 20);
    write(p, 5);
    expect_upcall(p, 1, 5, 5);
    cr_expect(text_is('a', 5));
}

Test(console, a_write_is_cut_to_the_buffer)
{
    struct process *p = boot_one();

    allow_out(p, 20);
    write(p, 1000000);
    expect_upcall(p, 1, 20, 20);
    cr_expect(text_is('a', 20));
}

Test(console, a_long_write_goes_out_in_chunks_with_one_upcall)
{
    struct process *p = boot_one();

    host_uart.transmissions = 0;
    allow_out(p, 300);
    write(p, 300);
    expect_upcall(p, 1, 300, 300);
    cr_expect(text_is('a', 300));
    cr_expect(eq(u32, p->upcalls.count, 0));
    cr_expect(eq(u32, host_uart.transmissions, 5));
}

Test(console, a_write_with_nothing_to_send_completes)
{
    struct process *p = boot_one();

    write(p, 10); /* no buffer */
    expect_upcall(p, 1, 0, 0);
    allow_out(p, 20);
    write(p, 0);
    expect_upcall(p, 1, 0, 0);
    allow_out(p, 0);
    write(p, 10);
    expect_upcall(p, 1, 0, 0);
    cr_expect(eq(u32, host_uart.text_len, 0));
}

Test(console, a_buffer_in_flash_can_be_written)
{
    struct process *p = boot_one();
    uint32_t code = p->flash_start + 300;

    memcpy(host_memory(code), "flash", 5);
    call(p, TOCK_CLASS_ALLOW_RO, CONSOLE, 1, code, 5);
    write(p, 5);
    expect_upcall(p, 1, 5, 5);
    cr_expect(said("flash"));
}

Test(console, a_buffer_that_shrinks_on_the_way_ends_the_write_early)
{
    struct process *p = boot_one();

    host_uart.is_slow = true;
    allow_out(p, 300);
    write(p, 300);
    settle();
    allow_out(p, 100);
    for (int i = 0; i < 10; i++) {
        host_uart_send_out();
        settle();
    }
    expect_upcall(p, 1, 100, 100);
    cr_expect(text_is('a', 100));
}

Test(console, a_buffer_taken_away_on_the_way_ends_the_write_early)
{
    struct process *p = boot_one();

    host_uart.is_slow = true;
    allow_out(p, 300);
    write(p, 300);
    settle();
    call(p, TOCK_CLASS_ALLOW_RO, CONSOLE, 1, 0, 0);
    host_uart_send_out();
    settle();
    expect_upcall(p, 1, 64, 64);
}

Test(console, a_second_write_replaces_the_first)
{
    struct process *p = boot_one();

    host_uart.is_slow = true;
    allow_out(p, 300);
    write(p, 300);
    settle();
    memset(host_memory(OUT(p)), 'z', 400);
    write(p, 70);
    for (int i = 0; i < 10; i++) {
        host_uart_send_out();
        settle();
    }
    expect_upcall(p, 1, 70, 70);
    cr_expect(eq(u32, p->upcalls.count, 0));
    cr_expect(eq(u32, host_uart.text_len, 64 + 70));
    cr_expect(eq(chr, host_uart.text[64], 'z'));
}

Test(console, an_empty_write_cancels_the_one_under_way)
{
    struct process *p = boot_one();

    host_uart.is_slow = true;
    allow_out(p, 300);
    write(p, 300);
    settle();
    write(p, 0);
    expect_upcall(p, 1, 0, 0);
    host_uart.is_slow = false;
    host_uart_send_out();
    settle();
    cr_expect(eq(u32, host_uart.text_len, 64));
    cr_expect(eq(u32, p->upcalls.count, 0));
    write(p, 3);
    expect_upcall(p, 1, 3, 3);
}

Test(console, writes_of_several_processes_alternate_and_stay_whole)
{
    boot_apps(COUNT);
    host_uart.is_slow = true;
    for (int i = 0; i < COUNT; i++) {
        allow_out(&board.processes[i], 100);
        write(&board.processes[i], 100);
    }
    for (int i = 0; i < 20; i++) {
        host_uart_send_out();
        settle();
    }
    cr_assert(eq(u32, host_uart.text_len, 300));
    for (int i = 0; i < COUNT; i++) {
        expect_upcall(&board.processes[i], 1, 100, 100);
        for (int k = 0; k < 100; k++)
            cr_expect(eq(chr, host_uart.text[100 * i + k], 'a' + i));
    }
}

Test(console, nobody_is_starved_by_a_process_that_always_writes)
{
    boot_apps(2);
    host_uart.is_slow = true;
    for (int i = 0; i < 2; i++)
        allow_out(&board.processes[i], 10);
    write(&board.processes[0], 10);
    write(&board.processes[1], 10);
    for (int i = 0; i < 4; i++) {
        host_uart_send_out();
        settle();
        write(&board.processes[i % 2], 10);
    }
    cr_expect(eq(
        int, strncmp(host_uart.text, "aaaaaaaaaabbbbbbbbbbaaaaaaaaaa", 30), 0));
}

Test(console, a_process_that_ends_while_its_text_goes_out_does_no_harm)
{
    boot_apps(2);
    host_uart.is_slow = true;
    for (int i = 0; i < 2; i++) {
        allow_out(&board.processes[i], 100);
        write(&board.processes[i], 100);
    }
    settle();
    call(&board.processes[0], TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    for (int i = 0; i < 6; i++) {
        host_uart_send_out();
        settle();
    }
    expect_upcall(&board.processes[1], 1, 100, 100);
    cr_expect(eq(u32, host_uart.text_len, 164));
    cr_expect(eq(u32, board.processes[0].upcalls.count, 0));
}

Test(console, a_port_that_refuses_ends_the_write)
{
    struct process *p = boot_one();

    host_uart.refuse = TOCK_FAIL;
    allow_out(p, 10);
    write(p, 10);
    expect_upcall(p, 1, 0, 0);
    write(p, 10);
    expect_upcall(p, 1, 10, 10);
}

/* --- reading -------------------------------------------------------------- */

Test(console, a_read_ends_when_all_bytes_came)
{
    struct process *p = boot_one();

    allow_in(p, 10);
    cr_expect(eq(int, read(p, 3), TOCK_OK));
    host_uart_type("xy");
    settle();
    cr_expect(eq(u32, p->upcalls.count, 0));
    host_uart_type("z");
    expect_upcall(p, 2, 0, 3);
    cr_expect(eq(int, memcmp(host_memory(IN(p)), "xyz\0", 4), 0));
}

Test(console, a_read_is_cut_to_the_buffer)
{
    struct process *p = boot_one();

    allow_in(p, 2);
    cr_expect(eq(int, read(p, 50), TOCK_OK));
    cr_expect(eq(u32, host_uart_type("xyz"), 2));
    expect_upcall(p, 2, 0, 2);
}

Test(console, an_empty_read_completes_at_once)
{
    struct process *p = boot_one();

    cr_expect(eq(int, read(p, 10), TOCK_OK));
    expect_upcall(p, 2, 0, 0);
    allow_in(p, 10);
    cr_expect(eq(int, read(p, 0), TOCK_OK));
    expect_upcall(p, 2, 0, 0);
}

Test(console, a_read_of_more_than_a_chunk_is_invalid)
{
    struct process *p = boot_one();

    allow_in(p, 200);
    cr_expect(eq(int, read(p, CONSOLE_CHUNK + 1), TOCK_INVAL));
    cr_expect(eq(int, read(p, CONSOLE_CHUNK), TOCK_OK));
}

Test(console, there_is_one_reader_on_the_whole_console)
{
    boot_apps(2);
    for (int i = 0; i < 2; i++)
        allow_in(&board.processes[i], 10);
    cr_expect(eq(int, read(&board.processes[0], 1), TOCK_OK));
    cr_expect(eq(int, read(&board.processes[0], 1), TOCK_BUSY));
    cr_expect(eq(int, read(&board.processes[1], 1), TOCK_BUSY));
    host_uart_type("x");
    settle();
    cr_expect(eq(int, read(&board.processes[1], 1), TOCK_OK));
}

Test(console, an_aborted_read_keeps_what_came)
{
    struct process *p = boot_one();

    allow_in(p, 10);
    read(p, 10);
    host_uart_type("xy");
    EXPECT_REGS(command(p, CONSOLE, 3, 4, 5), TOCK_SUCCESS, 3, 4, 5);
    expect_upcall(p, 2, TOCK_CANCEL, 2);
    cr_expect(eq(int, memcmp(host_memory(IN(p)), "xy\0", 3), 0));
    read(p, 10);
    command(p, CONSOLE, 3, 0, 0);
    expect_upcall(p, 2, TOCK_CANCEL, 0);
}

Test(console, abort_without_an_own_read_does_nothing)
{
    boot_apps(2);
    allow_in(&board.processes[0], 10);
    read(&board.processes[0], 10);
    EXPECT_REGS(command(&board.processes[1], CONSOLE, 3, 0, 0), TOCK_SUCCESS, 3,
                0, 0);
    settle();
    cr_expect(eq(u32, board.processes[0].upcalls.count, 0));
    cr_expect(eq(u32, board.processes[1].upcalls.count, 0));
    host_uart_type("0123456789");
    expect_upcall(&board.processes[0], 2, 0, 10);
}

Test(console, a_buffer_that_became_too_short_or_vanished_is_said)
{
    struct process *p = boot_one();

    allow_in(p, 10);
    read(p, 4);
    allow_in(p, 3);
    host_uart_type("wxyz");
    expect_upcall(p, 2, TOCK_SIZE, 3);
    allow_in(p, 10);
    read(p, 4);
    allow_in(p, 0);
    host_uart_type("wxyz");
    expect_upcall(p, 2, TOCK_NOMEM, 0);
}

Test(console, the_read_of_a_process_that_ended_makes_room)
{
    boot_apps(2);
    for (int i = 0; i < 2; i++)
        allow_in(&board.processes[i], 10);
    read(&board.processes[0], 10);
    host_uart_type("xy");
    call(&board.processes[0], TOCK_CLASS_EXIT, TOCK_EXIT_TERMINATE, 0, 0, 0);
    settle();
    cr_expect(eq(int, read(&board.processes[1], 2), TOCK_OK));
    host_uart_type("zw");
    expect_upcall(&board.processes[1], 2, 0, 2);
    cr_expect(eq(u8, *host_memory(IN(&board.processes[1])), 'z'));
}

/* --- beside the kernel's messages ----------------------------------------- */

Test(console, kernel_lines_do_not_break_into_a_write)
{
    struct process *p = boot_one();

    host_uart.is_slow = true;
    allow_out(p, 200);
    write(p, 200);
    settle();
    debug_line("kernel line");
    settle();
    for (int i = 0; i < 10; i++) {
        host_uart_send_out();
        settle();
    }
    expect_upcall(p, 1, 200, 200);
    cr_expect(eq(u32, host_uart.text_len, 200 + strlen("kernel line\r\n")));
    cr_expect(eq(int, strncmp(host_uart.text + 200, "kernel line\r\n", 13), 0));
}

Test(console, writes_one_after_the_other_leave_room_for_kernel_lines)
{
    boot_apps(2);
    host_uart.is_slow = true;
    for (int i = 0; i < 2; i++) {
        allow_out(&board.processes[i], 10);
        write(&board.processes[i], 10);
    }
    debug_line("kernel line");
    for (int i = 0; i < 4; i++) {
        host_uart_send_out();
        settle();
        write(&board.processes[i % 2], 10);
    }
    cr_expect(eq(int, strncmp(host_uart.text + 10, "kernel line\r\n", 13), 0));
}

Test(console, a_flood_of_kernel_lines_does_not_silence_an_app)
{
    struct process *p = boot_one();

    host_uart.is_slow = true;
    allow_out(p, 10);
    debug_line("%s", "0123456789012345678901234567890123456789");
    settle();
    write(p, 10);
    for (int i = 0; i < 20; i++) {
        debug_line("%s", "0123456789012345678901234567890123456789");
        host_uart_send_out();
        settle();
    }
    cr_expect(said("aaaaaaaaaa"));
}

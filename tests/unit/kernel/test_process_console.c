/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"

#include "extra/process_console.h"
#include "kernel/capability.h"

#include <setjmp.h>

TestSuite(process_console, .timeout = 20);

static const struct capability_manage can;
static struct uart_mux_device shell_uart;
static struct alarm_mux_device shell_alarm;
static struct process_console shell;

static jmp_buf away;

static void leave(void)
{
    longjmp(away, 1);
}

static void reset_board(const struct hil_reset *self)
{
    (void)self;
    leave();
}

static const struct hil_reset resetter = {reset_board};

static void rest(void)
{
    for (int i = 0; i < 20; i++)
        settle();
}

static void pass_ms(uint32_t ms)
{
    host_alarm_advance(host_alarm.alarm.frequency_hz / 1000 * ms);
    rest();
}

static void plug_in(const struct hil_reset *reset)
{
    board_power_on();
    uart_mux_add(&board.uart_mux, &shell_uart);
    process_console_init(&shell, &shell_uart,
                         alarm_mux_add(&board.alarm_mux, &shell_alarm), &can,
                         reset, "7");
}

/* Apps of these names; boots and waits for the prompt. */
static void boot_apps(const char *const *names, uint32_t count)
{
    plug_in(NULL);
    for (uint32_t i = 0; i < count; i++)
        board_install(&(struct board_app){.name = names[i]});
    board_boot();
    rest();
    pass_ms(101);
    cr_assert(said("\r\ntock$ ") || count == 0);
    forget_text();
}

static void boot_two(void)
{
    static const char *const names[] = {"blink", "radio"};

    boot_apps(names, 2);
}

static void type(const char *text)
{
    host_uart_type(text);
    rest();
}

#define EXPECT_SAID(wanted)                                   \
    do {                                                      \
        host_uart.text[host_uart.text_len] = '\0';            \
        cr_expect(eq(str, host_uart.text, (char *)(wanted))); \
        forget_text();                                        \
    } while (0)

static void write_text(struct process *p, const char *text)
{
    uint32_t len = (uint32_t)strlen(text);
    uint32_t at = p->ram.start + 64;

    if (p->bounds.app_break < p->ram.start + 1024)
        raise_break(p, 1024);
    memcpy(host_memory(at), text, len);
    call(p, TOCK_CLASS_ALLOW_RO, CONSOLE, 1, at, len);
    command(p, CONSOLE, 1, len, 0);
    rest();
}

/* --- the prompt and the line ---------------------------------------------- */

Test(process_console, the_prompt_comes_100_ms_after_boot)
{
    plug_in(NULL);
    board_boot();
    rest();
    pass_ms(98);
    EXPECT_SAID("");
    type("li");
    EXPECT_SAID("");
    pass_ms(4);
    EXPECT_SAID("tock$ li");
    type("\025");
    EXPECT_SAID("\b\b  \b\b");
}

Test(process_console, an_empty_line_prompts_again)
{
    boot_two();
    type("\r");
    EXPECT_SAID("\r\ntock$ ");
    type("   \r\n");
    EXPECT_SAID("   \r\ntock$ ");
}

Test(process_console, what_others_write_pushes_the_line_away)
{
    boot_two();
    type("li");
    EXPECT_SAID("li");
    debug_line("news");
    rest();
    EXPECT_SAID("\r\nnews\r\n");
    pass_ms(101);
    EXPECT_SAID("tock$ li");
    debug_line("news");
    rest();
    EXPECT_SAID("\r\nnews\r\n");
    type("x");
    EXPECT_SAID("tock$ lix");
}

Test(process_console, a_prompt_alone_comes_back_with_the_next_key)
{
    boot_two();
    debug_line("news");
    rest();
    debug_line("more");
    rest();
    pass_ms(500);
    EXPECT_SAID("\r\nnews\r\nmore\r\n");
    type("\033[D");
    type("l");
    EXPECT_SAID("tock$ l");
}

Test(process_console, an_app_in_the_middle_of_its_line_is_given_time)
{
    struct process *p = &board.processes[0];

    boot_two();
    write_text(p, "half");
    EXPECT_SAID("\r\nhalf");
    type("l");
    EXPECT_SAID("");
    write_text(p, " whole\n");
    EXPECT_SAID(" whole\n");
    pass_ms(101);
    EXPECT_SAID("tock$ l");
    write_text(p, "name? ");
    EXPECT_SAID("\r\nname? ");
    type("i");
    pass_ms(101);
    EXPECT_SAID("\r\ntock$ li");
}

Test(process_console, apps_that_read_get_every_byte_too)
{
    struct process *p = &board.processes[0];
    uint32_t at;

    boot_two();
    raise_break(p, 1024);
    at = p->ram.start + 64;
    call(p, TOCK_CLASS_ALLOW_RW, CONSOLE, 1, at, 5);
    command(p, CONSOLE, 2, 5, 0);
    type("list\r");
    cr_expect(eq(int, memcmp(host_memory(at), "list\r", 5), 0));
    cr_expect(said("\r\n PID"));
}

Test(process_console, a_long_line_and_noise_do_no_harm)
{
    boot_two();
    for (int i = 0; i < 200; i++)
        type("y");
    type("\r");
    cr_expect(said("tock$ "));
    for (int i = 0; i < 3000; i++) {
        char byte = (char)(i * 7 + i / 13);

        /* no panic on purpose */
        if (byte != 'p' && byte != '\0')
            type((char[]){byte, '\0'});
        if (i % 100 == 0)
            host_uart.text_len = 0;
    }
    type("\r\025");
    forget_text();
    type("status\r");
    cr_expect(said("Total processes: 2\r\n"));
}

Test(process_console, typing_ahead_is_kept_up_to_a_limit)
{
    boot_two();
    host_uart.is_slow = true;
    type("status\r");
    for (int i = 0; i < 300; i++)
        host_uart_type("z");
    host_uart.is_slow = false;
    host_uart_send_out();
    rest();
    type("\r");
    cr_expect(said("Total processes: 2\r\n"));
    cr_expect(said("zzz\r\nValid commands are: "));
}

/* --- commands ------------------------------------------------------------- */

#define VALID                                                     \
    "Valid commands are: help status list stop start fault boot " \
    "terminate process kernel reset panic console-start "         \
    "console-stop\r\n"

Test(process_console, help_and_what_is_no_command)
{
    boot_two();
    type("help\r");
    EXPECT_SAID("help\r\nWelcome to the process console.\r\n" VALID "tock$ ");
    type("blink\r");
    EXPECT_SAID("blink\r\n" VALID "tock$ ");
    type("hel\r");
    EXPECT_SAID("hel\r\n" VALID "tock$ ");
}

Test(process_console, a_command_is_what_the_line_begins_with)
{
    boot_two();
    type("statusquo vadis\r");
    cr_expect(said("\r\nTotal processes: 2\r\nActive processes: 2\r\n"
                   "Timeslice expirations: "));
}

Test(process_console, list_has_a_row_for_each_process)
{
    char rows[1024];

    plug_in(NULL);
    board.config.short_ids = KERNEL_IDS_HEADER;
    board_install(&(struct board_app){.name = "one", .short_id = 0xbeef});
    board_install(&(struct board_app){.name = "a name of more than 20 bytes"});
    board_install(&(struct board_app){0});
    board_boot();
    rest();
    pass_ms(101);
    command(&board.processes[0], CONSOLE, 0, 0, 0);
    board.processes[0].expired_slices = 12;
    board.processes[1].expired_slices = 3;
    board.processes[2].expired_slices = 123456;
    call(&board.processes[1], TOCK_CLASS_EXIT, TOCK_EXIT_TERMINATE, 0, 0, 0);
    yield_wait_for(&board.processes[2], PROBE, 1);
    manage_request(&can, &board.processes[0], PROCESS_ACTION_STOP);
    rest();
    forget_text();
    type("list\r");
    snprintf(rows, sizeof(rows),
             "list\r\n"
             " PID    ShortID    Name                Quanta  Syscalls"
             "  Restarts  Grants  State\r\n"
             " 0      0xbeef     one                 %6u         1"
             "         0   1/ 3   Stopped(Running)\r\n"
             " 1      Unique     a name of more than 20 bytes%6u"
             "         1         0   0/ 3   Terminated\r\n"
             " 2      Unique                         %6u         1"
             "         0   0/ 3   YieldedFor(UpcallId { driver_num: 0x777, "
             "subscribe_num: 1 })\r\n"
             "tock$ ",
             board.processes[0].expired_slices,
             board.processes[1].expired_slices,
             board.processes[2].expired_slices);
    EXPECT_SAID(rows);
}

Test(process_console, processes_are_controlled_by_name)
{
    struct process *p = &board.processes[1];
    uint32_t id;

    boot_two();
    type("stop radio\r");
    EXPECT_SAID("stop radio\r\nProcess radio stopped\r\ntock$ ");
    cr_expect(eq(u8, p->state, PROCESS_RUNNING | PROCESS_STOPPED));
    type("start radio\r");
    EXPECT_SAID("start radio\r\nProcess radio resumed.\r\ntock$ ");
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
    type("terminate radio\r");
    EXPECT_SAID("terminate radio\r\nProcess radio terminated\r\ntock$ ");
    cr_expect(eq(u8, p->state, PROCESS_TERMINATED));
    id = p->id;
    type("boot radio\r");
    EXPECT_SAID("boot radio\r\ntock$ ");
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
    cr_expect(gt(u32, p->id, id));
    cr_expect(eq(u16, p->restart_count, 1));
    cr_expect(eq(u8, board.processes[0].state, PROCESS_RUNNING));
}

Test(process_console, the_fault_is_described_before_it_is_said_to_be_done)
{
    boot_two();
    board.config.dump = NULL;
    type("fault radio\r");
    EXPECT_SAID("fault radio\r\n"
                "Process radio had a fault\r\n On request\r\n"
                "Process radio faulted and was stopped.\r\n"
                "Process radio now faulted\r\ntock$ ");
}

Test(process_console, nobody_meant_is_nothing_said)
{
    static const char *const lines[] = {"stop\r",
                                        "stop   \r",
                                        "stop radi\r",
                                        "stop radio2\r",
                                        "stop 7\r",
                                        "process\r",
                                        "process x\r",
                                        "stopradio\r",
                                        "stop 4294967296\r",
                                        "stop 18446744073709551616\r"};

    boot_two();
    for (size_t i = 0; i < ARRAY_COUNT(lines); i++) {
        char echo[64];

        type(lines[i]);
        snprintf(echo, sizeof(echo), "%.*s\r\ntock$ ",
                 (int)strlen(lines[i]) - 1, lines[i]);
        EXPECT_SAID(echo);
    }
    cr_expect(eq(u8, board.processes[0].state, PROCESS_RUNNING));
    cr_expect(eq(u8, board.processes[1].state, PROCESS_RUNNING));
}

Test(process_console, names_with_blanks_prefixes_numbers_and_twins)
{
    static const char *const names[] = {"a", "a b", "a", "1"};

    boot_apps(names, 4);
    type("stop a b\r");
    EXPECT_SAID("stop a b\r\nProcess a b stopped\r\ntock$ ");
    type("stop   a\r");
    EXPECT_SAID("stop   a\r\nProcess a stopped\r\nProcess a stopped\r\ntock$ ");
    type("start a x\r");
    EXPECT_SAID(
        "start a x\r\nProcess a resumed.\r\nProcess a resumed.\r\ntock$ ");
    type("stop 1\r"); /* the name, not process 1 */
    EXPECT_SAID("stop 1\r\nProcess 1 stopped\r\ntock$ ");
    type("stop 2\r");
    EXPECT_SAID("stop 2\r\nProcess a stopped\r\ntock$ ");
    cr_expect(eq(u8, board.processes[0].state, PROCESS_RUNNING));
    cr_expect(
        eq(u8, board.processes[2].state, PROCESS_RUNNING | PROCESS_STOPPED));
}

Test(process_console, hostile_names_reach_the_terminal_harmlessly)
{
    static const char *const names[] = {"\033[2J\rx"};

    boot_apps(names, 1);
    type("stop 0\r");
    EXPECT_SAID("stop 0\r\nProcess ?[2J?x stopped\r\ntock$ ");
}

Test(process_console, console_stop_leaves_only_the_echo)
{
    boot_two();
    type("console-stop\r");
    EXPECT_SAID("console-stop\r\nDisabling the process console.\r\n"
                "Run console-start to reactivate.\r\n");
    write_text(&board.processes[0], "name? ");
    type("panic\r");
    write_text(&board.processes[0], "hello\r\n");
    EXPECT_SAID("name? panic\r\nhello\r\n");
    type("console-start\r");
    EXPECT_SAID("console-start\r\ntock$ ");
    type("status\r");
    cr_expect(said("Total processes: 2\r\n"));
}

Test(process_console, reset_asks_the_board_or_says_that_it_cannot)
{
    boot_two();
    type("reset\r");
    EXPECT_SAID("reset\r\nReset function is not implementedtock$ ");
    plug_in(&resetter);
    board_boot();
    rest();
    pass_ms(101);
    if (setjmp(away) == 0) {
        type("reset\r");
        cr_fatal("it did not reset");
    }
    cr_expect(said("tock$ reset\r\n"));
}

Test(process_console, panic_is_the_kernels_end)
{
    boot_two();
    host_cpu.on_halt = leave;
    if (setjmp(away) == 0) {
        type("panic\r");
        cr_fatal("it goes on");
    }
    cr_expect(ne(
        ptr,
        strstr(panic_text, ":\r\nProcess Console forced a kernel panic.\r\n"),
        NULL));
    cr_expect(ne(ptr, strstr(panic_text, "blink   -   [Running]"), NULL));
}

/* --- completing ----------------------------------------------------------- */

Test(process_console, tab_completes_commands)
{
    boot_two();
    type("li\t");
    EXPECT_SAID("list");
    type("\025");
    forget_text();
    type("f\t");
    EXPECT_SAID("fault ");
    type("\025");
    forget_text();
    type("s\t");
    EXPECT_SAID("st");
}

Test(process_console, tab_shows_what_there_is_to_choose)
{
    boot_two();
    type("sta\t");
    EXPECT_SAID("sta\r\nstart  status  \r\ntock$ sta");
    type("\t");
    EXPECT_SAID("\r\nstart  status  \r\ntock$ sta");
    type("r\tb\t");
    EXPECT_SAID("rt blink");
    type("\r");
    EXPECT_SAID("\r\nProcess blink resumed.\r\ntock$ ");
}

Test(process_console, tab_completes_names_of_processes)
{
    static const char *const names[] = {"radio", "radio fast", "\033x",
                                        "blink"};

    boot_apps(names, 4);
    type("stop r\t");
    EXPECT_SAID("stop radio");
    type("\t");
    EXPECT_SAID("\r\nradio  radio fast  \r\ntock$ stop radio");
    type(" \t");
    EXPECT_SAID(" fast");
    type("\025stop \t");
    cr_expect(said("\r\nradio  radio fast  blink  \r\ntock$ stop "));
}

Test(process_console, tab_where_nothing_can_follow_does_nothing)
{
    static const char *const lines[] = {"list \t", "x\t", "stop zz\t",
                                        "frob bl\t"};

    boot_two();
    for (size_t i = 0; i < ARRAY_COUNT(lines); i++) {
        char echo[32];

        type(lines[i]);
        snprintf(echo, sizeof(echo), "%.*s", (int)strlen(lines[i]) - 1,
                 lines[i]);
        EXPECT_SAID(echo);
        type("\025");
        forget_text();
    }
}

Test(process_console, tab_completes_at_the_cursor)
{
    boot_two();
    type("sto\033[D\033[Dx\b\033[C\033[C radio\001\033[C\033[C\033[C\t");
    type("\r");
    cr_expect(said("\r\nProcess radio stopped\r\n"));
}

/* More than is kept, while the port is busy: the end of the line is. */
Test(process_console, a_long_text_typed_while_the_port_is_busy_ends_its_line)
{
    char pasted[202];

    boot_two();
    host_uart.is_slow = true;
    type("x");
    memset(pasted, 'y', 200);
    strcpy(&pasted[200], "\r");
    type(pasted);
    cr_expect(eq(u32, shell.typed_count, PROCESS_CONSOLE_TYPED));
    host_uart.is_slow = false;
    host_uart_send_out();
    rest();
    cr_expect(said("\r\nValid commands are: "));
    forget_text();
    type("status\r");
    cr_expect(said("status\r\nTotal processes: 2\r\n"));
}

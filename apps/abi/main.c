/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Asks the kernel for everything docs/abi.md promises an app, edge by edge,
 * with every register watched (check.h).
 *
 * Expect at the start, before anything is typed:
 *   abi: ok: <what>                 for each check, none with FAILED
 *   abi: <n> passed, 0 failed
 *   abi: ready
 * Then each typed character tries something that ends in a fault:
 *   c  a system call class that does not exist
 *   s  a system call, i  a wait for an interrupt, with the stack pointer at
 *      the place that the next character names: 0 address 0, 1 the start of
 *      RAM, 2 sixteen bytes above it, 3 the highest address
 * On RISC-V a system call does not use the stack: after `s` the app says
 * `abi: survived` and reads on.
 */
#include "check.h"
#include "probe.h"
#include "tock/alarm.h"
#include "tock/console.h"
#include "tock/memory.h"
#include "tock/printf.h"

#define CONSOLE TOCK_DRIVER_CONSOLE
#define ALARM   TOCK_DRIVER_ALARM
#define LED     TOCK_DRIVER_LED
#define LLD     TOCK_DRIVER_LOW_LEVEL_DEBUG
#define ABSENT  0x7fff0000u

/* Numbers of the console's slots: 0 is declared and never used. */
enum { UNUSED_SLOT = 0, WRITE_SLOT = 1, READ_SLOT = 1, NO_SLOT = 9 };
enum { WRITTEN = 1, READ = 2 };
enum { COMMAND_WRITE = 1, COMMAND_READ = 2, COMMAND_ABORT = 3 };
enum { ALARM_FREQUENCY = 1, ALARM_STOP = 3, ALARM_RELATIVE = 5 };

/* Something in RAM to point to. */
static uint32_t context_word;

static uint32_t addr(const void *object)
{
    return (uint32_t)object;
}

static struct call memop(uint32_t op, uint32_t arg)
{
    return (struct call){TOCK_CLASS_MEMOP, {op, arg, 2, 3}};
}

static struct call command(uint32_t driver, uint32_t number, uint32_t arg0,
                           uint32_t arg1)
{
    return (struct call){TOCK_CLASS_COMMAND, {driver, number, arg0, arg1}};
}

static struct call yield(uint32_t how, uint32_t arg0, uint32_t arg1)
{
    return (struct call){TOCK_CLASS_YIELD, {how, arg0, arg1, 3}};
}

static struct call subscribe(uint32_t driver, uint32_t number, uint32_t fn,
                             const void *context)
{
    return (struct call){TOCK_CLASS_SUBSCRIBE,
                         {driver, number, fn, addr(context)}};
}

static struct call allow(enum tock_class class, uint32_t driver,
                         uint32_t number, uint32_t start, uint32_t len)
{
    return (struct call){class, {driver, number, start, len}};
}

/* --- Memop ---------------------------------------------------------------- */

static void check_where_memory_is(void)
{
    uint32_t start = memory_addr(TOCK_MEMOP_RAM_START);
    uint32_t end = memory_addr(TOCK_MEMOP_RAM_END);
    uint32_t grants = memory_addr(TOCK_MEMOP_GRANT_START);
    uint32_t app_break = 0;
    uint32_t local;

    check_call("memop 2, RAM start", memop(TOCK_MEMOP_RAM_START, 0),
               reply_u32(start));
    check_call("memop 4, flash start", memop(TOCK_MEMOP_FLASH_START, 0),
               reply_any_u32());
    check_call("memop 7, no writeable region",
               memop(TOCK_MEMOP_REGION_COUNT, 0), reply_u32(0));
    check_call("memop 8 without a region", memop(TOCK_MEMOP_REGION_START, 0),
               reply_failure(TOCK_FAIL));
    check_call("memop 9 without a region",
               memop(TOCK_MEMOP_REGION_END, UINT32_MAX),
               reply_failure(TOCK_FAIL));
    check_call("memop 10 with a wild address",
               memop(TOCK_MEMOP_STACK_TOP, 0x10), reply_success());
    check_call("memop 11 with a wild address",
               memop(TOCK_MEMOP_HEAP_START, UINT32_MAX), reply_success());
    check_call("memop 12 does not exist", memop(12, 0),
               reply_failure(TOCK_NOSUPPORT));
    (void)memory_grow(0, &app_break);
    check_that("RAM start <= stack < break <= grants <= RAM end",
               start <= addr(&local) && addr(&local) < app_break &&
                   app_break <= grants && grants <= end);
}

static void check_brk(void)
{
    uint32_t start = memory_addr(TOCK_MEMOP_RAM_START);
    uint32_t end = memory_addr(TOCK_MEMOP_RAM_END);
    uint32_t grants = memory_addr(TOCK_MEMOP_GRANT_START);
    uint32_t app_break = 0;

    (void)memory_grow(0, &app_break);
    check_call("sbrk 0 tells the break", memop(TOCK_MEMOP_SBRK, 0),
               reply_u32(app_break));
    check_call("sbrk 1", memop(TOCK_MEMOP_SBRK, 1), reply_u32(app_break));
    check_call("sbrk -1", memop(TOCK_MEMOP_SBRK, UINT32_MAX),
               reply_u32(app_break + 1));
    check_call("sbrk up beyond all memory", memop(TOCK_MEMOP_SBRK, INT32_MAX),
               reply_failure(TOCK_NOMEM));
    check_call("sbrk down beyond all memory",
               memop(TOCK_MEMOP_SBRK, 0x80000000u), reply_failure(TOCK_NOMEM));
    check_call("brk below RAM", memop(TOCK_MEMOP_BRK, start - 1),
               reply_failure(TOCK_NOMEM));
    check_call("brk below a buffer that was lent", memop(TOCK_MEMOP_BRK, start),
               reply_failure(TOCK_NOMEM));
    check_call("brk to the end of RAM", memop(TOCK_MEMOP_BRK, end),
               reply_failure(TOCK_NOMEM));
    check_call("brk into the grants", memop(TOCK_MEMOP_BRK, grants + 1),
               reply_failure(TOCK_NOMEM));
    check_call("brk to the last address", memop(TOCK_MEMOP_BRK, UINT32_MAX),
               reply_failure(TOCK_NOMEM));
    check_call("brk to where it is", memop(TOCK_MEMOP_BRK, app_break),
               reply_success());
}

/* --- Command and Exit ----------------------------------------------------- */

static void check_command(void)
{
    check_call("command 0 of a driver", command(CONSOLE, 0, 0, 0),
               reply_success());
    check_call("command of an absent driver", command(ABSENT, 0, 7, 8),
               reply_failure(TOCK_NODEVICE));
    check_call("command that does not exist", command(CONSOLE, 99, 7, 8),
               reply_failure(TOCK_NOSUPPORT));
    check_call("command that answers a word",
               command(ALARM, ALARM_FREQUENCY, 7, 8),
               reply_u32(alarm_frequency()));
    check_call("stop of an alarm that is not set",
               command(ALARM, ALARM_STOP, 0, 0), reply_failure(TOCK_ALREADY));
    check_call("exit 2 does not exist",
               (struct call){TOCK_CLASS_EXIT, {2, 0, 0, 0}},
               reply_failure(TOCK_NOSUPPORT));
}

/* --- Subscribe ------------------------------------------------------------ */

static void check_subscribe(void)
{
    uint32_t fn = (uint32_t)probe_upcall;
    uint32_t header = memory_addr(TOCK_MEMOP_FLASH_START);
    uint32_t start = memory_addr(TOCK_MEMOP_RAM_START);

    check_call("first subscribe",
               subscribe(CONSOLE, UNUSED_SLOT, fn, &context_word),
               reply_swapped(0, 0));
    check_call("subscribe hands back the pair before",
               subscribe(CONSOLE, UNUSED_SLOT, start + 1, NULL),
               reply_swapped(fn, addr(&context_word)));
    check_call("unsubscribe", subscribe(CONSOLE, UNUSED_SLOT, 0, NULL),
               reply_swapped(start + 1, 0));
    check_call("subscribe with a function in the TBF header",
               subscribe(CONSOLE, UNUSED_SLOT, header, NULL),
               reply_refused(TOCK_INVAL, header, 0));
    check_call("subscribe with a function below RAM",
               subscribe(CONSOLE, UNUSED_SLOT, start - 4, NULL),
               reply_refused(TOCK_INVAL, start - 4, 0));
    check_call("subscribe with a number that does not exist",
               subscribe(CONSOLE, NO_SLOT, fn, NULL),
               reply_refused(TOCK_NOSUPPORT, fn, 0));
    check_call("subscribe to an absent driver", subscribe(ABSENT, 0, fn, NULL),
               reply_refused(TOCK_NODEVICE, fn, 0));
    check_call("bad function, absent driver: the function is named",
               subscribe(ABSENT, 0, header, NULL),
               reply_refused(TOCK_INVAL, header, 0));
}

/* --- Allow ---------------------------------------------------------------- */

static void check_ranges(enum tock_class class)
{
    uint32_t start = memory_addr(TOCK_MEMOP_RAM_START);
    uint32_t app_break = 0;

    (void)memory_grow(0, &app_break);
    check_call("no bytes at a wild address",
               allow(class, CONSOLE, UNUSED_SLOT, 1, 0), reply_swapped(0, 0));
    check_call("the pair before, as it was given",
               allow(class, CONSOLE, UNUSED_SLOT, app_break - 8, 8),
               reply_swapped(1, 0));
    check_call("one byte beyond the break",
               allow(class, CONSOLE, UNUSED_SLOT, app_break - 8, 9),
               reply_refused(TOCK_INVAL, app_break - 8, 9));
    check_call("one byte below RAM",
               allow(class, CONSOLE, UNUSED_SLOT, start - 1, 1),
               reply_refused(TOCK_INVAL, start - 1, 1));
    check_call("a range that wraps around",
               allow(class, CONSOLE, UNUSED_SLOT, app_break - 8, UINT32_MAX),
               reply_refused(TOCK_INVAL, app_break - 8, UINT32_MAX));
    check_call("refusals swap nothing",
               allow(class, CONSOLE, UNUSED_SLOT, 0, 0),
               reply_swapped(app_break - 8, 8));
    check_call("the break stays above what was lent once",
               memop(TOCK_MEMOP_BRK, app_break - 4), reply_failure(TOCK_NOMEM));
    check_call("a slot that does not exist",
               allow(class, CONSOLE, NO_SLOT, start, 4),
               reply_refused(TOCK_NOSUPPORT, start, 4));
    check_call("a bad range and a bad slot",
               allow(class, CONSOLE, NO_SLOT, start - 1, 4),
               reply_refused(TOCK_INVAL, start - 1, 4));
    check_call("a bad range and an absent driver",
               allow(class, ABSENT, 0, start - 1, 4),
               reply_refused(TOCK_NODEVICE, start - 1, 4));
}

static void check_flash_ranges(void)
{
    uint32_t header = memory_addr(TOCK_MEMOP_FLASH_START);
    uint32_t end = memory_addr(TOCK_MEMOP_FLASH_END);
    uint32_t code = (uint32_t)probe_upcall & ~1u;

    check_call("read-only allow of flash",
               allow(TOCK_CLASS_ALLOW_RO, CONSOLE, UNUSED_SLOT, code, 4),
               reply_swapped(0, 0));
    check_call("read-only allow to the end of flash",
               allow(TOCK_CLASS_ALLOW_RO, CONSOLE, UNUSED_SLOT, end - 4, 4),
               reply_swapped(code, 4));
    check_call("read-only allow beyond flash",
               allow(TOCK_CLASS_ALLOW_RO, CONSOLE, UNUSED_SLOT, end - 4, 5),
               reply_refused(TOCK_INVAL, end - 4, 5));
    check_call("read-only allow of the TBF header",
               allow(TOCK_CLASS_ALLOW_RO, CONSOLE, UNUSED_SLOT, header, 4),
               reply_refused(TOCK_INVAL, header, 4));
    check_call("read-write allow of flash",
               allow(TOCK_CLASS_ALLOW_RW, CONSOLE, UNUSED_SLOT, code, 4),
               reply_refused(TOCK_INVAL, code, 4));
    check_call("userspace-readable allow of a driver without it",
               allow(TOCK_CLASS_ALLOW_UR, CONSOLE, UNUSED_SLOT,
                     addr(&context_word), 4),
               reply_refused(TOCK_NOSUPPORT, addr(&context_word), 4));
}

/* --- Yield ---------------------------------------------------------------- */

/* The alarm fires within this call: the event waits in the queue. */
static uint32_t queue_event(void)
{
    return check_call("an alarm that is due at once",
                      command(ALARM, ALARM_RELATIVE, 0, 0), reply_any_u32())
        .words[1];
}

static struct reply reply_alarm(uint32_t expiry)
{
    struct reply reply = reply_event(0, expiry, 0);

    reply.any_mask = 1; /* the time when it was served */
    return reply;
}

/* With a flag byte that the kernel must set to ran; upcalls use no stack. */
static struct answer check_no_wait(const char *what, bool ran)
{
    volatile uint8_t flag = 0x5a;
    struct answer answer = check_call(
        what, yield(TOCK_YIELD_NO_WAIT, addr((const void *)&flag), 0),
        ran ? reply_upcall() : reply_none());

    check_that("the flag byte says whether an upcall ran", flag == ran);
    return answer;
}

static void check_yield_without_events(void)
{
    check_no_wait("yield-no-wait without an event", false);
    check_call(
        "yield-no-wait with a flag byte in flash",
        yield(TOCK_YIELD_NO_WAIT, memory_addr(TOCK_MEMOP_FLASH_START), 0),
        reply_none());
    check_call("yield 3 does not exist and returns", yield(3, 4, 5),
               reply_none());
    queue_event();
    check_no_wait("yield-no-wait drops an event without a function", false);
}

static void check_yield_wait_for(void)
{
    uint32_t expiry = queue_event();
    struct probe_upcall_record record = {{0}, 0, 0};

    check_call("yield-wait-for finds an event that came before",
               yield(TOCK_YIELD_WAIT_FOR, ALARM, 0), reply_alarm(expiry));
    expiry = check_call("an alarm in 10 ms",
                        command(ALARM, ALARM_RELATIVE, alarm_ticks(10), 0),
                        reply_any_u32())
                 .words[1];
    check_call("yield-wait-for sleeps until it comes",
               yield(TOCK_YIELD_WAIT_FOR, ALARM, 0), reply_alarm(expiry));
    check_call("a function for it",
               subscribe(ALARM, 0, (uint32_t)probe_upcall, &record),
               reply_swapped(0, 0));
    expiry = queue_event();
    check_call("yield-wait-for runs no function",
               yield(TOCK_YIELD_WAIT_FOR, ALARM, 0), reply_alarm(expiry));
    check_that("the function did not run", record.sp == 0);
    check_call("no function", subscribe(ALARM, 0, 0, NULL),
               reply_swapped((uint32_t)probe_upcall, addr(&record)));
}

static void check_record(const struct probe_upcall_record *record,
                         uint32_t expiry, struct answer answer)
{
    check_that("the upcall got its arguments",
               record->args[1] == expiry && record->args[2] == 0);
    check_that("the upcall ran on the stack of the call",
               record->sp == answer.sp);
}

static void check_upcalls(void)
{
    struct probe_upcall_record record = {{0}, 0, 0};
    uint32_t fn = (uint32_t)probe_upcall;
    uint32_t expiry;

    queue_event();
    check_call("subscribe drops an event without a function",
               subscribe(ALARM, 0, fn, &record), reply_swapped(0, 0));
    check_no_wait("nothing is left of it", false);

    expiry = queue_event();
    check_record(&record, expiry,
                 check_no_wait("yield-no-wait runs an upcall", true));
    expiry = check_call("an alarm in 10 ms",
                        command(ALARM, ALARM_RELATIVE, alarm_ticks(10), 0),
                        reply_any_u32())
                 .words[1];
    check_record(&record, expiry,
                 check_call("yield-wait sleeps until an upcall has run",
                            yield(TOCK_YIELD_WAIT, 0, 0), reply_upcall()));

    queue_event();
    check_call("unsubscribe drops an event with a function",
               subscribe(ALARM, 0, 0, NULL), reply_swapped(fn, addr(&record)));
    check_no_wait("the old function does not run", false);
}

enum { FLOOD = 40, QUEUE_MIN = 9 };

static void flood(void)
{
    for (uint32_t i = 0; i < FLOOD; i++)
        (void)syscall_command(ALARM, ALARM_RELATIVE, 0, 0);
}

/* A full queue must not keep printf from its event: each check prints. */
static void check_floods(void)
{
    struct probe_upcall_record record = {{0}, 0, 0};
    uint32_t fn = (uint32_t)probe_upcall;
    uint32_t ran = 0;
    volatile uint8_t flag;

    flood();
    check_that("the console works beside events that nobody collects", true);
    check_no_wait("yield-no-wait drops all of them", false);

    check_call("a function for the flood", subscribe(ALARM, 0, fn, &record),
               reply_swapped(0, 0));
    flood();
    check_that("the console works beside a queue full of upcalls", true);
    do {
        struct probe_registers registers = {
            {TOCK_YIELD_NO_WAIT, addr((const void *)&flag)}};

        probe_call(TOCK_CLASS_YIELD, &registers);
        ran += flag;
    } while (flag != 0);
    check_that("the queue held at least nine",
               ran >= QUEUE_MIN && ran <= FLOOD);
    check_call("no function", subscribe(ALARM, 0, 0, NULL),
               reply_swapped(fn, addr(&record)));
}

/* --- Console -------------------------------------------------------------- */

/* Lends bytes and forgets what was lent before. */
static void lend(enum tock_class class, uint32_t slot, const void *bytes,
                 uint32_t len)
{
    (void)trap_call(class, CONSOLE, slot, addr(bytes), len);
}

static void check_console_read(void)
{
    static uint8_t typed[65];

    lend(TOCK_CLASS_ALLOW_RW, READ_SLOT, typed, sizeof typed);
    check_call("a read of nothing", command(CONSOLE, COMMAND_READ, 0, 0),
               reply_success());
    check_call("it ends at once", yield(TOCK_YIELD_WAIT_FOR, CONSOLE, READ),
               reply_event(TOCK_OK, 0, 0));
    check_call("a read longer than the kernel's buffer",
               command(CONSOLE, COMMAND_READ, sizeof typed, 0),
               reply_failure(TOCK_INVAL));
    check_call("a read", command(CONSOLE, COMMAND_READ, 4, 0), reply_success());
    check_call("a second read meanwhile", command(CONSOLE, COMMAND_READ, 4, 0),
               reply_failure(TOCK_BUSY));
    check_call("abort of the read", command(CONSOLE, COMMAND_ABORT, 0, 0),
               reply_success());
    check_call("the aborted read ends with what had come",
               yield(TOCK_YIELD_WAIT_FOR, CONSOLE, READ),
               reply_event(TOCK_CANCEL, 0, 0));
    lend(TOCK_CLASS_ALLOW_RW, READ_SLOT, NULL, 0);
}

/* Silent up to the event: printing makes events of the same kind. */
static void check_console_write(void)
{
    static uint8_t lines[200];
    struct syscall_event event;

    lend(TOCK_CLASS_ALLOW_RO, WRITE_SLOT, NULL, 0);
    (void)syscall_command(CONSOLE, COMMAND_WRITE, 0, 0);
    check_call("a write of nothing ends at once",
               yield(TOCK_YIELD_WAIT_FOR, CONSOLE, WRITTEN),
               reply_event(0, 0, 0));

    for (uint32_t i = 0; i < sizeof lines; i++)
        lines[i] = '\n';
    lend(TOCK_CLASS_ALLOW_RO, WRITE_SLOT, lines, sizeof lines);
    (void)syscall_command(CONSOLE, COMMAND_WRITE, sizeof lines, 0);
    lend(TOCK_CLASS_ALLOW_RO, WRITE_SLOT, lines, 10);
    event = syscall_yield_wait_for(CONSOLE, WRITTEN);
    check_that("a write whose buffer shrinks ends with what went out",
               event.arg[0] >= 10 && event.arg[0] <= sizeof lines &&
                   event.arg[1] == event.arg[0] && event.arg[2] == 0);
}

/* --- LED and LowLevelDebug ------------------------------------------------ */

static void check_led(void)
{
    uint32_t count = syscall_command(LED, 0, 0, 0).value[0];

    check_that("there is an LED", count != 0);
    check_call("how many LEDs", command(LED, 0, 7, 8), reply_u32(count));
    check_call("LED on", command(LED, 1, 0, 8), reply_success());
    check_call("it is lit", command(LED, 4, 0, 8), reply_u32(1));
    check_call("LED toggled", command(LED, 3, 0, 8), reply_success());
    check_call("it is dark", command(LED, 4, 0, 8), reply_u32(0));
    check_call("LED on again", command(LED, 3, 0, 8), reply_success());
    check_call("LED off", command(LED, 2, 0, 8), reply_success());
    check_call("it is dark again", command(LED, 4, 0, 8), reply_u32(0));
    check_call("an LED that is not there", command(LED, 1, count, 8),
               reply_failure(TOCK_INVAL));
    check_call("an LED command that is not there", command(LED, 5, 0, 8),
               reply_failure(TOCK_NOSUPPORT));
    check_call("Subscribe to a driver without a grant",
               subscribe(LED, 0, 0, &context_word),
               reply_refused(TOCK_NOMEM, 0, addr(&context_word)));
}

static void check_low_level_debug(void)
{
    check_call("LowLevelDebug is there", command(LLD, 0, 7, 8),
               reply_success());
    check_call("LowLevelDebug alert", command(LLD, 1, 0x1a, 8),
               reply_success());
    check_call("LowLevelDebug number", command(LLD, 2, 0xdeadbeef, 8),
               reply_success());
    check_call("LowLevelDebug two numbers", command(LLD, 3, 0, 0xf00),
               reply_success());
    check_call("LowLevelDebug command that is not there", command(LLD, 4, 7, 8),
               reply_failure(TOCK_NOSUPPORT));
}

/* --- What ends in a fault ------------------------------------------------- */

static char next_char(void)
{
    char typed = 0;

    lend(TOCK_CLASS_ALLOW_RW, READ_SLOT, &typed, 1);
    (void)syscall_command(CONSOLE, COMMAND_READ, 1, 0);
    (void)syscall_yield_wait_for(CONSOLE, READ);
    lend(TOCK_CLASS_ALLOW_RW, READ_SLOT, NULL, 0);
    return typed;
}

static uint32_t next_stack(void)
{
    uint32_t start = memory_addr(TOCK_MEMOP_RAM_START);

    switch (next_char()) {
    case '1':
        return start;
    case '2':
        return start + 16;
    case '3':
        return 0xfffffff0u;
    default:
        return 0;
    }
}

static void obey(char key)
{
    switch (key) {
    case 'c':
        probe_unknown_class();
        break;
    case 's':
        probe_memop_at(next_stack());
        break;
    case 'i':
        probe_spin_at(next_stack());
        break;
    default:
        return;
    }
    printf("abi: survived\n");
}

int main(void)
{
    check_where_memory_is();
    check_brk();
    check_command();
    check_subscribe();
    check_ranges(TOCK_CLASS_ALLOW_RO);
    check_ranges(TOCK_CLASS_ALLOW_RW);
    check_flash_ranges();
    check_yield_without_events();
    check_yield_wait_for();
    check_upcalls();
    check_floods();
    check_console_read();
    check_console_write();
    check_led();
    check_low_level_debug();
    check_report();
    printf("abi: ready\n");
    for (;;)
        obey(next_char());
}

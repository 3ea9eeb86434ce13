/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "report.h"

#include "abi/abi.h"
#include "base/bits.h"
#include "base/le.h"
#include "debug_text.h"
#include "kernel/debug.h"
#include "lifecycle.h"
#include "memory.h"
#include "picture.h"
#include "queue.h"
#include "state.h"

struct span process_name(const struct process *p)
{
    struct tbf_header header;

    if (!process_header(p, &header) || header.name_len == 0)
        return (struct span){0};
    return span_part(process_flash(p),
                     (uint32_t)((const uint8_t *)header.name - header.bytes),
                     header.name_len);
}

/* --- state ---------------------------------------------------------------- */

/* What it does, as people know it from Tock. */
static void put_activity(const struct process *p, struct print_sink *to)
{
    static const char *const texts[] = {
        [PROCESS_EMPTY] = "Empty",           [PROCESS_RUNNING] = "Running",
        [PROCESS_YIELDED] = "Yielded",       [PROCESS_FAULTED] = "Faulted",
        [PROCESS_TERMINATED] = "Terminated",
    };
    enum process_state activity = process_activity(p);
    struct upcall_id id = p->upcalls.awaited;

    if (activity != PROCESS_YIELDED_FOR)
        print_text(to, "%s", texts[activity]);
    else if (upcall_id_equal(id, UPCALL_ID_NONE))
        print_text(to, "YieldedFor(no such upcall)");
    else
        print_text(to,
                   "YieldedFor(UpcallId { driver_num: %#x, "
                   "subscribe_num: %u })",
                   (unsigned)kernel.config->drivers[id.driver].number,
                   (unsigned)id.number);
}

void report_state(const struct process *p, struct print_sink *to)
{
    bool is_stopped = (p->state & PROCESS_STOPPED) != 0;

    if (is_stopped)
        print_text(to, "Stopped(");
    put_activity(p, to);
    if (is_stopped)
        print_text(to, ")");
}

/* --- the last system call ------------------------------------------------- */

static void put_yield(const uint32_t args[4], struct print_sink *to)
{
    print_text(to, "Yield { yield_type: ");
    switch (args[0]) {
    case TOCK_YIELD_NO_WAIT:
        print_text(to, "NoWait");
        break;
    case TOCK_YIELD_WAIT:
        print_text(to, "Wait");
        break;
    case TOCK_YIELD_WAIT_FOR:
        print_text(to, "WaitFor { driver_number: %u, subdriver_number: %u }",
                   (unsigned)args[1], (unsigned)args[2]);
        break;
    default:
        print_text(to, "%u", (unsigned)args[0]);
        break;
    }
    print_text(to, " }");
}

/* Classes that swap a pair of words. */
static void put_swap(const char *class, const char *first, const char *second,
                     const uint32_t args[4], struct print_sink *to)
{
    print_text(to,
               "%s { driver_number: %u, subdriver_number: %u, %s: %#x, "
               "%s: %u }",
               class, (unsigned)args[0], (unsigned)args[1], first,
               (unsigned)args[2], second, (unsigned)args[3]);
}

static void put_last_call(const struct process *p, struct print_sink *to)
{
    const uint32_t *args = p->last_args;

    switch (p->last_class) {
    case PROCESS_NO_SYSCALL:
        print_text(to, "None");
        break;
    case TOCK_CLASS_YIELD:
        put_yield(args, to);
        break;
    case TOCK_CLASS_SUBSCRIBE:
        put_swap("Subscribe", "upcall_ptr", "appdata", args, to);
        break;
    case TOCK_CLASS_COMMAND:
        print_text(to, "Command");
        break;
    case TOCK_CLASS_ALLOW_RW:
        put_swap("ReadWriteAllow", "allow_address", "allow_size", args, to);
        break;
    case TOCK_CLASS_ALLOW_RO:
        put_swap("ReadOnlyAllow", "allow_address", "allow_size", args, to);
        break;
    case TOCK_CLASS_ALLOW_UR:
        put_swap("UserspaceReadableAllow", "allow_address", "allow_size", args,
                 to);
        break;
    case TOCK_CLASS_MEMOP:
        print_text(to, "Memop { operand: %u, arg0: %u }", (unsigned)args[0],
                   (unsigned)args[1]);
        break;
    case TOCK_CLASS_EXIT:
        print_text(to, "Exit { which: %u, completion_code: %u }",
                   (unsigned)args[0], (unsigned)args[1]);
        break;
    default:
        print_text(to, "Unknown { class: %u }", (unsigned)p->last_class);
        break;
    }
}

/* --- memory --------------------------------------------------------------- */

/* Values of the picture of a process. */
enum {
    RAM_END,
    GRANT_PTRS,
    NOTHING,
    TABLE_START,
    GRANTS,
    KERNEL_BREAK,
    APP_BREAK,
    HEAP_USED,
    HEAP_LIMIT,
    HEAP_START,
    DATA,
    STACK_TOP,
    STACK_USED,
    STACK_LIMIT,
    STACK_LOW,
    RAM_START,
    FLASH_END,
    APP_FLASH,
    APP_START,
    PROTECTED,
    FLASH_START,
    VALUE_COUNT,
};

#define CROSS   "\342\224\274"
#define FLOOR   "\342\224\264"
#define CEILING "\342\224\254"
#define UP      "\342\226\262"
#define DOWN    "\342\226\274"

/* The queue of upcalls and the process's slot are not in its block: they are
 * the kernel's own memory and need none of the app's. */
static const struct picture_row process_rows[] = {
    {PICTURE_SIZE, GRANT_PTRS, 0, 0, "Grant Ptrs"},
    {PICTURE_SIZE, NOTHING, 0, 0, "Upcalls"},
    {PICTURE_SIZE, NOTHING, 0, 0, "Process"},
    {PICTURE_EDGE, TABLE_START, 0, 0, CROSS},
    {PICTURE_SIZE, GRANTS, 0, 0, DOWN " Grant"},
    {PICTURE_EDGE, KERNEL_BREAK, 0, 0, CROSS},
    {PICTURE_NAME, 0, 0, 0, "Unused"},
    {PICTURE_EDGE, APP_BREAK, 0, 0, CROSS},
    {PICTURE_SHARE, HEAP_USED, HEAP_LIMIT, 'S', UP " Heap"},
    {PICTURE_EDGE, HEAP_START, 0, 'R', CROSS},
    {PICTURE_SHARE, DATA, DATA, 'A', "Data"},
    {PICTURE_EDGE, STACK_TOP, 0, 'M', CROSS},
    {PICTURE_SHARE, STACK_USED, STACK_LIMIT, 0, DOWN " Stack"},
    {PICTURE_EDGE, STACK_LOW, 0, 0, CROSS},
    {PICTURE_NAME, 0, 0, 0, "Unused"},
    {PICTURE_EDGE, RAM_START, 0, 0, FLOOR},
    {PICTURE_GAP, 0, 0, 0, ""},
    {PICTURE_EDGE, FLASH_END, 0, 'F', CEILING},
    {PICTURE_SIZE, APP_FLASH, 0, 'L', "App Flash"},
    {PICTURE_EDGE, APP_START, 0, 'A', CROSS},
    {PICTURE_SIZE, PROTECTED, 0, 'S', "Protected"},
    {PICTURE_EDGE, FLASH_START, 0, 'H', FLOOR},
};

static const struct picture process_picture = {
    .title = "Region Name    Used | Allocated (bytes)  ",
    .rule = 43,
    .rows = process_rows,
    .row_count = ARRAY_COUNT(process_rows),
};

static uint32_t difference(uint32_t high, uint32_t low)
{
    return high > low ? high - low : 0;
}

/* So far below its top the end of a stack is looked for. An app may call all of
 * its memory its stack, and the others wait while the kernel looks. */
#define STACK_SEARCHED 4096u

/*
 * The lowest place its stack has been: nothing below it was ever written, as
 * a life begins with zeros, but for what its first call may need at the start.
 * A stack pointer that left the block, or is further down than is searched,
 * counts too.
 */
static uint32_t lowest_stack(const struct process *p)
{
    uint32_t start = p->ram.start + ARCH_INITIAL_APP_SIZE;
    uint32_t pointer = arch_stack_pointer(&p->context);
    uint32_t end =
        p->stack_top < p->bounds.app_break ? p->stack_top : p->bounds.app_break;
    struct span stack;
    uint32_t at = 0;

    if (end - start > STACK_SEARCHED)
        start = align_down_u32(end - STACK_SEARCHED, 4);
    if (!process_bytes(p, start, end - start, &stack))
        return pointer;
    while (stack.len - at >= 4 && le32_load(stack.ptr + at) == 0)
        at += 4;
    at += start;
    return pointer < at ? pointer : at;
}

/* What the app told of its memory, or not. */
static void measure_app(const struct process *p, uint32_t values[VALUE_COUNT])
{
    bool has_stack = p->stack_top != 0;
    bool has_heap = p->heap_start != 0;

    values[STACK_LOW] = 0;
    values[STACK_TOP] = PICTURE_UNKNOWN;
    values[STACK_USED] = PICTURE_UNKNOWN;
    values[STACK_LIMIT] = PICTURE_UNKNOWN;
    values[HEAP_START] = PICTURE_UNKNOWN;
    values[HEAP_USED] = PICTURE_UNKNOWN;
    values[HEAP_LIMIT] = PICTURE_UNKNOWN;
    values[DATA] = PICTURE_UNKNOWN;
    if (has_stack) {
        values[STACK_LOW] = lowest_stack(p);
        values[STACK_TOP] = p->stack_top;
        values[STACK_USED] = difference(p->stack_top, values[STACK_LOW]);
        values[STACK_LIMIT] = p->stack_top - p->ram.start;
    }
    if (has_heap) {
        values[HEAP_START] = p->heap_start;
        values[HEAP_USED] = difference(p->bounds.app_break, p->heap_start);
        values[HEAP_LIMIT] = difference(p->kernel_break, p->heap_start);
    }
    if (has_stack && has_heap)
        values[DATA] = difference(p->heap_start, p->stack_top);
}

static bool put_memory(const struct process *p, uint32_t line,
                       struct print_sink *to)
{
    uint32_t ram_end = p->ram.start + p->ram.size;
    uint32_t table = process_table_start(p);
    uint32_t values[VALUE_COUNT] = {
        [RAM_END] = ram_end,
        [GRANT_PTRS] = ram_end - table,
        [TABLE_START] = table,
        [GRANTS] = table - p->kernel_break,
        [KERNEL_BREAK] = p->kernel_break,
        [APP_BREAK] = p->bounds.app_break,
        [RAM_START] = p->ram.start,
        [FLASH_END] = p->flash_start + p->flash_size,
        [APP_FLASH] = p->flash_size - p->protected_size,
        [APP_START] = p->flash_start + p->protected_size,
        [PROTECTED] = p->protected_size,
        [FLASH_START] = p->flash_start,
    };

    measure_app(p, values);
    return picture_line(&process_picture, values, line, to);
}

/* --- the kernel's memory -------------------------------------------------- */

enum {
    K_BSS_END,
    K_BSS,
    K_DATA_END,
    K_RELOCATE,
    K_DATA_START,
    K_STACK,
    K_STACK_START,
    K_FLASH_END,
    K_CONSTANTS,
    K_CODE_END,
    K_CODE,
    K_CODE_START,
    K_VALUE_COUNT,
};

static const struct picture_row kernel_rows[] = {
    {PICTURE_SIZE, K_BSS, 0, 0, "  BSS"},
    {PICTURE_EDGE, K_DATA_END, 0, 'S', CROSS},
    {PICTURE_SIZE, K_RELOCATE, 0, 'R', "  Relocate"},
    {PICTURE_EDGE, K_DATA_START, 0, 'A', CROSS},
    {PICTURE_SIZE, K_STACK, 0, 'M', DOWN " Stack"},
    {PICTURE_EDGE, K_STACK_START, 0, 0, CROSS},
    {PICTURE_GAP, 0, 0, 0, ""},
    {PICTURE_EDGE, K_FLASH_END, 0, 'F', CROSS},
    {PICTURE_SIZE, K_CONSTANTS, 0, 'L', "  RoData"},
    {PICTURE_EDGE, K_CODE_END, 0, 'A', CROSS},
    {PICTURE_SIZE, K_CODE, 0, 'S', "  Code"},
    {PICTURE_EDGE, K_CODE_START, 0, 'H', CROSS},
};

static const struct picture kernel_picture = {
    .title = "Region Name    Used (bytes)  ",
    .rule = 31,
    .rows = kernel_rows,
    .row_count = ARRAY_COUNT(kernel_rows),
};

bool report_kernel_line(uint32_t line, struct print_sink *to)
{
    const struct kernel_image *image = kernel.config->image;

    if (image == NULL)
        return false;

    const uint32_t values[K_VALUE_COUNT] = {
        [K_BSS_END] = image->bss_end,
        [K_BSS] = image->bss_end - image->data_end,
        [K_DATA_END] = image->data_end,
        [K_RELOCATE] = image->data_end - image->data_start,
        [K_DATA_START] = image->data_start,
        [K_STACK] = image->data_start - image->stack_start,
        [K_STACK_START] = image->stack_start,
        [K_FLASH_END] = image->flash_end,
        [K_CONSTANTS] = image->flash_end - image->code_end,
        [K_CODE_END] = image->code_end,
        [K_CODE] = image->code_end - image->code_start,
        [K_CODE_START] = image->code_start,
    };

    if (line != 0)
        return picture_line(&kernel_picture, values, line - 1, to);
    print_text(to, "\r\n");
    return true;
}

/* --- all of it ------------------------------------------------------------ */

static void put_completion(const struct process *p, struct print_sink *to)
{
    print_text(to, " Completion Code: ");
    if (p->completion == PROCESS_EXITED)
        print_text(to, "%u\r\n", (unsigned)p->completion_code);
    else
        print_text(to, "%s\r\n",
                   p->completion == PROCESS_KILLED ? "Faulted" : "None");
}

/* "App" in mathematical bold, as people's scripts look for it. */
static void put_title(const struct process *p, struct print_sink *to)
{
    print_text(to,
               "\360\235\220\200\360\235\220\251\360\235\220\251: "
               "%.*s   -   [",
               TEXT_ARGS(process_name(p)));
    report_state(p, to);
    print_text(to, "]\r\n");
}

enum { HEAD_LINES = 7 };

bool report_line(const struct process *p, uint32_t line, struct print_sink *to)
{
    switch (line) {
    case 0:
        put_title(p, to);
        break;
    case 1:
        print_text(to,
                   " Events Queued: %u   Syscall Count: %u   "
                   "Dropped Upcall Count: %u\r\n",
                   (unsigned)p->upcalls.count, (unsigned)p->syscall_count,
                   (unsigned)p->dropped_upcalls);
        break;
    case 2:
        print_text(to, " Restart Count: %u\r\n", (unsigned)p->restart_count);
        break;
    case 3:
        print_text(to, " Last Syscall: ");
        put_last_call(p, to);
        print_text(to, "\r\n");
        break;
    case 4:
        put_completion(p, to);
        break;
    case 5:
    case 6:
        print_text(to, "\r\n");
        break;
    default:
        return put_memory(p, line - HEAD_LINES, to);
    }
    return true;
}

static void dump_lines(const struct process *p)
{
    bool has_more = true;

    for (uint32_t line = 0; has_more; line++) {
        struct debug_piece piece;

        debug_begin(&piece);
        has_more = report_line(p, line, &piece.sink);
        debug_end(&piece);
    }
}

static void put(void *sink, const char *text)
{
    (void)sink;
    debug_text(text);
}

void kernel_dump(const struct process *p)
{
    dump_lines(p);
    arch_describe_fault(&p->context, &p->bounds, put, NULL);
}

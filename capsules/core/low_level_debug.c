/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "low_level_debug.h"

#include "capsule/grant.h"
#include "capsule/self.h"

enum { CMD_EXISTS = 0, CMD_ALERT = 1, CMD_PRINT = 2, CMD_PRINT_TWO = 3 };

/* In the queue: one of the commands, or */
enum { DROPPED = 4 };

struct entry {
    uint32_t kind;
    uint32_t a;
    uint32_t b;
};

/* Oldest first. */
struct low_level_debug_grant {
    uint32_t count;
    struct entry entries[LOW_LEVEL_DEBUG_QUEUE];
};

/* --- the queue ------------------------------------------------------------ */

/* A full queue ends with a count of what was dropped; it begins with two, the
 * entry that was in its place and the new one. */
static void add(struct low_level_debug_grant *queue, struct entry entry)
{
    struct entry *last = &queue->entries[LOW_LEVEL_DEBUG_QUEUE - 1];

    if (queue->count < LOW_LEVEL_DEBUG_QUEUE)
        queue->entries[queue->count++] = entry;
    else if (last->kind != DROPPED)
        *last = (struct entry){DROPPED, 2, 0};
    else if (last->a != UINT32_MAX)
        last->a++;
}

static struct entry take(struct low_level_debug_grant *queue)
{
    struct entry entry = queue->entries[0];

    queue->count--;
    for (uint32_t i = 0; i < queue->count; i++)
        queue->entries[i] = queue->entries[i + 1];
    return entry;
}

/* --- the line ------------------------------------------------------------- */

static void add_char(struct low_level_debug *self, char c)
{
    if (self->len < LOW_LEVEL_DEBUG_LINE)
        self->line[self->len++] = (uint8_t)c;
}

/* Elements of an array reached by index: capsules do not count pointers. */
#define ADD_TEXT(self, text)                        \
    do {                                            \
        static const char text_[] = text;           \
                                                    \
        for (uint32_t i_ = 0; text_[i_] != 0; i_++) \
            add_char((self), text_[i_]);            \
    } while (0)

static void add_hex(struct low_level_debug *self, uint32_t value)
{
    static const char digits[] = "0123456789abcdef";
    uint32_t shift = 28;

    ADD_TEXT(self, "0x");
    while (shift != 0 && value >> shift == 0)
        shift -= 4;
    for (shift += 4; shift != 0; shift -= 4)
        add_char(self, digits[value >> (shift - 4) & 0xfu]);
}

static void make_line(struct low_level_debug *self, uint32_t app,
                      struct entry entry)
{
    self->len = 0;
    ADD_TEXT(self, "LowLevelDebug: ");
    if (entry.kind == DROPPED) {
        ADD_TEXT(self, "Dropped ");
        add_hex(self, entry.a);
        ADD_TEXT(self, " entries for app ");
        add_hex(self, app);
        ADD_TEXT(self, "\n");
        return;
    }
    ADD_TEXT(self, "App ");
    add_hex(self, app);
    if (entry.kind == CMD_ALERT)
        ADD_TEXT(self, " alert code ");
    else
        ADD_TEXT(self, " prints ");
    add_hex(self, entry.a);
    if (entry.kind == CMD_PRINT_TWO) {
        ADD_TEXT(self, " ");
        add_hex(self, entry.b);
    }
    ADD_TEXT(self, "\n");
}

static bool make_failure_line(struct low_level_debug *self)
{
    if (!self->has_grant_failure)
        return false;
    self->has_grant_failure = false;
    self->len = 0;
    ADD_TEXT(self, "LowLevelDebug: grant init failed\n");
    return true;
}

/* --- sending -------------------------------------------------------------- */

static bool make_line_of(struct low_level_debug *self, struct process *process)
{
    struct grant grant;
    bool has_one;

    if (grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
        return false;

    struct low_level_debug_grant *queue =
        GRANT_DATA(&grant, struct low_level_debug_grant);

    has_one = queue->count != 0;
    if (has_one)
        make_line(self, process_ref(process).id, take(queue));
    grant_leave(&grant);
    self->last_slot = process_ref(process).slot;
    return has_one;
}

/* Of the processes behind the slot that was last, or up to it. */
static bool make_line_of_some(struct low_level_debug *self, bool is_behind)
{
    uint32_t last = self->last_slot;
    struct process *process = process_next(NULL);

    for (; process != NULL; process = process_next(process)) {
        bool counts = (process_ref(process).slot > last) == is_behind;

        if (counts && make_line_of(self, process))
            return true;
    }
    return false;
}

static void send_next(struct low_level_debug *self)
{
    struct span line = {self->line, sizeof(self->line)};

    if (self->is_sending)
        return;
    if (!make_failure_line(self) && !make_line_of_some(self, true) &&
        !make_line_of_some(self, false))
        return;
    self->is_sending =
        self->uart->ops->transmit(self->uart, span_part(line, 0, self->len)) ==
        TOCK_OK;
}

static void run_next(struct deferred *deferred)
{
    send_next(CAPSULE_SELF(struct low_level_debug, next, deferred));
}

/* The next line waits for its turn, so that other users of the port have
 * theirs. */
static void transmitted(struct hil_uart_client *client, uint32_t sent,
                        enum tock_error status)
{
    struct low_level_debug *self =
        CAPSULE_SELF(struct low_level_debug, client, client);

    (void)sent;
    (void)status;
    self->is_sending = false;
    deferred_set(&self->next);
}

/* --- commands ------------------------------------------------------------- */

static void note(struct low_level_debug *self, struct process *caller,
                 struct entry entry)
{
    struct grant grant;

    if (grant_enter(&self->driver, caller, &grant) == TOCK_OK) {
        add(GRANT_DATA(&grant, struct low_level_debug_grant), entry);
        grant_leave(&grant);
    } else {
        self->has_grant_failure = true;
    }
    send_next(self);
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    struct low_level_debug *self =
        CAPSULE_SELF(struct low_level_debug, driver, driver);

    switch (number) {
    case CMD_EXISTS:
        return command_success();
    case CMD_ALERT:
    case CMD_PRINT:
    case CMD_PRINT_TWO:
        note(self, caller, (struct entry){number, arg0, arg1});
        return command_success();
    default:
        return command_failure(TOCK_NOSUPPORT);
    }
}

static void received(struct hil_uart_client *client, uint32_t count,
                     enum tock_error status)
{
    (void)client;
    (void)count;
    (void)status;
}

void low_level_debug_init(struct low_level_debug *self, struct hil_uart *uart)
{
    static const struct driver_ops ops = {.command = command};
    static const struct grant_layout layout = {
        .size = sizeof(struct low_level_debug_grant),
    };
    static const struct hil_uart_client_ops client_ops = {
        .transmitted = transmitted,
        .received = received,
    };

    *self = (struct low_level_debug){
        .driver = {.ops = &ops, .grant = &layout},
        .client = {&client_ops},
        .next = {.run = run_next},
        .uart = uart,
    };
    uart->client = &self->client;
}

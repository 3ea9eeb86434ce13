/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "process_commands.h"

#include "abi/abi.h"
#include "base/attr.h"
#include "capsule/element.h"

enum command_kind {
    COMMAND_START_CONSOLE,
    COMMAND_STOP_CONSOLE,
    COMMAND_HELP,
    COMMAND_ACTION,
    COMMAND_LIST,
    COMMAND_STATUS,
    COMMAND_PROCESS,
    COMMAND_KERNEL,
    COMMAND_RESET,
    COMMAND_PANIC,
};

struct command {
    char name[16];
    enum command_kind kind;
    bool has_argument;
    enum process_action action;
    const char *said; /* of the process; null: nothing */
};

/* A line is the first command that it begins with. */
static const struct command commands[] = {
    {"console-start", COMMAND_START_CONSOLE, false, 0, NULL},
    {"help", COMMAND_HELP, false, 0, NULL},
    {"console-stop", COMMAND_STOP_CONSOLE, false, 0, NULL},
    {"start", COMMAND_ACTION, true, PROCESS_ACTION_RESUME, "resumed."},
    {"stop", COMMAND_ACTION, true, PROCESS_ACTION_STOP, "stopped"},
    {"fault", COMMAND_ACTION, true, PROCESS_ACTION_FAULT, "now faulted"},
    {"terminate", COMMAND_ACTION, true, PROCESS_ACTION_TERMINATE, "terminated"},
    {"boot", COMMAND_ACTION, true, PROCESS_ACTION_BOOT, NULL},
    {"list", COMMAND_LIST, false, 0, NULL},
    {"status", COMMAND_STATUS, false, 0, NULL},
    {"process", COMMAND_PROCESS, true, 0, NULL},
    {"kernel", COMMAND_KERNEL, false, 0, NULL},
    {"reset", COMMAND_RESET, false, 0, NULL},
    {"panic", COMMAND_PANIC, false, 0, NULL},
};

#define VALID_COMMANDS                                           \
    "Valid commands are: help status list stop start fault boot" \
    " terminate process kernel reset panic console-start console-stop\r\n"

/* --- processes ------------------------------------------------------------ */

static const struct process *process_at(const struct process_commands *self,
                                        uint32_t slot)
{
    return manage_process(self->capability, slot);
}

static void unmark_all(struct process_commands *self)
{
    for (uint32_t i = 0; i < ARRAY_COUNT(self->matches); i++)
        self->matches[i] = 0;
}

static void mark(struct process_commands *self, uint32_t slot)
{
    if (slot / 32 < ARRAY_COUNT(self->matches))
        self->matches[slot / 32] |= 1u << slot % 32;
}

static bool is_marked(const struct process_commands *self, uint32_t slot)
{
    return slot / 32 < ARRAY_COUNT(self->matches) &&
           (self->matches[slot / 32] >> slot % 32 & 1u) != 0;
}

static bool mark_named(struct process_commands *self, struct span name)
{
    bool is_any = false;

    for (uint32_t slot = 0; slot < manage_slots(self->capability); slot++) {
        const struct process *process = process_at(self, slot);

        if (process == NULL || !span_equal(process_name(process), name))
            continue;
        mark(self, slot);
        is_any = true;
    }
    return is_any;
}

static bool read_number(struct span text, uint32_t *out)
{
    uint64_t value = 0;

    for (uint32_t i = 0; i < text.len; i++) {
        uint32_t digit = (uint32_t)span_get(text, i) - '0';

        value = 10 * value + digit;
        if (digit > 9 || value > UINT32_MAX)
            return false;
    }
    *out = (uint32_t)value;
    return text.len != 0;
}

static void mark_numbered(struct process_commands *self, struct span text)
{
    uint32_t id;

    if (!read_number(text, &id))
        return;
    for (uint32_t slot = 0; slot < manage_slots(self->capability); slot++) {
        const struct process *process = process_at(self, slot);

        if (process != NULL && process_ref(process).id == id)
            mark(self, slot);
    }
}

/* --- words ---------------------------------------------------------------- */

static struct span without_blanks(struct span text)
{
    while (text.len != 0 && span_get(text, 0) == ' ')
        text = span_part(text, 1, text.len);
    return text;
}

static uint32_t word_len(struct span text)
{
    uint32_t len = 0;

    while (len < text.len && span_get(text, len) != ' ')
        len++;
    return len;
}

static struct span behind_word(struct span text)
{
    return without_blanks(span_part(text, word_len(text), text.len));
}

/* A name may have blanks; else the first word counts. Names come before
 * identifiers: an app may be called by a number. */
static void mark_meant(struct process_commands *self, struct span line)
{
    struct span argument = behind_word(line);
    struct span word = span_part(argument, 0, word_len(argument));

    unmark_all(self);
    if (argument.len == 0 || mark_named(self, argument) ||
        mark_named(self, word))
        return;
    mark_numbered(self, word);
}

/* --- doing ---------------------------------------------------------------- */

static void act(const struct process_commands *self, enum process_action action)
{
    for (uint32_t slot = 0; slot < manage_slots(self->capability); slot++) {
        struct process *process = manage_process(self->capability, slot);

        if (process != NULL && is_marked(self, slot))
            manage_request(self->capability, process, action);
    }
}

static void choose_process(struct process_commands *self)
{
    for (uint32_t slot = 0; slot < manage_slots(self->capability); slot++) {
        const struct process *process = process_at(self, slot);

        if (process == NULL || !is_marked(self, slot))
            continue;
        self->who = process_ref(process);
        self->job = PROCESS_COMMANDS_PROCESS;
        return;
    }
}

static void reset(struct process_commands *self)
{
    if (self->reset != NULL)
        self->reset->reset(self->reset);
    self->job = PROCESS_COMMANDS_NO_RESET;
}

static bool begins(struct span line, const struct command *command)
{
    uint32_t at = 0;

    while (command->name[at] != '\0' &&
           (uint8_t)command->name[at] == span_get(line, at))
        at++;
    return command->name[at] == '\0';
}

static const struct command *find_command(struct span line)
{
    for (uint32_t i = 0; i < ARRAY_COUNT(commands); i++) {
        const struct command *command = ELEMENT(commands, i);

        if (begins(line, command))
            return command;
    }
    return NULL;
}

static void run(struct process_commands *self, const struct command *command,
                struct span line)
{
    switch (command->kind) {
    case COMMAND_START_CONSOLE:
        self->is_hibernating = false;
        break;
    case COMMAND_STOP_CONSOLE:
        self->is_hibernating = true;
        self->job = PROCESS_COMMANDS_SLEEP;
        break;
    case COMMAND_HELP:
        self->job = PROCESS_COMMANDS_HELP;
        break;
    case COMMAND_ACTION:
        mark_meant(self, line);
        act(self, command->action);
        self->said = command->said;
        self->job = PROCESS_COMMANDS_ACTED;
        break;
    case COMMAND_LIST:
        self->job = PROCESS_COMMANDS_LIST;
        break;
    case COMMAND_STATUS:
        self->job = PROCESS_COMMANDS_STATUS;
        break;
    case COMMAND_PROCESS:
        mark_meant(self, line);
        choose_process(self);
        break;
    case COMMAND_KERNEL:
        self->job = PROCESS_COMMANDS_KERNEL;
        break;
    case COMMAND_RESET:
        reset(self);
        break;
    case COMMAND_PANIC:
        manage_panic(self->capability,
                     "Process Console forced a kernel panic.");
        break;
    }
}

bool process_commands_has(const struct process_commands *self, struct span line)
{
    const struct command *command = find_command(line);

    return command != NULL &&
           (!self->is_hibernating || command->kind == COMMAND_START_CONSOLE);
}

bool process_commands_run(struct process_commands *self, struct span line)
{
    self->job = PROCESS_COMMANDS_IDLE;
    if (process_commands_has(self, line))
        run(self, find_command(line), line);
    else if (line.len != 0 && !self->is_hibernating)
        self->job = PROCESS_COMMANDS_UNKNOWN;
    return self->job == PROCESS_COMMANDS_ACTED;
}

/* --- printing ------------------------------------------------------------- */

/* One text; a second line of the job there is not. */
static bool put_only(uint32_t line, struct print_sink *to, const char *text)
{
    if (line != 0)
        return false;
    print_raw(to, text);
    return true;
}

static bool put_acted(const struct process_commands *self, uint32_t slot,
                      struct print_sink *to)
{
    const struct process *process = process_at(self, slot);

    if (slot >= manage_slots(self->capability) || self->said == NULL)
        return false;
    if (process == NULL || !is_marked(self, slot))
        return true;
    print_text(to, "Process ");
    print_name(to, process_name(process), 0);
    print_text(to, " %s\r\n", self->said);
    return true;
}

static void put_short_id(uint32_t short_id, struct print_sink *to)
{
    if (short_id == 0)
        print_text(to, "%-11s", "Unique");
    else
        print_text(to, "%#-11x", (unsigned)short_id);
}

static void put_row(const struct process_commands *self,
                    const struct process *process, struct print_sink *to)
{
    struct process_info info;

    manage_info(self->capability, process, &info);
    print_text(to, " %-7u", (unsigned)info.ref.id);
    put_short_id(info.short_id, to);
    print_name(to, info.name, 20);
    print_text(to, "%6u%10u%10u  %2u/%2u   ", (unsigned)info.expired_slices,
               (unsigned)info.syscalls, (unsigned)info.restarts,
               (unsigned)info.grants_used, (unsigned)info.grants_total);
    manage_put_state(self->capability, process, to);
    print_text(to, "\r\n");
}

static bool put_list(const struct process_commands *self, uint32_t line,
                     struct print_sink *to)
{
    const struct process *process;

    if (line == 0) {
        print_text(to, " PID    ShortID    Name                Quanta  Syscalls"
                       "  Restarts  Grants  State\r\n");
        return true;
    }
    if (line > manage_slots(self->capability))
        return false;
    process = process_at(self, line - 1);
    if (process != NULL)
        put_row(self, process, to);
    return true;
}

static bool is_alive(enum process_status status)
{
    return status != PROCESS_STATUS_FAULTED &&
           status != PROCESS_STATUS_TERMINATED;
}

static bool put_status(const struct process_commands *self, uint32_t line,
                       struct print_sink *to)
{
    unsigned total = 0;
    unsigned active = 0;
    unsigned expired = 0;

    if (line != 0)
        return false;
    for (uint32_t slot = 0; slot < manage_slots(self->capability); slot++) {
        const struct process *process = process_at(self, slot);
        struct process_info info;

        if (process == NULL)
            continue;
        manage_info(self->capability, process, &info);
        total++;
        active += is_alive(info.status);
        expired += info.expired_slices;
    }
    print_text(to,
               "Total processes: %u\r\nActive processes: %u\r\n"
               "Timeslice expirations: %u\r\n",
               total, active, expired);
    return true;
}

/* The process may be gone meanwhile, or have begun a new life. */
static bool put_process(const struct process_commands *self, uint32_t line,
                        struct print_sink *to)
{
    const struct process *process = process_at(self, self->who.slot);

    return process != NULL &&
           process_ref_equal(process_ref(process), self->who) &&
           manage_put_process_line(self->capability, process, line, to);
}

static bool put_kernel(const struct process_commands *self, uint32_t line,
                       struct print_sink *to)
{
    if (line != 0)
        return manage_put_kernel_line(self->capability, line - 1, to);
    print_text(to, "Kernel version: %u.%u (build %s)\r\n",
               (unsigned)TOCK_KERNEL_MAJOR, (unsigned)TOCK_KERNEL_MINOR,
               self->build);
    return true;
}

/* --- completing ----------------------------------------------------------- */

static uint32_t choice_count(const struct process_commands *self)
{
    return self->choices_are_names ? manage_slots(self->capability)
                                   : (uint32_t)ARRAY_COUNT(commands);
}

static void read_command(uint32_t index, struct line *out)
{
    const struct command *command = ELEMENT(commands, index);

    while (command->name[out->len] != '\0') {
        out->bytes[out->len] = (uint8_t)command->name[out->len];
        out->len++;
    }
}

/* Only a name that can be typed. */
static bool read_name(const struct process_commands *self, uint32_t slot,
                      struct line *out)
{
    const struct process *process = process_at(self, slot);
    struct span name;

    if (process == NULL)
        return false;
    name = process_name(process);
    if (name.len > LINE_EDITOR_MAX)
        return false;
    for (; out->len < name.len; out->len++) {
        uint8_t byte = span_get(name, out->len);

        if (byte < ' ' || byte > '~')
            return false;
        out->bytes[out->len] = byte;
    }
    return out->len != 0;
}

/* Does the word have this choice, number index? */
static bool read_choice(const struct process_commands *self, uint32_t index,
                        struct line *out)
{
    out->len = 0;
    if (!self->choices_are_names)
        read_command(index, out);
    else if (!read_name(self, index, out))
        return false;
    return line_starts_with(out, &self->begun);
}

static void cut_to_common(struct line *line, const struct line *other)
{
    uint32_t len = 0;

    while (len < line->len && len < other->len &&
           line->bytes[len] == other->bytes[len])
        len++;
    line->len = (uint8_t)len;
}

/* How many choices there are, and what they have in common. */
static uint32_t look_at_choices(const struct process_commands *self,
                                struct line *common)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < choice_count(self); i++) {
        struct line choice;

        if (!read_choice(self, i, &choice))
            continue;
        if (count == 0)
            *common = choice;
        else
            cut_to_common(common, &choice);
        count++;
    }
    return count;
}

/* The first word is a command; behind it there can be a process. */
static bool read_begun(struct process_commands *self, struct span before)
{
    struct span word = without_blanks(before);
    uint32_t len = word_len(word);
    const struct command *command = find_command(word);

    self->choices_are_names = len < word.len;
    if (self->choices_are_names) {
        word = behind_word(word);
        if (command == NULL || !command->has_argument)
            return false;
    }
    self->begun.len = (uint8_t)span_copy(
        (struct span){self->begun.bytes, sizeof(self->begun.bytes)}, word);
    return true;
}

static bool wants_argument(struct line *name)
{
    const struct command *command = find_command(line_bytes(name));

    return command != NULL && command->has_argument;
}

void process_commands_complete(struct process_commands *self,
                               struct line_editor *editor)
{
    struct line common;
    uint32_t count;

    self->job = PROCESS_COMMANDS_IDLE;
    if (!read_begun(self, line_editor_before_cursor(editor)))
        return;
    count = look_at_choices(self, &common);
    if (count == 0)
        return;
    if (count > 1 && common.len == self->begun.len)
        self->job = PROCESS_COMMANDS_CHOICES;
    for (uint32_t i = self->begun.len; i < common.len; i++)
        line_editor_insert(editor, common.bytes[i]);
    if (count == 1 && !self->choices_are_names && wants_argument(&common))
        line_editor_insert(editor, ' ');
}

static bool put_choice(const struct process_commands *self, uint32_t line,
                       struct print_sink *to)
{
    struct line choice;

    if (line == choice_count(self))
        print_text(to, "\r\n");
    if (line >= choice_count(self))
        return line == choice_count(self);
    if (read_choice(self, line, &choice)) {
        print_name(to, line_bytes(&choice), 0);
        print_text(to, "  ");
    }
    return true;
}

/* -------------------------------------------------------------------------- */

bool process_commands_put(struct process_commands *self, uint32_t line,
                          struct print_sink *to)
{
    switch (self->job) {
    case PROCESS_COMMANDS_HELP:
        return put_only(line, to,
                        "Welcome to the process console.\r\n" VALID_COMMANDS);
    case PROCESS_COMMANDS_UNKNOWN:
        return put_only(line, to, VALID_COMMANDS);
    case PROCESS_COMMANDS_SLEEP:
        return put_only(line, to,
                        "Disabling the process console.\r\n"
                        "Run console-start to reactivate.\r\n");
    case PROCESS_COMMANDS_NO_RESET:
        return put_only(line, to, "Reset function is not implemented");
    case PROCESS_COMMANDS_ACTED:
        return put_acted(self, line, to);
    case PROCESS_COMMANDS_LIST:
        return put_list(self, line, to);
    case PROCESS_COMMANDS_STATUS:
        return put_status(self, line, to);
    case PROCESS_COMMANDS_PROCESS:
        return put_process(self, line, to);
    case PROCESS_COMMANDS_KERNEL:
        return put_kernel(self, line, to);
    case PROCESS_COMMANDS_CHOICES:
        return put_choice(self, line, to);
    default:
        return false;
    }
}

void process_commands_init(struct process_commands *self,
                           const struct capability_manage *capability,
                           const struct hil_reset *reset_of_board,
                           const char *build)
{
    *self = (struct process_commands){
        .capability = capability,
        .reset = reset_of_board,
        .build = build,
    };
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "process_console.h"

#include "capsule/self.h"

static const char prompt[] = "tock$ ";

static void proceed(struct process_console *self);

static void wait_for_quiet(struct process_console *self)
{
    struct hil_alarm *alarm = self->alarm;
    uint32_t ticks = alarm->frequency_hz / 1000 * PROCESS_CONSOLE_QUIET_MS;

    alarm->ops->set(alarm, alarm->ops->now(alarm), ticks);
}

/* --- sending -------------------------------------------------------------- */

static struct span out(struct process_console *self)
{
    return (struct span){self->out, sizeof(self->out)};
}

static void send(struct process_console *self, uint32_t len)
{
    struct hil_uart *uart = &self->device->uart;
    enum tock_error error =
        uart->ops->transmit(uart, span_part(out(self), 0, len));

    self->is_sending = error == TOCK_OK;
}

/* One line of a command's output, or as much of it as goes out at once. */
static uint32_t make_output(struct process_console *self)
{
    uint32_t used = 0;
    bool has_more = true;

    while (used == 0 && has_more) {
        struct print_window window;

        print_window_init(&window, out(self), self->skip);
        has_more =
            process_commands_put(&self->commands, self->line, &window.sink);
        used = print_window_used(&window);
        if (print_window_is_cut(&window)) {
            self->skip += used;
        } else {
            self->line++;
            self->skip = 0;
        }
    }
    return used;
}

static void print(struct process_console *self)
{
    uint32_t used = make_output(self);

    if (used != 0) {
        send(self, used);
        return;
    }
    self->is_printing = false;
    self->wants_prompt = true;
}

/* --- the line ------------------------------------------------------------- */

/* What others wrote since is below the line that we drew. */
static void look_at_terminal(struct process_console *self)
{
    if (self->commands.is_hibernating ||
        uart_mux_line(self->device) == UART_MUX_LINE_OURS)
        return;
    self->has_prompt = false;
    line_editor_forget_shown(&self->editor);
}

static void put_line(struct process_console *self, struct print_sink *to)
{
    if (!self->has_prompt && !self->commands.is_hibernating)
        print_raw(to, prompt);
    line_editor_draw(&self->editor, to);
    self->has_prompt = true;
    self->wants_prompt = false;
    self->may_draw = false;
}

/* Another's line may be going on: it gets a moment to end. */
static bool must_wait(struct process_console *self)
{
    if (self->commands.is_hibernating || self->may_draw ||
        uart_mux_line(self->device) != UART_MUX_LINE_OTHERS)
        return false;
    wait_for_quiet(self);
    return true;
}

static void draw(struct process_console *self)
{
    struct print_window window;
    bool wants_prompt = self->wants_prompt && !self->has_prompt;

    look_at_terminal(self);
    if (self->commands.is_hibernating)
        wants_prompt = false;
    if (!wants_prompt && !line_editor_is_dirty(&self->editor))
        return;
    if (must_wait(self))
        return;
    print_window_init(&window, out(self), 0);
    put_line(self, &window.sink);
    send(self, print_window_used(&window));
}

/* --- typing --------------------------------------------------------------- */

/* The line is shown to its end; what it asks for is done when that is out. */
static void enter(struct process_console *self)
{
    struct span text = line_editor_text(&self->editor);
    struct print_window window;

    self->entered.len = (uint8_t)span_copy(
        (struct span){self->entered.bytes, sizeof(self->entered.bytes)}, text);
    self->has_entered = true;
    print_window_init(&window, out(self), 0);
    look_at_terminal(self);
    put_line(self, &window.sink);
    print_raw(&window.sink, "\r\n");
    line_editor_next(&self->editor);
    self->has_prompt = false;
    send(self, print_window_used(&window));
}

static void begin_printing(struct process_console *self)
{
    self->is_printing = true;
    self->line = 0;
    self->skip = 0;
}

/* The choices are listed below the line, which then is shown again. */
static void complete(struct process_console *self)
{
    struct print_window window;

    process_commands_complete(&self->commands, &self->editor);
    if (self->commands.job == PROCESS_COMMANDS_IDLE)
        return;
    print_window_init(&window, out(self), 0);
    look_at_terminal(self);
    put_line(self, &window.sink);
    print_raw(&window.sink, "\r\n");
    line_editor_forget_shown(&self->editor);
    self->has_prompt = false;
    begin_printing(self);
    send(self, print_window_used(&window));
}

static uint8_t take_typed(struct process_console *self)
{
    uint8_t byte = self->typed[self->typed_first];

    self->typed_first = (self->typed_first + 1) % PROCESS_CONSOLE_TYPED;
    self->typed_count--;
    return byte;
}

/* Keys, up to one that makes the port busy. */
static void edit(struct process_console *self)
{
    while (self->typed_count != 0 && !self->is_sending) {
        switch (line_editor_take(&self->editor, take_typed(self))) {
        case LINE_ENTERED:
            enter(self);
            break;
        case LINE_TAB:
            if (!self->commands.is_hibernating)
                complete(self);
            break;
        case LINE_EDITED:
            break;
        }
    }
}

/* What the kernel says about it comes first: it is in the port's queue when
 * the deferred calls that follow the request have run. */
static void carry_out(struct process_console *self)
{
    struct span line = line_bytes(&self->entered);

    self->has_entered = false;
    begin_printing(self);
    if (process_commands_has(&self->commands, line))
        uart_mux_claim(self->device);
    if (!process_commands_run(&self->commands, line))
        return;
    self->settling = 2;
    deferred_set(&self->settled);
}

static void proceed(struct process_console *self)
{
    self->device->is_interactive = !self->commands.is_hibernating;
    if (self->is_sending || self->settling != 0 || !self->has_begun)
        return;
    if (self->has_entered)
        carry_out(self);
    if (self->settling != 0)
        return;
    if (self->is_printing)
        print(self);
    if (!self->is_sending)
        edit(self);
    if (!self->is_sending)
        draw(self);
}

/* --- events --------------------------------------------------------------- */

static void listen(struct process_console *self)
{
    struct hil_uart *uart = &self->device->uart;
    struct span in = {self->in, sizeof(self->in)};

    self->is_deaf = uart->ops->receive(uart, in) != TOCK_OK;
    if (self->is_deaf)
        wait_for_quiet(self);
}

/* What is too much is lost, but for the end of the line: whoever pasted a long
 * text gets an answer. */
static void keep_typed(struct process_console *self, uint8_t byte)
{
    bool is_full = self->typed_count == PROCESS_CONSOLE_TYPED;

    if (is_full && byte != '\r' && byte != '\n')
        return;
    if (is_full)
        self->typed_count--;
    self->typed[(self->typed_first + self->typed_count) %
                PROCESS_CONSOLE_TYPED] = byte;
    self->typed_count++;
}

static void received(struct hil_uart_client *client, uint32_t count,
                     enum tock_error status)
{
    struct process_console *self =
        CAPSULE_SELF(struct process_console, client, client);

    if (status != TOCK_OK) {
        self->is_deaf = true;
        wait_for_quiet(self);
        return;
    }
    if (count != 0)
        keep_typed(self, self->in[0]);
    listen(self);
    proceed(self);
}

/* From here the next piece keeps the port: a command's output is not mixed
 * with others'. */
static void transmitted(struct hil_uart_client *client, uint32_t sent,
                        enum tock_error status)
{
    struct process_console *self =
        CAPSULE_SELF(struct process_console, client, client);

    (void)sent;
    (void)status;
    self->is_sending = false;
    proceed(self);
}

static void fired(struct hil_alarm_client *client)
{
    struct process_console *self =
        CAPSULE_SELF(struct process_console, alarm_client, client);

    self->has_begun = true;
    self->may_draw = true;
    if (self->is_deaf)
        listen(self);
    proceed(self);
}

static void was_pushed(struct deferred *deferred)
{
    struct process_console *self =
        CAPSULE_SELF(struct process_console, pushed, deferred);

    if (self->editor.now.len != 0)
        wait_for_quiet(self);
}

static void has_settled(struct deferred *deferred)
{
    struct process_console *self =
        CAPSULE_SELF(struct process_console, settled, deferred);

    self->settling--;
    if (self->settling != 0)
        deferred_set(&self->settled);
    else
        proceed(self);
}

void process_console_init(struct process_console *self,
                          struct uart_mux_device *device,
                          struct hil_alarm *alarm,
                          const struct capability_manage *capability,
                          const struct hil_reset *reset, const char *build)
{
    static const struct hil_uart_client_ops client_ops = {
        .transmitted = transmitted,
        .received = received,
    };
    static const struct hil_alarm_client_ops alarm_ops = {.fired = fired};

    *self = (struct process_console){
        .client = {&client_ops},
        .alarm_client = {&alarm_ops},
        .pushed = {.run = was_pushed},
        .settled = {.run = has_settled},
        .device = device,
        .alarm = alarm,
        .wants_prompt = true,
    };
    line_editor_init(&self->editor);
    process_commands_init(&self->commands, capability, reset, build);
    device->uart.client = &self->client;
    device->when_pushed = &self->pushed;
    alarm->client = &self->alarm_client;
    wait_for_quiet(self);
    listen(self);
}

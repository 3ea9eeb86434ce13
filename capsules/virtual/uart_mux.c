/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "uart_mux.h"

#include "capsule/self.h"

/* --- transmitting -------------------------------------------------------- */

static void send(struct uart_mux *self)
{
    self->unbroken++;
    deferred_set_background(&self->breath);
    self->refused = self->port->ops->transmit(self->port, self->sending);
    if (self->refused != TOCK_OK)
        deferred_set(&self->deferred);
}

/* At once, unless it is the processes' turn. */
static void start(struct uart_mux *self, struct span bytes)
{
    self->is_inside_line = span_get(bytes, bytes.len - 1) != '\n';
    self->sending = bytes;
    self->is_held = self->unbroken >= UART_MUX_BURST;
    if (!self->is_held)
        send(self);
}

static void breathe(struct deferred *deferred)
{
    struct uart_mux *self = CAPSULE_SELF(struct uart_mux, breath, deferred);
    bool was_held = self->is_held;

    self->unbroken = 0;
    self->is_held = false;
    if (was_held)
        send(self);
}

static bool is_interactive(const struct uart_mux_device *device)
{
    return device != NULL && device->is_interactive;
}

/* Text of the device, or the kernel's. */
static void transmit(struct uart_mux *self, struct uart_mux_device *device,
                     struct span bytes)
{
    struct uart_mux_device *last = self->last;

    self->is_sending = true;
    self->last = device;
    self->is_breaking = self->is_inside_line && last != device &&
                        (is_interactive(last) || is_interactive(device));
    if (!self->is_breaking) {
        start(self, bytes);
        return;
    }
    self->behind_break = bytes;
    if (is_interactive(last) && last->when_pushed != NULL)
        deferred_set(last->when_pushed);
    start(self, (struct span){self->line_end, sizeof(self->line_end)});
}

static bool send_log_chunk(struct uart_mux *self)
{
    struct span chunk = {self->chunk, sizeof(self->chunk)};
    uint32_t count = log_peek(span_part(chunk, 0, self->log_left));

    if (count == 0)
        return false;
    transmit(self, NULL, span_part(chunk, 0, count));
    return true;
}

/* Only now: a panic before this prints the chunk once more. */
static bool finish_log_chunk(struct uart_mux *self)
{
    log_drop(self->sending.len);
    self->log_left -= self->sending.len;
    return send_log_chunk(self);
}

/* A turn of the kernel is what waits when it begins: a flood of messages must
 * not silence the apps. */
static bool begin_log_turn(struct uart_mux *self)
{
    self->log_left = log_pending();
    return send_log_chunk(self);
}

static bool send_device(struct uart_mux *self, struct uart_mux_device *device)
{
    if (!device->is_transmitting)
        return false;
    transmit(self, device, device->transmitting);
    return true;
}

/* Looks at everyone once, the one whose turn it was last. */
static void next_turn(struct uart_mux *self)
{
    struct uart_mux_device *turn = self->turn;

    do {
        turn = turn == NULL ? self->devices : turn->next;
        if (turn == NULL ? begin_log_turn(self) : send_device(self, turn)) {
            self->turn = turn;
            return;
        }
    } while (turn != self->turn);
}

/* The device's callback runs while is_sending, so that a new transmission of
 * its client is only noted and then goes first. */
static bool finish_device(struct uart_mux *self, struct uart_mux_device *device,
                          uint32_t sent, enum tock_error status)
{
    struct hil_uart_client *client = device->uart.client;

    device->is_transmitting = false;
    client->ops->transmitted(client, sent, status);
    return send_device(self, device);
}

static void transmission_done(struct uart_mux *self, uint32_t sent,
                              enum tock_error status)
{
    if (self->is_breaking) {
        self->is_breaking = false;
        start(self, self->behind_break);
        return;
    }

    bool goes_on = self->turn == NULL
                       ? finish_log_chunk(self)
                       : finish_device(self, self->turn, sent, status);

    if (goes_on)
        return;
    self->is_sending = false;
    next_turn(self);
}

static void transmitted(struct hil_uart_client *client, uint32_t sent,
                        enum tock_error status)
{
    struct uart_mux *self = CAPSULE_SELF(struct uart_mux, client, client);

    transmission_done(self, sent, status);
}

static void log_ready(struct log_reader *reader)
{
    struct uart_mux *self = CAPSULE_SELF(struct uart_mux, log, reader);

    if (!self->is_sending)
        next_turn(self);
}

static enum tock_error device_transmit(struct hil_uart *uart, struct span bytes)
{
    struct uart_mux_device *device =
        CAPSULE_SELF(struct uart_mux_device, uart, uart);

    if (device->is_transmitting)
        return TOCK_BUSY;
    device->transmitting = bytes;
    device->is_transmitting = true;
    if (!device->mux->is_sending)
        next_turn(device->mux);
    return TOCK_OK;
}

/* --- receiving ----------------------------------------------------------- */

static bool anyone_receives(const struct uart_mux *self)
{
    const struct uart_mux_device *device = self->devices;

    while (device != NULL && (!device->is_receiving || device->is_aborted))
        device = device->next;
    return device != NULL;
}

static void end_reception(struct uart_mux_device *device,
                          enum tock_error status)
{
    struct hil_uart_client *client = device->uart.client;

    device->is_receiving = false;
    device->is_aborted = false;
    client->ops->received(client, device->received, status);
}

static void end_all_receptions(struct uart_mux *self, enum tock_error status)
{
    struct uart_mux_device *device = self->devices;

    for (; device != NULL; device = device->next) {
        if (device->is_receiving)
            end_reception(device, status);
    }
}

static void read_port(struct uart_mux *self)
{
    struct span byte = {self->byte, sizeof(self->byte)};

    if (self->is_reading || !anyone_receives(self))
        return;
    self->is_reading = self->port->ops->receive(self->port, byte) == TOCK_OK;
}

static bool may_receive(const struct uart_mux_device *device)
{
    return device->is_receiving && !device->is_aborted;
}

static void give(struct uart_mux_device *device, uint8_t byte)
{
    span_set(device->receiving, device->received, byte);
    device->received++;
    if (device->received == device->receiving.len)
        end_reception(device, TOCK_OK);
}

/* In the place of the oldest one if there is no other. */
static void keep(struct uart_mux_device *device, uint8_t byte)
{
    uint32_t size = device->kept.len;

    if (size == 0)
        return;
    span_set(device->kept, (device->kept_first + device->kept_count) % size,
             byte);
    if (device->kept_count < size)
        device->kept_count++;
    else
        device->kept_first = (device->kept_first + 1) % size;
}

static void give_kept(struct uart_mux_device *device)
{
    while (device->kept_count != 0 && may_receive(device)) {
        uint8_t byte = span_get(device->kept, device->kept_first);

        device->kept_first = (device->kept_first + 1) % device->kept.len;
        device->kept_count--;
        give(device, byte);
    }
}

static void hand_out(struct uart_mux *self, uint8_t byte)
{
    struct uart_mux_device *device = self->devices;

    for (; device != NULL; device = device->next) {
        if (may_receive(device) && device->kept_count == 0)
            give(device, byte);
        else
            keep(device, byte);
    }
}

/* Our own abort may end a byte's reception just when a new one was wanted. */
static void received(struct hil_uart_client *client, uint32_t count,
                     enum tock_error status)
{
    struct uart_mux *self = CAPSULE_SELF(struct uart_mux, client, client);

    self->is_reading = false;
    if (count != 0)
        hand_out(self, self->byte[0]);
    else if (status != TOCK_OK && status != TOCK_CANCEL)
        end_all_receptions(self, status);
    read_port(self);
}

static enum tock_error device_receive(struct hil_uart *uart, struct span buffer)
{
    struct uart_mux_device *device =
        CAPSULE_SELF(struct uart_mux_device, uart, uart);

    if (device->is_receiving)
        return TOCK_BUSY;
    if (buffer.len == 0)
        return TOCK_SIZE;
    device->receiving = buffer;
    device->received = 0;
    device->is_receiving = true;
    if (device->kept_count != 0)
        deferred_set(&device->mux->deferred);
    read_port(device->mux);
    return TOCK_OK;
}

static void device_abort_receive(struct hil_uart *uart)
{
    struct uart_mux_device *device =
        CAPSULE_SELF(struct uart_mux_device, uart, uart);
    struct uart_mux *self = device->mux;

    if (!device->is_receiving)
        return;
    device->is_aborted = true;
    deferred_set(&self->deferred);
    if (self->is_reading && !anyone_receives(self))
        self->port->ops->abort_receive(self->port);
}

/* --- what must not happen inside the call that caused it ------------------ */

static void end_aborted(struct uart_mux *self)
{
    struct uart_mux_device *device = self->devices;

    for (; device != NULL; device = device->next) {
        if (device->is_aborted)
            end_reception(device, TOCK_CANCEL);
    }
}

static void give_all_kept(struct uart_mux *self)
{
    struct uart_mux_device *device = self->devices;

    for (; device != NULL; device = device->next)
        give_kept(device);
}

static void run_deferred(struct deferred *deferred)
{
    struct uart_mux *self = CAPSULE_SELF(struct uart_mux, deferred, deferred);
    enum tock_error refused = self->refused;

    self->refused = TOCK_OK;
    if (refused != TOCK_OK)
        transmission_done(self, 0, refused);
    end_aborted(self);
    give_all_kept(self);
}

void uart_mux_init(struct uart_mux *self, struct hil_uart *port)
{
    static const struct hil_uart_client_ops client_ops = {
        .transmitted = transmitted,
        .received = received,
    };

    *self = (struct uart_mux){
        .client = {&client_ops},
        .log = {log_ready},
        .deferred = {.run = run_deferred},
        .breath = {.run = breathe},
        .port = port,
        .line_end = {'\r', '\n'},
    };
    port->client = &self->client;
    log_set_reader(&self->log);
}

struct hil_uart *uart_mux_add(struct uart_mux *self,
                              struct uart_mux_device *device)
{
    static const struct hil_uart_ops ops = {
        .transmit = device_transmit,
        .receive = device_receive,
        .abort_receive = device_abort_receive,
    };

    *device = (struct uart_mux_device){
        .uart = {.ops = &ops},
        .mux = self,
        .next = self->devices,
    };
    self->devices = device;
    return &device->uart;
}

enum uart_mux_line uart_mux_line(const struct uart_mux_device *device)
{
    const struct uart_mux *mux = device->mux;

    if (mux->last == device)
        return UART_MUX_LINE_OURS;
    return mux->is_inside_line ? UART_MUX_LINE_OTHERS : UART_MUX_LINE_FRESH;
}

void uart_mux_keep(struct uart_mux_device *device, struct span memory)
{
    device->kept = memory;
}

void uart_mux_claim(const struct uart_mux_device *device)
{
    struct uart_mux_device *other = device->mux->devices;

    for (; other != NULL; other = other->next) {
        if (other != device)
            other->kept_count = 0;
    }
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/host.h"

#include <stddef.h>

struct host_chip host_chip;
struct host_slice host_slice;
struct host_uart host_uart;
struct host_alarm host_alarm;

/* --- chip ----------------------------------------------------------------- */

static bool chip_has_work(struct hil_chip *chip)
{
    (void)chip;
    return host_chip.has_work;
}

static void chip_serve(struct hil_chip *chip)
{
    (void)chip;
    host_chip.has_work = false;
    host_chip.serves++;
}

/* --- slice timer ---------------------------------------------------------- */

static void slice_start(struct hil_slice_timer *timer, uint32_t slice_us)
{
    (void)timer;
    host_slice.is_running = true;
    host_slice.left_us = slice_us;
    host_slice.started_us = slice_us;
}

static uint32_t slice_remaining_us(struct hil_slice_timer *timer)
{
    (void)timer;
    return host_slice.left_us;
}

static void slice_stop(struct hil_slice_timer *timer)
{
    (void)timer;
    host_slice.is_running = false;
}

/* --- serial port ---------------------------------------------------------- */

static void log_text(struct span bytes)
{
    for (uint32_t i = 0; i < bytes.len; i++) {
        if (host_uart.text_len == sizeof(host_uart.text) - 1)
            return;
        host_uart.text[host_uart.text_len++] = (char)span_get(bytes, i);
    }
}

static void uart_run(struct deferred *deferred)
{
    struct hil_uart_client *client = host_uart.uart.client;
    struct span sent = host_uart.sending;

    (void)deferred;
    if (sent.len != 0 && !host_uart.is_slow) {
        host_uart.sending = (struct span){0};
        log_text(sent);
        client->ops->transmitted(client, sent.len, TOCK_OK);
    }
    if (host_uart.is_reading &&
        (host_uart.is_aborted || host_uart.read == host_uart.reading.len)) {
        enum tock_error status =
            host_uart.read == host_uart.reading.len ? TOCK_OK : TOCK_CANCEL;

        host_uart.is_reading = false;
        host_uart.is_aborted = false;
        client->ops->received(client, host_uart.read, status);
    }
}

static enum tock_error uart_transmit(struct hil_uart *uart, struct span bytes)
{
    enum tock_error refuse = host_uart.refuse;

    (void)uart;
    host_uart.refuse = TOCK_OK;
    if (refuse != TOCK_OK)
        return refuse;
    if (host_uart.sending.len != 0)
        return TOCK_BUSY;
    host_uart.sending = bytes;
    host_uart.transmissions++;
    deferred_set(&host_uart.deferred);
    return TOCK_OK;
}

static enum tock_error uart_receive(struct hil_uart *uart, struct span buffer)
{
    (void)uart;
    if (host_uart.is_reading)
        return TOCK_BUSY;
    host_uart.is_reading = true;
    host_uart.reading = buffer;
    host_uart.read = 0;
    return TOCK_OK;
}

static void uart_abort_receive(struct hil_uart *uart)
{
    (void)uart;
    host_uart.is_aborted = host_uart.is_reading;
    deferred_set(&host_uart.deferred);
}

void host_uart_send_out(void)
{
    bool is_slow = host_uart.is_slow;

    host_uart.is_slow = false;
    uart_run(&host_uart.deferred);
    host_uart.is_slow = is_slow;
}

/* A reception that ends may start the next one, which gets the next byte. */
uint32_t host_uart_type(const char *text)
{
    uint32_t count = 0;

    while (text[count] != '\0' && host_uart.is_reading) {
        span_set(host_uart.reading, host_uart.read++, (uint8_t)text[count++]);
        if (host_uart.read == host_uart.reading.len)
            uart_run(&host_uart.deferred);
    }
    return count;
}

/* --- alarm ---------------------------------------------------------------- */

static bool alarm_is_due(void)
{
    return host_alarm.is_armed &&
           host_alarm.now - host_alarm.reference >= host_alarm.dt;
}

static void alarm_run(struct deferred *deferred)
{
    struct hil_alarm_client *client = host_alarm.alarm.client;

    (void)deferred;
    if (!alarm_is_due())
        return;
    host_alarm.is_armed = false;
    client->ops->fired(client);
}

static uint32_t alarm_now(struct hil_alarm *alarm)
{
    (void)alarm;
    return host_alarm.now;
}

static void alarm_set(struct hil_alarm *alarm, uint32_t reference, uint32_t dt)
{
    (void)alarm;
    host_alarm.reference = reference;
    host_alarm.dt = dt;
    host_alarm.is_armed = true;
    host_alarm_advance(0);
}

static void alarm_disarm(struct hil_alarm *alarm)
{
    (void)alarm;
    host_alarm.is_armed = false;
}

void host_alarm_advance(uint32_t ticks)
{
    host_alarm.now += ticks;
    if (alarm_is_due())
        deferred_set(&host_alarm.deferred);
}

void host_devices_reset(void)
{
    static const struct hil_chip_ops chip_ops = {chip_has_work, chip_serve};
    static const struct hil_slice_timer_ops slice_ops = {
        slice_start, slice_remaining_us, slice_stop};
    static const struct hil_uart_ops uart_ops = {uart_transmit, uart_receive,
                                                 uart_abort_receive};
    static const struct hil_alarm_ops alarm_ops = {alarm_now, alarm_set,
                                                   alarm_disarm};

    host_chip = (struct host_chip){.chip = {&chip_ops}};
    host_slice = (struct host_slice){.timer = {&slice_ops}};
    host_uart = (struct host_uart){
        .uart = {.ops = &uart_ops},
        .deferred = {.run = uart_run},
    };
    host_alarm = (struct host_alarm){
        .alarm = {.ops = &alarm_ops, .frequency_hz = 1000000},
        .deferred = {.run = alarm_run},
    };
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The drivers of fuzz_syscalls, and hardware below them that ends its
 * operations when the input says so, or fails.
 *
 * One flash has everything that is stored, and a copy of the apps, which the
 * host's flash is brought in line with (stored.h):
 *
 *   NVS 1500 bytes | isolated 3 pages | kv 4 pages | apps 2 pages | journal
 */

#include "core/button.h"
#include "core/gpio.h"
#include "core/led.h"
#include "core/low_level_debug.h"
#include "extra/aes.h"
#include "extra/app_flash.h"
#include "extra/crc.h"
#include "extra/hmac.h"
#include "extra/ipc.h"
#include "extra/isolated_storage.h"
#include "extra/kv.h"
#include "extra/nonvolatile_storage.h"
#include "extra/process_console.h"
#include "extra/process_info.h"
#include "extra/read_only_state.h"
#include "extra/rng.h"
#include "extra/sensor.h"
#include "extra/sha.h"
#include "input.h"
#include "kernel/capability.h"
#include "tests/unit/kernel/nor.h"
#include "virtual/flash_mux.h"
#include "virtual/led_memory.h"
#include "virtual/page_writer.h"
#include "virtual/panel.h"

/* Their places in the driver table, behind the host board's four. */
enum {
    AT_CONSOLE = 1,
    AT_PROBE = 2,
    AT_LED = 4,
    AT_LOW_LEVEL_DEBUG,
    AT_IPC,
    AT_BUTTON,
    AT_GPIO,
    AT_APP_FLASH,
    AT_NVS,
    AT_KV,
    AT_ISOLATED,
    AT_TEMPERATURE,
    AT_LIGHT,
    AT_NINE_AXES,
    AT_RAINFALL,
    AT_HUMIDITY,
    AT_PRESSURE,
    AT_MOISTURE,
    AT_PROXIMITY,
    AT_SOUND,
    AT_AIR,
    AT_DISTANCE,
    AT_CRC,
    AT_SHA,
    AT_HMAC,
    AT_AES,
    AT_RNG,
    AT_PROCESS_INFO,
    AT_READ_ONLY_STATE,
    DRIVERS,
};

enum {
    PAGE = 1024,
    NVS_AREA = 0,
    NVS_SIZE = 1500,
    ISOLATED_AREA = 2 * PAGE,
    ISOLATED_SIZE = 3 * PAGE,
    REGION_SIZE = 600,
    KV_AREA = 5 * PAGE,
    KV_SIZE = 4 * PAGE,
    APPS_AREA = 9 * PAGE,
    APPS_SIZE = 2 * PAGE,
    JOURNAL = 11 * PAGE,
    FLASH_SIZE = 13 * PAGE,
};

enum { LEDS = 2, PINS = 3, BUTTONS = 2, SENSORS = 8 };

static const struct capability_manage can;

static struct kernel_driver drivers[DRIVERS];
static struct led led;
static struct led_memory lights[LEDS];
static struct low_level_debug lld;
static struct uart_mux_device lld_uart;
static struct ipc ipc;
static struct button button;
static struct gpio gpio;
static struct panel panel;
static struct sensor temperature, light, nine_axes, rainfall;
static struct sensor simple[3], proximity, sound, air, distance;
static struct crc crc;
static struct sha sha;
static struct hmac_driver hmac;
static struct aes aes;
static struct rng rng;
static struct process_info_driver process_info;
static struct read_only_state read_only_state;

static struct process_console shell;
static struct uart_mux_device shell_uart;
static struct alarm_mux_device shell_alarm;

static struct nor nor;
static struct flash_mux flash_mux;
static struct flash_area whole_flash, kv_flash;
static struct page_writer writer;
static struct app_flash app_flash;
static struct nonvolatile_storage nvs;
static struct isolated_storage isolated;
static struct kv kv;
static bool is_torn; /* the flash has failed while a page was written */

/* --- sensors -------------------------------------------------------------- */

struct slow_sensor {
    struct hil_sensor sensor;
    bool is_measuring;
    bool is_broken; /* refuses the next measurement */
};

/* Of light, of the nine axes, of rainfall, of proximity, of air's two. */
static struct slow_sensor sensors[SENSORS];

static enum tock_error sensor_start(struct hil_sensor *sensor,
                                    uint32_t argument)
{
    struct slow_sensor *self = (struct slow_sensor *)sensor;
    bool is_broken = self->is_broken;

    (void)argument;
    MUST(!self->is_measuring);
    self->is_broken = false;
    self->is_measuring = !is_broken;
    return is_broken ? TOCK_FAIL : TOCK_OK;
}

static void sensor_end(struct slow_sensor *self, enum tock_error status,
                       uint32_t value)
{
    struct hil_sensor_client *client = self->sensor.client;
    struct hil_sample sample = {(int32_t)value, 2, 3};

    if (!self->is_measuring)
        return;
    self->is_measuring = false;
    client->ops->measured(client, status, sample);
}

static void init_sensors(void)
{
    static const struct hil_sensor_ops ops = {sensor_start};

    for (uint32_t i = 0; i < SENSORS; i++)
        sensors[i] = (struct slow_sensor){.sensor = {.ops = &ops}};
    sensor_init(&temperature, SENSOR_TEMPERATURE);
    sensor_set_source(&temperature, 0, panel_sensor(&panel, PANEL_TEMPERATURE));
    sensor_init(&light, SENSOR_LIGHT);
    sensor_set_source(&light, 0, &sensors[0].sensor);
    sensor_init(&nine_axes, SENSOR_NINE_AXES);
    for (uint32_t i = 0; i < SENSOR_QUANTITIES; i++)
        sensor_set_source(&nine_axes, i, &sensors[1 + i].sensor);
    sensor_init(&rainfall, SENSOR_RAINFALL);
    sensor_set_source(&rainfall, 0, &sensors[4].sensor);
    sensor_init(&proximity, SENSOR_PROXIMITY);
    sensor_set_source(&proximity, 0, &sensors[5].sensor);
    sensor_init(&air, SENSOR_AIR_QUALITY);
    sensor_set_source(&air, 0, &sensors[6].sensor);
    sensor_set_source(&air, 1, &sensors[7].sensor);
}

/* Those that measure what the panel says. */
static void init_simple_sensors(void)
{
    static const enum sensor_kind kinds[] = {SENSOR_HUMIDITY, SENSOR_PRESSURE,
                                             SENSOR_MOISTURE};
    static const enum panel_sensor quantities[] = {
        PANEL_HUMIDITY, PANEL_PRESSURE, PANEL_MOISTURE};

    for (uint32_t i = 0; i < ARRAY_COUNT(simple); i++) {
        sensor_init(&simple[i], kinds[i]);
        sensor_set_source(&simple[i], 0, panel_sensor(&panel, quantities[i]));
    }
    sensor_init(&sound, SENSOR_SOUND_PRESSURE);
    sensor_set_source(&sound, 0, panel_sensor(&panel, PANEL_SOUND_PRESSURE));
    sensor_init(&distance, SENSOR_DISTANCE);
    sensor_set_source(&distance, 0, panel_sensor(&panel, PANEL_DISTANCE));
    sensor_set_range(&distance, 20, 4000);
}

/* A value that changed by itself; many drivers do not want to know. */
static void sensor_change(struct slow_sensor *self)
{
    struct hil_sensor_client *client = self->sensor.client;

    if (client->ops->changed != NULL)
        client->ops->changed(client);
}

/* --- random bytes --------------------------------------------------------- */

/* A generator that ends, or fails, when the input says so. */
static struct generator {
    struct hil_rng rng;
    struct span asked; /* len 0: for nothing */
} generator;

static enum tock_error generator_fill(struct hil_rng *self, struct span buffer)
{
    (void)self;
    if (generator.asked.len != 0)
        return TOCK_BUSY;
    MUST(buffer.len != 0);
    generator.asked = buffer;
    return TOCK_OK;
}

static void generator_end(enum tock_error status)
{
    struct span asked = generator.asked;

    if (asked.len == 0)
        return;
    generator.asked.len = 0;
    memset(asked.ptr, 0x5a, asked.len);
    generator.rng.client->ops->filled(generator.rng.client, status);
}

/* --- those that compute --------------------------------------------------- */

static void init_computing(void)
{
    static const struct hil_rng_ops ops = {generator_fill};

    generator = (struct generator){.rng = {.ops = &ops}};
    crc_init(&crc);
    sha_init(&sha);
    hmac_init(&hmac);
    aes_init(&aes);
    rng_init(&rng, &generator.rng);
    process_info_init(&process_info, &can);
    read_only_state_init(&read_only_state, &host_alarm.alarm);
    board.config.turn_watcher = &read_only_state.watcher;
}

/* --- the panel ------------------------------------------------------------ */

/* Its port sends when the input says so. */
static struct panel_port {
    struct hil_uart uart;
    struct span sending; /* len 0: nothing */
    struct span reading;
    bool is_lit[LEDS]; /* as was told */
} port;

static enum tock_error port_transmit(struct hil_uart *uart, struct span bytes)
{
    (void)uart;
    if (port.sending.len != 0)
        return TOCK_BUSY;
    MUST(bytes.len != 0);
    port.sending = bytes;
    return TOCK_OK;
}

static enum tock_error port_receive(struct hil_uart *uart, struct span buffer)
{
    (void)uart;
    if (port.reading.len != 0)
        return TOCK_BUSY;
    port.reading = buffer;
    return TOCK_OK;
}

static void port_abort(struct hil_uart *uart)
{
    (void)uart;
}

/* What it says about LEDs is noted; other lines are those of pins. */
static void port_look(struct span bytes)
{
    char line[PANEL_LINE + 1] = {0};
    char state[8];
    uint32_t index;

    MUST(bytes.len < sizeof(line));
    span_copy((struct span){(uint8_t *)line, sizeof(line)}, bytes);
    MUST(line[bytes.len - 1] == '\n');
    if (sscanf(line, "led %u %3s", &index, state) == 2) {
        MUST(index < LEDS);
        MUST(port.is_lit[index] != (strcmp(state, "on") == 0));
        port.is_lit[index] = !port.is_lit[index];
    } else {
        MUST(sscanf(line, "gpio %u %4s", &index, state) == 2);
        MUST(index < PANEL_PINS);
    }
}

static void port_send_out(void)
{
    struct span bytes = port.sending;

    if (bytes.len == 0)
        return;
    port_look(bytes);
    port.sending.len = 0;
    port.uart.client->ops->transmitted(port.uart.client, bytes.len, TOCK_OK);
}

static void port_type(const char *text)
{
    for (; *text != '\0' && port.reading.len != 0; text++) {
        span_set(port.reading, 0, (uint8_t)*text);
        port.reading.len = 0;
        port.uart.client->ops->received(port.uart.client, 1, TOCK_OK);
    }
}

static void init_panel(void)
{
    static const struct hil_uart_ops ops = {
        .transmit = port_transmit,
        .receive = port_receive,
        .abort_receive = port_abort,
    };

    port = (struct panel_port){.uart = {.ops = &ops}};
    panel_init(&panel, &port.uart, PANEL_ALONE);
    led_init(&led);
    for (uint32_t i = 0; i < LEDS; i++)
        led_add(&led, panel_add_led(&panel, led_memory_init(&lights[i])));
    button_init(&button);
    for (uint32_t i = 0; i < BUTTONS; i++)
        button_add(&button, panel_button(&panel, i), HIL_GPIO_PULL_NONE,
                   i == 0);
    gpio_init(&gpio);
    for (uint32_t i = 0; i < PINS; i++)
        gpio_add(&gpio, panel_pin(&panel, i));
    gpio_add(&gpio, NULL);
}

/* --- flash ---------------------------------------------------------------- */

/* The apps are installed. */
static void init_flash(void)
{
    nor_init(&nor, FLASH_SIZE, PAGE, 4);
    for (uint32_t i = 0; i < APPS_SIZE; i++)
        nor.contents[APPS_AREA + i] = *host_memory(HOST_FLASH_START + i);
    is_torn = false;
    flash_mux_init(&flash_mux, &nor.flash);
    page_writer_init(&writer,
                     flash_mux_add(&flash_mux, &whole_flash, 0, FLASH_SIZE),
                     JOURNAL);
    kv_init(&kv, flash_mux_add(&flash_mux, &kv_flash, KV_AREA, KV_SIZE));
    kernel_wait(&board.config, (bool (*)(const void *))page_writer_is_ready,
                &writer);
    app_flash_init(&app_flash, &writer, APPS_AREA, APPS_SIZE, HOST_FLASH_START);
    nonvolatile_storage_init(&nvs, &writer, NVS_AREA, NVS_SIZE);
    isolated_storage_init(&isolated, &writer, ISOLATED_AREA, ISOLATED_SIZE,
                          REGION_SIZE);
}

/* What a page lacks then is lost until the journal is looked at again. */
static void flash_end(bool is_good)
{
    if (nor.len == 0)
        return;
    if (!is_good) {
        nor.fail_at = nor.operations;
        if (nor.offset < KV_AREA || nor.offset >= KV_AREA + KV_SIZE)
            is_torn = true;
    }
    nor_finish(&nor);
}

/* --- all of them ---------------------------------------------------------- */

static void init_drivers(void)
{
    static const struct kernel_driver others[] = {
        {TOCK_DRIVER_LED, &led.driver},
        {TOCK_DRIVER_LOW_LEVEL_DEBUG, &lld.driver},
        {TOCK_DRIVER_IPC, &ipc.driver},
        {TOCK_DRIVER_BUTTON, &button.driver},
        {TOCK_DRIVER_GPIO, &gpio.driver},
        {TOCK_DRIVER_APP_FLASH, &app_flash.driver},
        {TOCK_DRIVER_NVS, &nvs.driver},
        {TOCK_DRIVER_KV, &kv.driver},
        {TOCK_DRIVER_ISOLATED_NVS, &isolated.driver},
        {TOCK_DRIVER_TEMPERATURE, &temperature.driver},
        {TOCK_DRIVER_LIGHT, &light.driver},
        {TOCK_DRIVER_NINE_AXES, &nine_axes.driver},
        {TOCK_DRIVER_RAINFALL, &rainfall.driver},
        {TOCK_DRIVER_HUMIDITY, &simple[0].driver},
        {TOCK_DRIVER_PRESSURE, &simple[1].driver},
        {TOCK_DRIVER_MOISTURE, &simple[2].driver},
        {TOCK_DRIVER_PROXIMITY, &proximity.driver},
        {TOCK_DRIVER_SOUND_PRESSURE, &sound.driver},
        {TOCK_DRIVER_AIR_QUALITY, &air.driver},
        {TOCK_DRIVER_DISTANCE, &distance.driver},
        {TOCK_DRIVER_CRC, &crc.driver},
        {TOCK_DRIVER_SHA, &sha.driver},
        {TOCK_DRIVER_HMAC, &hmac.driver},
        {TOCK_DRIVER_AES, &aes.driver},
        {TOCK_DRIVER_RNG, &rng.driver},
        {TOCK_DRIVER_PROCESS_INFO, &process_info.driver},
        {TOCK_DRIVER_READ_ONLY_STATE, &read_only_state.driver},
    };

    _Static_assert(ARRAY_COUNT(others) == DRIVERS - AT_LED, "as enumerated");
    memcpy(drivers, board.drivers, sizeof(board.drivers));
    low_level_debug_init(&lld, uart_mux_add(&board.uart_mux, &lld_uart));
    ipc_init(&ipc, HOSTILE);
    init_panel();
    init_sensors();
    init_simple_sensors();
    init_computing();
    init_flash();
    uart_mux_add(&board.uart_mux, &shell_uart);
    process_console_init(&shell, &shell_uart,
                         alarm_mux_add(&board.alarm_mux, &shell_alarm), &can,
                         NULL, "7");
    for (uint32_t i = 0; i < ARRAY_COUNT(others); i++)
        drivers[AT_LED + i] = others[i];
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Every object of the kernel that is not hardware is named and allocated
 * here, in the order of the driver table.
 */

#include "qemu/kernel.h"

#include "abi/abi.h"
#include "base/attr.h"
#include "board.h"
#include "core/alarm.h"
#include "core/button.h"
#include "core/console.h"
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
#include "kernel/capability.h"
#include "kernel/debug.h"
#include "kernel/kernel.h"
#include "memory/flash.h"
#include "qemu/storage.h"
#include "virtual/alarm_mux.h"
#include "virtual/clock_entropy.h"
#include "virtual/flash_mux.h"
#include "virtual/page_writer.h"
#include "virtual/panel.h"
#include "virtual/software_rng.h"
#include "virtual/uart_mux.h"

#define PROCESS_COUNT 8u

static struct sched_rr scheduler;
static struct process processes[PROCESS_COUNT];

static struct alarm_mux alarm_mux;
static struct alarm_mux_device app_alarm;
static struct alarm alarm;

static struct uart_mux uart_mux;
static struct uart_mux_device console_uart;
static uint8_t console_typed_ahead[256];
static struct console console;
static struct uart_mux_device low_level_debug_uart;
static struct low_level_debug low_level_debug;

static struct uart_mux_device panel_uart;
static struct panel panel;
static struct led led;
static struct button button;
static struct gpio gpio;
static struct sensor sensors[SENSOR_KINDS];

static struct read_only_state read_only_state;
static struct ipc ipc;

static const struct capability_manage may_manage;
static struct process_info_driver process_info;

static struct uart_mux_device process_console_uart;
static struct alarm_mux_device process_console_alarm;
static struct process_console process_console;

static struct clock_entropy clock_entropy;
static struct software_rng software_rng;
static struct rng rng;

static struct crc crc;
static struct hmac_driver hmac;
static struct sha sha;
static struct aes aes;

static struct memory_flash flash; /* storage and apps */
static struct flash_mux flash_mux;
static struct flash_area whole_flash;
static struct page_writer page_writer;
static struct app_flash app_flash;
static struct nonvolatile_storage nonvolatile_storage;
static struct isolated_storage isolated_storage;
static struct flash_area kv_flash;
static struct kv kv;

static const struct kernel_driver drivers[] = {
    {TOCK_DRIVER_ALARM, &alarm.driver},
    {TOCK_DRIVER_CONSOLE, &console.driver},
    {TOCK_DRIVER_LED, &led.driver},
    {TOCK_DRIVER_BUTTON, &button.driver},
    {TOCK_DRIVER_GPIO, &gpio.driver},
    {TOCK_DRIVER_LOW_LEVEL_DEBUG, &low_level_debug.driver},
    {TOCK_DRIVER_READ_ONLY_STATE, &read_only_state.driver},
    {TOCK_DRIVER_IPC, &ipc.driver},
    {TOCK_DRIVER_PROCESS_INFO, &process_info.driver},
    {TOCK_DRIVER_RNG, &rng.driver},
    {TOCK_DRIVER_CRC, &crc.driver},
    {TOCK_DRIVER_HMAC, &hmac.driver},
    {TOCK_DRIVER_SHA, &sha.driver},
    {TOCK_DRIVER_AES, &aes.driver},
    {TOCK_DRIVER_APP_FLASH, &app_flash.driver},
    {TOCK_DRIVER_NVS, &nonvolatile_storage.driver},
    {TOCK_DRIVER_KV, &kv.driver},
    {TOCK_DRIVER_ISOLATED_NVS, &isolated_storage.driver},
    {TOCK_DRIVER_TEMPERATURE, &sensors[SENSOR_TEMPERATURE].driver},
    {TOCK_DRIVER_HUMIDITY, &sensors[SENSOR_HUMIDITY].driver},
    {TOCK_DRIVER_LIGHT, &sensors[SENSOR_LIGHT].driver},
    {TOCK_DRIVER_NINE_AXES, &sensors[SENSOR_NINE_AXES].driver},
    {TOCK_DRIVER_PROXIMITY, &sensors[SENSOR_PROXIMITY].driver},
    {TOCK_DRIVER_SOUND_PRESSURE, &sensors[SENSOR_SOUND_PRESSURE].driver},
    {TOCK_DRIVER_AIR_QUALITY, &sensors[SENSOR_AIR_QUALITY].driver},
    {TOCK_DRIVER_PRESSURE, &sensors[SENSOR_PRESSURE].driver},
    {TOCK_DRIVER_DISTANCE, &sensors[SENSOR_DISTANCE].driver},
    {TOCK_DRIVER_MOISTURE, &sensors[SENSOR_MOISTURE].driver},
    {TOCK_DRIVER_RAINFALL, &sensors[SENSOR_RAINFALL].driver},
};

static struct kernel_config config = {
    .app_flash = {BOARD_APPS_START, BOARD_APPS_SIZE},
    .app_ram = {BOARD_APP_RAM_START, BOARD_APP_RAM_SIZE},
    .processes = processes,
    .process_count = PROCESS_COUNT,
    .drivers = drivers,
    .driver_count = ARRAY_COUNT(drivers),
    .scheduler = &scheduler.scheduler,
    .turn_watcher = &read_only_state.watcher,
    .fault_policy = KERNEL_FAULT_STOP,
    .short_ids = KERNEL_IDS_HEADER_OR_NAME,
    .dump = kernel_dump,
    .uses_permissions = true,
    .storage_rights = KERNEL_STORAGE_HEADER,
    .image = &kernel_image,
};

static void init_storage(void)
{
    flash_mux_init(&flash_mux, memory_flash_init(&flash, BOARD_STORAGE_START,
                                                 STORAGE_FLASH_SIZE));
    page_writer_init(
        &page_writer,
        flash_mux_add(&flash_mux, &whole_flash, 0, STORAGE_FLASH_SIZE),
        STORAGE_JOURNAL_AT);
    app_flash_init(&app_flash, &page_writer, STORAGE_APPS_AT, BOARD_APPS_SIZE,
                   BOARD_APPS_START);
    nonvolatile_storage_init(&nonvolatile_storage, &page_writer, STORAGE_NVS_AT,
                             STORAGE_NVS_SIZE);
    isolated_storage_init(&isolated_storage, &page_writer, STORAGE_ISOLATED_AT,
                          STORAGE_ISOLATED_SIZE, STORAGE_REGION_SIZE);
    kv_init(&kv, flash_mux_add(&flash_mux, &kv_flash, STORAGE_KV_AT,
                               STORAGE_KV_SIZE));
}

/* What an app on the flash may lack since a power cut. */
static bool storage_is_ready(const void *context)
{
    (void)context;
    return page_writer_is_ready(&page_writer);
}

/* What the sensor drivers measure, as their commands go. */
static const struct {
    enum sensor_kind kind;
    uint32_t quantity;
    enum panel_sensor source;
} measures[] = {
    {SENSOR_TEMPERATURE, 0, PANEL_TEMPERATURE},
    {SENSOR_HUMIDITY, 0, PANEL_HUMIDITY},
    {SENSOR_LIGHT, 0, PANEL_LIGHT},
    {SENSOR_NINE_AXES, 0, PANEL_ACCELERATION},
    {SENSOR_NINE_AXES, 1, PANEL_MAGNETIC_FIELD},
    {SENSOR_NINE_AXES, 2, PANEL_ROTATION},
    {SENSOR_PROXIMITY, 0, PANEL_PROXIMITY},
    {SENSOR_SOUND_PRESSURE, 0, PANEL_SOUND_PRESSURE},
    {SENSOR_AIR_QUALITY, 0, PANEL_CO2},
    {SENSOR_AIR_QUALITY, 1, PANEL_TVOC},
    {SENSOR_PRESSURE, 0, PANEL_PRESSURE},
    {SENSOR_DISTANCE, 0, PANEL_DISTANCE},
    {SENSOR_MOISTURE, 0, PANEL_MOISTURE},
    {SENSOR_RAINFALL, 0, PANEL_RAINFALL},
};

#define DISTANCE_MOST_MM 4000u

static void init_panel(const struct qemu_hardware *hardware)
{
    if (hardware->panel != NULL)
        panel_init(&panel, hardware->panel, PANEL_ALONE);
    else
        panel_init(&panel, uart_mux_add(&uart_mux, &panel_uart),
                   PANEL_ON_CONSOLE);
    led_init(&led);
    for (uint32_t i = 0; i < hardware->led_count; i++)
        led_add(&led, panel_add_led(&panel, hardware->leds[i]));
    button_init(&button);
    for (uint32_t i = 0; i < PANEL_BUTTONS; i++)
        button_add(&button, panel_button(&panel, i), HIL_GPIO_PULL_NONE, true);
    gpio_init(&gpio);
    for (uint32_t i = 0; i < PANEL_PINS; i++)
        gpio_add(&gpio, panel_pin(&panel, i));
}

static void init_sensors(void)
{
    for (uint32_t i = 0; i < SENSOR_KINDS; i++)
        sensor_init(&sensors[i], (enum sensor_kind)i);
    for (uint32_t i = 0; i < ARRAY_COUNT(measures); i++)
        sensor_set_source(&sensors[measures[i].kind], measures[i].quantity,
                          panel_sensor(&panel, measures[i].source));
    sensor_set_range(&sensors[SENSOR_DISTANCE], 0, DISTANCE_MOST_MM);
}

static void init_capsules(const struct qemu_hardware *hardware)
{
    alarm_mux_init(&alarm_mux, hardware->alarm);
    alarm_init(&alarm, alarm_mux_add(&alarm_mux, &app_alarm));
    uart_mux_init(&uart_mux, hardware->console);
    console_init(&console, uart_mux_add(&uart_mux, &console_uart));
    uart_mux_keep(&console_uart, (struct span){console_typed_ahead,
                                               sizeof(console_typed_ahead)});
    low_level_debug_init(&low_level_debug,
                         uart_mux_add(&uart_mux, &low_level_debug_uart));
    init_panel(hardware);
    init_sensors();
    read_only_state_init(&read_only_state, hardware->alarm);
    ipc_init(&ipc, PROCESS_COUNT);
    process_info_init(&process_info, &may_manage);
    uart_mux_add(&uart_mux, &process_console_uart);
    process_console_init(&process_console, &process_console_uart,
                         alarm_mux_add(&alarm_mux, &process_console_alarm),
                         &may_manage, hardware->reset, PROJECT_VERSION);
    rng_init(&rng, software_rng_init(
                       &software_rng,
                       clock_entropy_init(&clock_entropy, hardware->alarm),
                       BOARD_APPS_START));
    software_rng_add_source(&software_rng, hardware->entropy);
    crc_init(&crc);
    hmac_init(&hmac);
    sha_init(&sha);
    aes_init(&aes);
    init_storage();
}

_Noreturn void qemu_kernel_run(const struct qemu_hardware *hardware)
{
    config.chip = hardware->chip;
    config.slice_timer = hardware->slice_timer;
    config.panic_put = hardware->panic_put;
    config.panic_sink = hardware->panic_sink;

    sched_rr_init(&scheduler);
    init_capsules(hardware);
    debug_line("%s: Tock-compatible kernel %u.%u", BOARD_NAME,
               (unsigned)TOCK_KERNEL_MAJOR, (unsigned)TOCK_KERNEL_MINOR);
    kernel_wait(&config, storage_is_ready, NULL);
    kernel_boot(&config);
    kernel_loop();
}

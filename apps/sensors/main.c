/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Measures everything that the board can, again and again, and prints what has
 * changed since.
 *
 * Expect on the console one line for each at first, then one for each change:
 *   temperature: 2150
 *   acceleration: 0 0 1000
 *   sensors: ready
 *   temperature: -1234
 */
#include "base/attr.h"
#include "tock/alarm.h"
#include "tock/printf.h"
#include "tock/syscall.h"

#include <stdbool.h>

#define PERIOD_MS 50u

struct sensor {
    const char *name;
    uint32_t driver;
    uint32_t command;
    uint32_t argument;
    uint32_t first; /* upcall words from here on are the value, */
    uint32_t words; /* so many                                  */
    uint32_t last[3];
};

static struct sensor sensors[] = {
    {"temperature", TOCK_DRIVER_TEMPERATURE, 1, 0, 0, 1, {0}},
    {"humidity", TOCK_DRIVER_HUMIDITY, 1, 0, 0, 1, {0}},
    {"light", TOCK_DRIVER_LIGHT, 1, 0, 0, 1, {0}},
    {"acceleration", TOCK_DRIVER_NINE_AXES, 1, 0, 0, 3, {0}},
    {"magnetic field", TOCK_DRIVER_NINE_AXES, 100, 0, 0, 3, {0}},
    {"rotation", TOCK_DRIVER_NINE_AXES, 200, 0, 0, 3, {0}},
    {"proximity", TOCK_DRIVER_PROXIMITY, 1, 0, 0, 1, {0}},
    {"sound pressure", TOCK_DRIVER_SOUND_PRESSURE, 1, 0, 0, 1, {0}},
    {"CO2", TOCK_DRIVER_AIR_QUALITY, 2, 0, 0, 1, {0}},
    {"TVOC", TOCK_DRIVER_AIR_QUALITY, 3, 0, 0, 1, {0}},
    {"pressure", TOCK_DRIVER_PRESSURE, 1, 0, 1, 1, {0}},
    {"distance", TOCK_DRIVER_DISTANCE, 1, 0, 1, 1, {0}},
    {"moisture", TOCK_DRIVER_MOISTURE, 1, 0, 1, 1, {0}},
    {"rainfall", TOCK_DRIVER_RAINFALL, 1, 24, 1, 1, {0}},
};

static void print_value(const struct sensor *sensor)
{
    if (sensor->words == 1)
        printf("%s: %ld\n", sensor->name, (long)sensor->last[0]);
    else
        printf("%s: %ld %ld %ld\n", sensor->name, (long)sensor->last[0],
               (long)sensor->last[1], (long)sensor->last[2]);
}

static void measure(struct sensor *sensor, bool is_first)
{
    struct syscall_event event;
    bool is_new = is_first;

    if (syscall_error(syscall_command(sensor->driver, sensor->command,
                                      sensor->argument, 0)) != TOCK_OK)
        return;
    event = syscall_yield_wait_for(sensor->driver, 0);
    for (uint32_t i = 0; i < sensor->words; i++) {
        uint32_t word = event.arg[sensor->first + i];

        is_new = is_new || word != sensor->last[i];
        sensor->last[i] = word;
    }
    if (is_new)
        print_value(sensor);
}

int main(void)
{
    bool is_first = true;

    for (;;) {
        for (uint32_t i = 0; i < ARRAY_COUNT(sensors); i++)
            measure(&sensors[i], is_first);
        if (is_first)
            printf("sensors: ready\n");
        is_first = false;
        (void)alarm_delay_ms(PERIOD_MS);
    }
}

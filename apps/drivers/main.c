/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Tells which drivers the board has, by asking each with command 0.
 *
 * Expect on the console one line for each that this app knows of, with the
 * name from boards/<board>/drivers.txt, then an end:
 *   drivers: alarm yes
 *   drivers: sha no
 *   drivers: done
 */
#include "tock/printf.h"
#include "tock/syscall.h"

struct driver_name {
    const char *name;
    uint32_t number;
};

static const struct driver_name drivers[] = {
    {"alarm", TOCK_DRIVER_ALARM},
    {"console", TOCK_DRIVER_CONSOLE},
    {"led", TOCK_DRIVER_LED},
    {"button", TOCK_DRIVER_BUTTON},
    {"gpio", TOCK_DRIVER_GPIO},
    {"lld", TOCK_DRIVER_LOW_LEVEL_DEBUG},
    {"read_only_state", TOCK_DRIVER_READ_ONLY_STATE},
    {"ipc", TOCK_DRIVER_IPC},
    {"process_info", TOCK_DRIVER_PROCESS_INFO},
    {"rng", TOCK_DRIVER_RNG},
    {"crc", TOCK_DRIVER_CRC},
    {"hmac", TOCK_DRIVER_HMAC},
    {"sha", TOCK_DRIVER_SHA},
    {"aes", TOCK_DRIVER_AES},
    {"app_flash", TOCK_DRIVER_APP_FLASH},
    {"nvs", TOCK_DRIVER_NVS},
    {"kv", TOCK_DRIVER_KV},
    {"invs", TOCK_DRIVER_ISOLATED_NVS},
    {"temperature", TOCK_DRIVER_TEMPERATURE},
    {"humidity", TOCK_DRIVER_HUMIDITY},
    {"ambient_light", TOCK_DRIVER_LIGHT},
    {"ninedof", TOCK_DRIVER_NINE_AXES},
    {"proximity", TOCK_DRIVER_PROXIMITY},
    {"sound_pressure", TOCK_DRIVER_SOUND_PRESSURE},
    {"air_quality", TOCK_DRIVER_AIR_QUALITY},
    {"pressure", TOCK_DRIVER_PRESSURE},
    {"distance", TOCK_DRIVER_DISTANCE},
    {"moisture", TOCK_DRIVER_MOISTURE},
    {"rainfall", TOCK_DRIVER_RAINFALL},
};

int main(void)
{
    for (uint32_t i = 0; i < ARRAY_COUNT(drivers); i++) {
        struct syscall_return answer =
            syscall_command(drivers[i].number, 0, 0, 0);

        printf("drivers: %s %s\n", drivers[i].name,
               syscall_error(answer) == TOCK_OK ? "yes" : "no");
    }
    printf("drivers: done\n");
    return TOCK_OK;
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * What drivers do most, one function each, for tests/bench/drivers.py: it
 * counts all of the kernel's instructions until the function returns. Each
 * STEP must come up once in each round, and succeed.
 *
 * A system call must be made in the step itself, for it is found by address:
 * so everything that a step uses is always inlined.
 */

#include "abi/abi.h"
#include "tock/syscall.h"
#include "tock/trap.h"

#include <stdbool.h>

#define STEP(name) static __attribute__((noinline, noclone)) void name(void)
#define INLINE     static inline __attribute__((always_inline))

enum { ROUNDS = 3 };

static uint8_t data[64];
static uint8_t result[64];
static uint8_t stored[64];
static uint32_t state[6];
static const uint8_t key[16] = {1, 2, 3};
static const uint8_t own[64] = {1}; /* of this app's flash, to be written */

/* The script sees which step this came after. */
static _Noreturn __attribute__((noinline, noclone)) void failed(void)
{
    for (;;)
        (void)trap_call(TOCK_CLASS_COMMAND, TOCK_DRIVER_RNG, 0, 0, 0);
}

INLINE void expect(bool is_good)
{
    if (!is_good)
        failed();
}

INLINE void ask(uint32_t driver, uint32_t command, uint32_t a, uint32_t b)
{
    expect(trap_call(TOCK_CLASS_COMMAND, driver, command, a, b).r[0] >=
           TOCK_SUCCESS);
}

/* Also waits for an upcall; returns its first word. */
INLINE uint32_t run(uint32_t driver, uint32_t command, uint32_t a, uint32_t b,
                    uint32_t upcall)
{
    ask(driver, command, a, b);
    return trap_yield_wait_for(driver, upcall).r[0];
}

STEP(rng_16)
{
    expect(run(TOCK_DRIVER_RNG, 1, 16, 0, 0) == TOCK_OK);
}

STEP(crc32_64)
{
    expect(run(TOCK_DRIVER_CRC, 1, 0, 64, 0) == TOCK_OK);
}

STEP(sha256_64)
{
    expect(run(TOCK_DRIVER_SHA, 2, 0, 0, 0) == TOCK_OK);
}

STEP(hmac_sha256_64)
{
    expect(run(TOCK_DRIVER_HMAC, 1, 0, 0, 0) == TOCK_OK);
}

STEP(aes_ctr_64)
{
    expect(run(TOCK_DRIVER_AES, 2, 0, 0, 0) == TOCK_OK);
}

STEP(ipc_find)
{
    ask(TOCK_DRIVER_IPC, 1, 0, 0);
}

STEP(process_ids)
{
    ask(TOCK_DRIVER_PROCESS_INFO, 2, 0, 0);
}

STEP(gpio_toggle)
{
    ask(TOCK_DRIVER_GPIO, 4, 3, 0);
}

STEP(button_read)
{
    ask(TOCK_DRIVER_BUTTON, 3, 0, 0);
}

STEP(led_toggle)
{
    ask(TOCK_DRIVER_LED, 3, 0, 0);
}

/* Due at once. */
STEP(alarm_now)
{
    (void)run(TOCK_DRIVER_ALARM, 5, 0, 0, 0);
}

STEP(temperature)
{
    (void)run(TOCK_DRIVER_TEMPERATURE, 1, 0, 0, 0);
}

STEP(acceleration)
{
    (void)run(TOCK_DRIVER_NINE_AXES, 1, 0, 0, 0);
}

STEP(console_write_16)
{
    expect(run(TOCK_DRIVER_CONSOLE, 1, 16, 0, 1) == 16);
}

/* Until the app goes on; the text may come out later. */
STEP(debug_print)
{
    ask(TOCK_DRIVER_LOW_LEVEL_DEBUG, 2, 1, 0);
}

STEP(nvs_read_64)
{
    expect(run(TOCK_DRIVER_NVS, 2, 0, 64, 0) == 64);
}

STEP(nvs_write_64)
{
    expect(run(TOCK_DRIVER_NVS, 3, 0, 64, 1) == 64);
}

STEP(isolated_read_64)
{
    expect(run(TOCK_DRIVER_ISOLATED_NVS, 2, 0, 0, 1) == TOCK_OK);
}

STEP(isolated_write_64)
{
    expect(run(TOCK_DRIVER_ISOLATED_NVS, 3, 0, 0, 2) == TOCK_OK);
}

STEP(app_flash_64)
{
    expect(run(TOCK_DRIVER_APP_FLASH, 1, (uint32_t)own, 0, 0) == TOCK_OK);
}

STEP(kv_get_64)
{
    expect(run(TOCK_DRIVER_KV, 1, 0, 0, 0) == TOCK_OK);
}

STEP(kv_set_64)
{
    expect(run(TOCK_DRIVER_KV, 2, 0, 0, 0) == TOCK_OK);
}

INLINE void share_state(uint32_t len)
{
    expect(trap_call(TOCK_CLASS_ALLOW_UR, TOCK_DRIVER_READ_ONLY_STATE, 0,
                     (uint32_t)state, len)
               .r[0] >= TOCK_SUCCESS);
}

STEP(state_share)
{
    share_state(sizeof(state));
}

/* A memop that is cheap by itself: above the kernel's memop-ram-start it is
 * what the shared state costs. */
STEP(state_update)
{
    (void)trap_memop(TOCK_MEMOP_RAM_START, 0);
}

STEP(done)
{
    for (;;) /* the script sees that the rounds are over */
        (void)trap_call(TOCK_CLASS_COMMAND, TOCK_DRIVER_RNG, 0, 0, 0);
}

static void lend_for_sums(void)
{
    (void)syscall_allow_ro(TOCK_DRIVER_CRC, 0, data, sizeof(data));
    (void)syscall_allow_ro(TOCK_DRIVER_SHA, 0, data, sizeof(data));
    (void)syscall_allow_rw(TOCK_DRIVER_SHA, 0, result, 32);
    (void)syscall_command(TOCK_DRIVER_HMAC, 0, 0, 0);
    (void)syscall_allow_ro(TOCK_DRIVER_HMAC, 0, key, sizeof(key));
    (void)syscall_allow_ro(TOCK_DRIVER_HMAC, 1, data, sizeof(data));
    (void)syscall_allow_rw(TOCK_DRIVER_HMAC, 2, result, sizeof(result));
    (void)syscall_command(TOCK_DRIVER_AES, 1, 0, 1);
    (void)syscall_allow_ro(TOCK_DRIVER_AES, 0, key, sizeof(key));
    (void)syscall_allow_ro(TOCK_DRIVER_AES, 1, key, sizeof(key));
    (void)syscall_allow_ro(TOCK_DRIVER_AES, 2, data, sizeof(data));
    (void)syscall_allow_rw(TOCK_DRIVER_AES, 0, result, sizeof(result));
}

static void lend_for_storage(void)
{
    (void)syscall_allow_rw(TOCK_DRIVER_NVS, 0, result, sizeof(result));
    (void)syscall_allow_ro(TOCK_DRIVER_NVS, 0, stored, sizeof(stored));
    (void)syscall_allow_rw(TOCK_DRIVER_ISOLATED_NVS, 0, result, 64);
    (void)syscall_allow_ro(TOCK_DRIVER_ISOLATED_NVS, 0, stored, 64);
    (void)syscall_allow_ro(TOCK_DRIVER_APP_FLASH, 0, stored, sizeof(stored));
    (void)syscall_allow_ro(TOCK_DRIVER_KV, 0, key, sizeof(key));
    (void)syscall_allow_ro(TOCK_DRIVER_KV, 1, stored, sizeof(stored));
    (void)syscall_allow_rw(TOCK_DRIVER_KV, 0, result, sizeof(result));
}

static void lend(void)
{
    (void)syscall_command(TOCK_DRIVER_GPIO, 1, 3, 0);
    (void)syscall_allow_rw(TOCK_DRIVER_RNG, 0, result, sizeof(result));
    (void)syscall_allow_ro(TOCK_DRIVER_CONSOLE, 1, "sixteen letters\n", 16);
    (void)syscall_allow_ro(TOCK_DRIVER_IPC, 0, "drivers0", 8);
    (void)syscall_allow_rw(TOCK_DRIVER_PROCESS_INFO, 0, result, 64);
    lend_for_sums();
    lend_for_storage();
}

/* What a step has started and not waited for is over behind this. */
static __attribute__((noinline, noclone)) void settle(void)
{
    (void)run(TOCK_DRIVER_ALARM, 5, 5000, 0, 0);
}

static void run_services(void)
{
    rng_16();
    crc32_64();
    sha256_64();
    hmac_sha256_64();
    aes_ctr_64();
    ipc_find();
    process_ids();
    gpio_toggle();
    button_read();
    led_toggle();
    alarm_now();
    temperature();
    acceleration();
    console_write_16();
    debug_print();
    settle();
    state_share();
    state_update();
    share_state(0);
}

static void run_storage(void)
{
    stored[0]++; /* what is there already is not written */
    nvs_write_64();
    nvs_read_64();
    isolated_write_64();
    isolated_read_64();
    app_flash_64();
    kv_set_64();
    kv_get_64();
}

int main(void)
{
    lend();
    for (int round = 0; round < ROUNDS; round++) {
        run_services();
        run_storage();
    }
    done();
    return 0;
}

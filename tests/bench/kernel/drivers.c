/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * What drivers do most, one function each, for tests/bench/drivers.py: it
 * counts all of the kernel's instructions until the function returns.
 */

#include "abi/abi.h"
#include "tock/syscall.h"

#define STEP(name) static __attribute__((noinline, noclone)) void name(void)

enum { ROUNDS = 3 };

static uint8_t data[64];
static uint8_t result[64];
static uint8_t stored[64];
static const uint8_t key[16] = {1, 2, 3};

static void run(uint32_t driver, uint32_t command, uint32_t a, uint32_t b)
{
    (void)syscall_command(driver, command, a, b);
    (void)syscall_yield_wait_for(driver, 0);
}

STEP(rng_16)
{
    run(TOCK_DRIVER_RNG, 1, 16, 0);
}

STEP(crc32_64)
{
    run(TOCK_DRIVER_CRC, 1, 0, 64);
}

STEP(sha256_64)
{
    run(TOCK_DRIVER_SHA, 2, 0, 0);
}

STEP(hmac_sha256_64)
{
    run(TOCK_DRIVER_HMAC, 1, 0, 0);
}

STEP(aes_ctr_64)
{
    run(TOCK_DRIVER_AES, 2, 0, 0);
}

STEP(ipc_find)
{
    (void)syscall_command(TOCK_DRIVER_IPC, 1, 0, 0);
}

STEP(process_ids)
{
    (void)syscall_command(TOCK_DRIVER_PROCESS_INFO, 2, 0, 0);
}

STEP(nvs_read_64)
{
    run(TOCK_DRIVER_NVS, 2, 0, 64);
}

STEP(nvs_write_64)
{
    (void)syscall_command(TOCK_DRIVER_NVS, 3, 0, 64);
    (void)syscall_yield_wait_for(TOCK_DRIVER_NVS, 1);
}

STEP(kv_get_64)
{
    run(TOCK_DRIVER_KV, 1, 0, 0);
}

STEP(kv_set_64)
{
    run(TOCK_DRIVER_KV, 2, 0, 0);
}

STEP(gpio_toggle)
{
    (void)syscall_command(TOCK_DRIVER_GPIO, 4, 3, 0);
}

STEP(button_read)
{
    (void)syscall_command(TOCK_DRIVER_BUTTON, 3, 0, 0);
}

STEP(temperature)
{
    run(TOCK_DRIVER_TEMPERATURE, 1, 0, 0);
}

STEP(done)
{
    for (;;) /* the script sees that the rounds are over */
        (void)syscall_command(TOCK_DRIVER_RNG, 0, 0, 0);
}

static void lend(void)
{
    (void)syscall_command(TOCK_DRIVER_GPIO, 1, 3, 0);
    (void)syscall_allow_rw(TOCK_DRIVER_RNG, 0, result, sizeof(result));
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
    (void)syscall_allow_rw(TOCK_DRIVER_NVS, 0, result, sizeof(result));
    (void)syscall_allow_ro(TOCK_DRIVER_NVS, 0, stored, sizeof(stored));
    (void)syscall_allow_ro(TOCK_DRIVER_KV, 0, key, sizeof(key));
    (void)syscall_allow_ro(TOCK_DRIVER_KV, 1, stored, sizeof(stored));
    (void)syscall_allow_rw(TOCK_DRIVER_KV, 0, result, sizeof(result));
    (void)syscall_allow_ro(TOCK_DRIVER_IPC, 0, "drivers0", 8);
    (void)syscall_allow_rw(TOCK_DRIVER_PROCESS_INFO, 0, result, 64);
}

int main(void)
{
    lend();
    for (int round = 0; round < ROUNDS; round++) {
        rng_16();
        crc32_64();
        sha256_64();
        hmac_sha256_64();
        aes_ctr_64();
        ipc_find();
        process_ids();
        gpio_toggle();
        button_read();
        temperature();
        nvs_read_64();
        stored[0]++; /* what is there already is not written */
        nvs_write_64();
        kv_set_64();
        kv_get_64();
    }
    done();
    return 0;
}

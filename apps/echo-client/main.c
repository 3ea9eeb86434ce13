/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Has another app, echo-service, turn texts to upper case.
 *
 * Expect on the console, one each 250 ms:
 *   echo-client: HELLO 1
 *   echo-client: HELLO 2
 */
#include "tock/alarm.h"
#include "tock/printf.h"
#include "tock/syscall.h"

#include <stdbool.h>

enum { FIND = 1, TELL_SERVICE = 2 };
enum { NAME = 0 };

#define PERIOD_MS 250u

/* The hardware wants a power of two, and the address a multiple of it. */
static _Alignas(64) char text[64];

static bool is_answered;

static void on_service(uint32_t service, uint32_t len, uint32_t addr,
                       void *context)
{
    (void)service;
    (void)len;
    (void)addr;
    (void)context;
    is_answered = true;
}

/* Its index; the order of apps in flash does not matter. */
static enum tock_error find_service(uint32_t *out)
{
    static const char name[] = "org.example.echo";
    struct syscall_return answer;

    (void)syscall_allow_ro(TOCK_DRIVER_IPC, NAME, name, sizeof(name) - 1);
    answer = syscall_command(TOCK_DRIVER_IPC, FIND, 0, 0);
    *out = answer.value[0];
    return syscall_error(answer);
}

static void fill(uint32_t count)
{
    static const char hello[] = "hello ";

    for (uint32_t i = 0; i < sizeof(hello); i++)
        text[i] = hello[i];
    text[sizeof(hello) - 1] = (char)('0' + count % 10);
    text[sizeof(hello)] = '\0';
}

int main(void)
{
    uint32_t service;

    if (find_service(&service) != TOCK_OK) {
        printf("echo-client: no service\n");
        return TOCK_NODEVICE;
    }
    (void)syscall_subscribe(TOCK_DRIVER_IPC, service, on_service, NULL);
    (void)syscall_allow_rw(TOCK_DRIVER_IPC, service, text, sizeof(text));
    for (uint32_t count = 1;; count++) {
        fill(count);
        is_answered = false;
        if (syscall_error(syscall_command(TOCK_DRIVER_IPC, TELL_SERVICE,
                                          service, 0)) != TOCK_OK)
            printf("echo-client: the service cannot be told\n");
        else
            while (!is_answered)
                syscall_yield_wait();
        printf("echo-client: %s\n", text);
        (void)alarm_delay_ms(PERIOD_MS);
    }
}

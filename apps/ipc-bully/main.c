/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * A hostile client of echo-service: lends buffers and takes them back, lies
 * about them, floods, and ends at bad moments. Neither the service nor its
 * other clients may notice.
 *
 * What it does depends on how often it has been started, which it reads off
 * the process information driver. Expect on the console, in each life:
 *   ipc-bully: life 0
 */
#include "tock/alarm.h"
#include "tock/memory.h"
#include "tock/printf.h"
#include "tock/syscall.h"

enum { FIND = 1, TELL_SERVICE = 2, TELL_CLIENT = 3 };
enum { NAME = 0 };
enum { LIVES = 6 };

static _Alignas(64) char text[128];

static void lend(uint32_t service, const void *from, uint32_t len)
{
    (void)syscall_allow_rw(TOCK_DRIVER_IPC, service, (void *)from, len);
}

static void tell(uint32_t service)
{
    (void)syscall_command(TOCK_DRIVER_IPC, TELL_SERVICE, service, 0);
    (void)syscall_command(TOCK_DRIVER_IPC, TELL_CLIENT, service, 0);
}

/* Takes back what the service is about to use. */
static void withdraw(uint32_t service)
{
    for (uint32_t i = 0; i < 500; i++) {
        lend(service, text, 64);
        tell(service);
        lend(service, NULL, 0);
    }
}

static void lie(uint32_t service)
{
    uint32_t ram = memory_addr(TOCK_MEMOP_RAM_START);
    uint32_t grants = memory_addr(TOCK_MEMOP_GRANT_START);

    for (uint32_t len = 1; len < 200; len++) {
        lend(service, text + len % 7, len);
        tell(service);
        lend(service, (const void *)(ram - len), 64);
        tell(service);
        lend(service, (const void *)grants, len);
        tell(service);
        lend(service, (const void *)ram, grants - ram);
        tell(service);
    }
}

static void flood(uint32_t service)
{
    lend(service, text, 64);
    for (uint32_t i = 0; i < 5000; i++)
        tell(service);
}

static void fall(uint32_t service)
{
    lend(service, text, 64);
    tell(service);
    *(volatile uint32_t *)memory_addr(TOCK_MEMOP_GRANT_START) = 1;
}

static uint32_t my_life(void)
{
    static uint32_t numbers[4];
    static uint32_t ids[16];
    uint32_t at = 0;
    struct syscall_return answer;

    (void)syscall_allow_rw(TOCK_DRIVER_PROCESS_INFO, 0, ids, sizeof(ids));
    answer = syscall_command(TOCK_DRIVER_PROCESS_INFO, 2, 0, 0);
    /* The newest identifier is that of the process that started last: us. */
    for (uint32_t i = 0; i < answer.value[0]; i++)
        at = ids[i] > at ? ids[i] : at;
    (void)syscall_allow_rw(TOCK_DRIVER_PROCESS_INFO, 0, numbers,
                           sizeof(numbers));
    (void)syscall_command(TOCK_DRIVER_PROCESS_INFO, 5, at, 0);
    return numbers[2];
}

int main(void)
{
    static const char name[] = "org.example.echo";
    uint32_t life = my_life();
    uint32_t service;

    printf("ipc-bully: life %lu\n", life);
    (void)syscall_allow_ro(TOCK_DRIVER_IPC, NAME, name, sizeof(name) - 1);
    service = syscall_command(TOCK_DRIVER_IPC, FIND, 0, 0).value[0];
    switch (life) {
    case 0:
        withdraw(service);
        break;
    case 1:
        lie(service);
        break;
    case 2:
        flood(service);
        break;
    case LIVES:
        fall(service);
        break;
    default: /* ends while the service has its buffer */
        lend(service, text, 64);
        tell(service);
        (void)alarm_delay_ms(life);
        break;
    }
    trap_exit(TOCK_EXIT_RESTART, 0);
}

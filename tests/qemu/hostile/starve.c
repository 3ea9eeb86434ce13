/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Ways to take what the others need: the processor, the kernel's time, queues,
 * memory, the console. tests/lib/hostile.py knows their order.
 */
#include "attack.h"
#include "port.h"
#include "tock/memory.h"
#include "tock/syscall.h"

#include "base/attr.h"

static const struct attack_heap *heap;

static uint32_t driver(uint32_t i)
{
    return attack_table.drivers[i % attack_table.driver_count];
}

static void spin(void)
{
    for (;;)
        __asm__ volatile("");
}

/* Each upcall makes the next one. */
static void on_alarm(uint32_t now, uint32_t expiry, uint32_t unused,
                     void *context)
{
    (void)now;
    (void)expiry;
    (void)unused;
    (void)context;
    syscall_command(TOCK_DRIVER_ALARM, 5, 0, 0);
}

static void upcall_flood(void)
{
    syscall_subscribe(TOCK_DRIVER_ALARM, 0, on_alarm, NULL);
    syscall_command(TOCK_DRIVER_ALARM, 5, 0, 0);
    for (;;)
        syscall_yield_wait();
}

/* The hardware's interrupts instead of upcalls at once. */
static void alarm_flood(void)
{
    for (;;) {
        syscall_command(TOCK_DRIVER_ALARM, 5, 1, 0);
        syscall_yield_wait_for(TOCK_DRIVER_ALARM, 0);
    }
}

static void yield_storm(void)
{
    for (;;)
        port_call(TOCK_CLASS_YIELD, TOCK_YIELD_NO_WAIT, 0, 0, 0);
}

static void command_storm(void)
{
    for (uint32_t i = 0;; i++)
        syscall_command(driver(i), i % 7, 0, 0);
}

static void ipc_flood(void)
{
    for (uint32_t i = 0; i < 8; i++) {
        syscall_subscribe(TOCK_DRIVER_IPC, i, port_upcall, NULL);
        syscall_allow_rw(TOCK_DRIVER_IPC, i,
                         (void *)((heap->start + 255) & ~255u), 256);
    }
    for (uint32_t i = 0;; i++) {
        syscall_command(TOCK_DRIVER_IPC, 2 + i / 8 % 2, i % 8, 0);
        if (i % 16 == 0)
            port_call(TOCK_CLASS_YIELD, TOCK_YIELD_NO_WAIT, 0, 0, 0);
    }
}

/* Every driver's grant, then the break to and fro in what is left. */
static void exhaust_memory(void)
{
    uint32_t old;

    for (uint32_t i = 0; i < attack_table.driver_count; i++)
        syscall_subscribe(driver(i), 0, port_upcall, NULL);
    while (memory_grow(4, &old) == TOCK_OK)
        continue;
    for (uint32_t i = 0;; i++) {
        memory_grow(-1024, &old);
        syscall_subscribe(driver(i), 0, port_upcall, NULL);
        syscall_allow_ro(driver(i), 0, NULL, 0);
        memory_grow(1024, &old);
    }
}

/* At once: a life of a few instructions. */
static void restart_loop(void)
{
    trap_exit(TOCK_EXIT_RESTART, 0);
}

static void fault_loop(void)
{
    *(volatile uint32_t *)8 = 0;
}

/* All that fits a write, again and again. */
static void console_flood(void)
{
    uint32_t len = heap->end - heap->start;

    for (uint32_t i = 0; i < len; i++)
        ((char *)heap->start)[i] = i % 64 == 63 ? '\n' : '~';
    for (;;) {
        syscall_allow_ro(TOCK_DRIVER_CONSOLE, 1, (void *)heap->start, len);
        syscall_command(TOCK_DRIVER_CONSOLE, 1, len, 0);
        syscall_yield_wait_for(TOCK_DRIVER_CONSOLE, 1);
    }
}

static void debug_flood(void)
{
    for (;;)
        syscall_command(TOCK_DRIVER_LOW_LEVEL_DEBUG, 2, 0x7e7e7e7e, 0);
}

/* Every driver's work at the largest size, all at the same time. */
static void work_flood(void)
{
    uint32_t len = heap->end - heap->start;

    for (uint32_t i = 0;; i++) {
        uint32_t number = i / attack_table.driver_count;

        for (uint32_t n = 0; n < 3; n++) {
            syscall_allow_ro(driver(i), n, (void *)heap->start, len);
            syscall_allow_rw(driver(i), n, (void *)heap->start, len);
        }
        if (driver(i) == TOCK_DRIVER_CONSOLE || driver(i) == TOCK_DRIVER_IPC)
            continue;
        syscall_command(driver(i), number % 12, number / 12 % 4, len);
        port_call(TOCK_CLASS_YIELD, TOCK_YIELD_NO_WAIT, 0, 0, 0);
    }
}

static void allow_storm(void)
{
    uint32_t len = heap->end - heap->start;

    for (uint32_t i = 0;; i++) {
        syscall_allow_rw(driver(i), i % 3, (void *)heap->start, i % len);
        syscall_allow_ro(driver(i), i % 3, (void *)heap->start, i % len);
        syscall_subscribe(driver(i), i % 3, port_upcall, NULL);
    }
}

/* What only somebody with a permission may do to others: all of it. */
static void control_others(void)
{
    for (uint32_t i = 0;; i++)
        syscall_command(TOCK_DRIVER_PROCESS_INFO, 6, i % 16, 1 + i / 16 % 5);
}

void starve(const struct attack_heap *own, uint32_t mode)
{
    static void (*const ways[])(void) = {
        spin,          upcall_flood,   alarm_flood,    yield_storm,
        command_storm, ipc_flood,      exhaust_memory, restart_loop,
        fault_loop,    console_flood,  debug_flood,    work_flood,
        allow_storm,   control_others,
    };

    heap = own;
    for (;;)
        ways[(mode - 1) % ARRAY_COUNT(ways)]();
}

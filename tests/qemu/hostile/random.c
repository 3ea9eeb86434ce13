/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * System calls as somebody would make who knows the interface and means no
 * good: mostly real drivers, small numbers, addresses near some edge. All of
 * it follows from the seed.
 */
#include "attack.h"
#include "port.h"
#include "tock/memory.h"
#include "tock/syscall.h"

#include "base/attr.h"

enum { CALLS = 64, NUMBERS = 24 };

struct dice {
    uint32_t state; /* never 0 */
    const struct attack_heap *heap;
};

static uint32_t throw(struct dice * dice)
{
    dice->state ^= dice->state << 13;
    dice->state ^= dice->state >> 17;
    dice->state ^= dice->state << 5;
    return dice->state;
}

/* Below limit, which is small. */
static uint32_t up_to(struct dice *dice, uint32_t limit)
{
    return (throw(dice) >> 8) % limit;
}

static uint32_t any_driver(struct dice *dice)
{
    if (up_to(dice, 32) == 0)
        return throw(dice);
    return attack_table.drivers[up_to(dice, attack_table.driver_count)];
}

static uint32_t any_number(struct dice *dice)
{
    return up_to(dice, 32) == 0 ? throw(dice) : up_to(dice, NUMBERS);
}

/* A memop that tells an address, and a few bytes on either side of it. */
static uint32_t edge(struct dice *dice)
{
    static const uint8_t ops[] = {
        TOCK_MEMOP_RAM_START,   TOCK_MEMOP_RAM_END,   TOCK_MEMOP_SBRK,
        TOCK_MEMOP_FLASH_START, TOCK_MEMOP_FLASH_END, TOCK_MEMOP_GRANT_START,
    };
    uint32_t at = memory_addr(ops[up_to(dice, ARRAY_COUNT(ops))]);

    return at + up_to(dice, 129) - 64;
}

static uint32_t any_address(struct dice *dice)
{
    uint32_t size = dice->heap->end - dice->heap->start;

    switch (up_to(dice, 16)) {
    case 0:
        return throw(dice);
    case 1:
        return 0u - up_to(dice, 64);
    case 2:
        return up_to(dice, 64);
    case 3:
    case 4:
        return edge(dice);
    default:
        return dice->heap->start + up_to(dice, size);
    }
}

static uint32_t any_length(struct dice *dice)
{
    switch (up_to(dice, 16)) {
    case 0:
        return throw(dice);
    case 1:
        return 0u - up_to(dice, 64);
    case 2:
        return 0;
    case 3:
        return up_to(dice, 0x10000);
    default:
        return up_to(dice, 300);
    }
}

static uint32_t any_value(struct dice *dice)
{
    switch (up_to(dice, 8)) {
    case 0:
        return throw(dice);
    case 1:
        return any_address(dice);
    case 2:
        return any_length(dice);
    default:
        return up_to(dice, 70);
    }
}

static void any_allow(struct dice *dice, uint32_t class)
{
    uint32_t driver = any_driver(dice);
    uint32_t number = up_to(dice, 6);
    uint32_t address = any_address(dice);

    port_call(class, driver, number, address, any_length(dice));
}

static void any_command(struct dice *dice)
{
    uint32_t driver = any_driver(dice);
    uint32_t number = any_number(dice);
    uint32_t value = any_value(dice);

    port_call(TOCK_CLASS_COMMAND, driver, number, value, any_value(dice));
}

/* Functions that would be called are mostly good ones. */
static void any_subscribe(struct dice *dice)
{
    uint32_t driver = any_driver(dice);
    uint32_t number = up_to(dice, 6);
    uint32_t fn = (uint32_t)port_upcall;

    if (up_to(dice, 8) == 0)
        fn = up_to(dice, 2) == 0 ? 0 : any_address(dice);
    port_call(TOCK_CLASS_SUBSCRIBE, driver, number, fn, throw(dice));
}

/* An alarm first, so that the wait has an end. */
static void any_wait(struct dice *dice)
{
    if (syscall_subscribe(TOCK_DRIVER_ALARM, 0, port_upcall, NULL) != TOCK_OK)
        return; /* no memory for it */
    syscall_command(TOCK_DRIVER_ALARM, 5, up_to(dice, 200), 0);
    if (up_to(dice, 2) == 0)
        port_call(TOCK_CLASS_YIELD, TOCK_YIELD_WAIT, 0, 0, 0);
    else
        port_call(TOCK_CLASS_YIELD, TOCK_YIELD_WAIT_FOR, TOCK_DRIVER_ALARM, 0,
                  0);
}

/* The break goes up and down, but not below the heap. */
static void any_memop(struct dice *dice)
{
    uint32_t op = up_to(dice, 13);
    uint32_t value = any_value(dice);

    if (op <= TOCK_MEMOP_SBRK && up_to(dice, 4) != 0) {
        op = TOCK_MEMOP_BRK;
        value = dice->heap->end - 256 + up_to(dice, 1024);
    }
    port_call(TOCK_CLASS_MEMOP, op, value, throw(dice), throw(dice));
}

static void any_end(struct dice *dice)
{
    if (up_to(dice, 8) != 0)
        return;
    if (up_to(dice, 4) == 0)
        port_call(throw(dice), throw(dice), throw(dice), 0, 0);
    port_call(TOCK_CLASS_EXIT, up_to(dice, 4), throw(dice), 0, 0);
}

static void any_call(struct dice *dice)
{
    uint32_t kind = up_to(dice, 100);

    if (kind < 45)
        any_command(dice);
    else if (kind < 57)
        any_allow(dice, TOCK_CLASS_ALLOW_RW);
    else if (kind < 69)
        any_allow(dice, TOCK_CLASS_ALLOW_RO);
    else if (kind < 72)
        any_allow(dice, TOCK_CLASS_ALLOW_UR);
    else if (kind < 82)
        any_subscribe(dice);
    else if (kind < 90)
        any_memop(dice);
    else if (kind < 97)
        port_call(TOCK_CLASS_YIELD, TOCK_YIELD_NO_WAIT, any_address(dice), 0,
                  0);
    else if (kind < 99)
        any_wait(dice);
    else
        any_end(dice);
}

void random_calls(const struct attack_heap *heap, uint32_t seed)
{
    struct dice dice = {seed * 2654435761u | 1, heap};

    for (uint32_t i = 0; i < CALLS; i++)
        any_call(&dice);
}

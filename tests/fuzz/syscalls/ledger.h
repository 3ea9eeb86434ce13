/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Who asked for what: each request that a driver accepts must end with one
 * upcall, none comes unasked, and none reaches a later life of the process.
 *
 * The linker leads the drivers' calls of upcall_schedule through here.
 */

#include "drivers.h"

enum {
    KINDS = 3
}; /* of requests of one driver, by the upcall that ends them */

static struct asked {
    uint32_t life;
    int32_t open[KINDS];
    uint32_t watched; /* of buttons and pins, a bit for each */
} ledger[DRIVERS][HOSTILE];

/* The command under way, which may be answered and ended at once. */
static struct {
    const struct driver *driver;
    const struct process *process;
    bool has_ended; /* its upcall has come */
} calling;

static struct asked *asked_of(uint32_t driver, const struct process *p)
{
    struct asked *asked = &ledger[driver][p->slot];

    if (asked->life != life(p))
        *asked = (struct asked){.life = life(p)};
    return asked;
}

/* The upcall that ends this command's request; KINDS if it is none. */
static uint32_t ends_with(uint32_t driver, uint32_t command)
{
    switch (driver) {
    case AT_APP_FLASH:
    case AT_TEMPERATURE:
    case AT_LIGHT:
    case AT_RAINFALL:
    case AT_HUMIDITY:
    case AT_PRESSURE:
    case AT_MOISTURE:
    case AT_SOUND:
    case AT_DISTANCE:
    case AT_CRC:
    case AT_RNG:
        return command == 1 ? 0 : KINDS;
    case AT_PROXIMITY:
        return command == 1 || command == 2 ? 0 : KINDS;
    case AT_AIR:
    case AT_AES:
        return command == 2 || command == 3 ? 0 : KINDS;
    case AT_SHA:
        return command == 2 ? 0 : KINDS;
    case AT_HMAC:
        if (command >= 1 && command <= 3)
            return 0;
        return command == 4 || command == 5 ? 1 : KINDS;
    case AT_NINE_AXES:
        return command == 1 || command == 100 || command == 200 ? 0 : KINDS;
    case AT_NVS:
        return command == 2 || command == 3 ? command - 2 : KINDS;
    case AT_KV:
        return command >= 1 && command <= 6 ? 0 : KINDS;
    case AT_ISOLATED:
        return command >= 1 && command <= 3 ? command - 1 : KINDS;
    default:
        return KINDS;
    }
}

static bool is_counted(uint32_t driver)
{
    return driver >= AT_APP_FLASH;
}

static void note_watch(uint32_t driver, const struct process *p,
                       uint32_t number, uint32_t index)
{
    if (driver == AT_BUTTON && (number == 1 || number == 2)) {
        struct asked *asked = asked_of(driver, p);

        asked->watched = (asked->watched & ~(1u << index)) |
                         (uint32_t)(number == 1) << index;
    }
    if (driver == AT_GPIO && number == 7)
        asked_of(driver, p)->watched |= 1u << index;
    if (driver == AT_GPIO && number == 8) {
        for (uint32_t i = 0; i < HOSTILE; i++)
            asked_of(driver, &board.processes[i])->watched &= ~(1u << index);
    }
}

/* A second request takes the place of the first. */
static bool replaces(uint32_t driver)
{
    return driver == AT_LIGHT || driver == AT_RNG;
}

/* Until a value comes that may never come. */
static bool may_last(uint32_t driver)
{
    return driver == AT_PROXIMITY;
}

static void note_accepted(uint32_t driver, const struct process *p,
                          uint32_t number)
{
    uint32_t kind = ends_with(driver, number);
    struct asked *asked = asked_of(driver, p);

    if (kind == KINDS)
        return;
    asked->open[kind]++;
    if (replaces(driver))
        asked->open[kind] = calling.has_ended ? 0 : 1;
    MUST(asked->open[kind] <= 1);
}

static bool is_open(const struct process *p)
{
    for (uint32_t d = 0; d < DRIVERS; d++) {
        for (uint32_t kind = 0; kind < KINDS; kind++) {
            if (!may_last(d) && asked_of(d, p)->open[kind] != 0)
                return true;
        }
    }
    return false;
}

static bool is_any_open(void)
{
    for (uint32_t i = 0; i < HOSTILE; i++) {
        if (is_open(&board.processes[i]))
            return true;
    }
    return false;
}

static void note_upcall(const struct driver *driver, const struct process *p,
                        uint32_t number, uint32_t arg0)
{
    uint32_t d = driver->index;

    if (p->slot >= HOSTILE || !process_is_alive(p))
        return;
    if (d == AT_BUTTON)
        MUST((asked_of(d, p)->watched >> arg0 & 1) != 0);
    if (!is_counted(d))
        return;
    MUST(number < KINDS);

    bool is_called = calling.driver == driver && calling.process == p;

    MUST(asked_of(d, p)->open[number] > 0 || is_called);
    calling.has_ended |= is_called;
    asked_of(d, p)->open[number]--;
}

/* After each step. */
static void check_ledger(void)
{
    uint32_t wanted[2] = {0};

    for (uint32_t i = 0; i < HOSTILE; i++) {
        const struct process *p = &board.processes[i];

        for (uint32_t d = 0; d < DRIVERS; d++) {
            for (uint32_t kind = 0; kind < KINDS; kind++)
                MUST(asked_of(d, p)->open[kind] >= 0);
        }
        wanted[0] |= asked_of(AT_BUTTON, p)->watched;
        wanted[1] |= asked_of(AT_GPIO, p)->watched;
    }
    for (uint32_t i = 0; i < BUTTONS; i++)
        MUST(panel.buttons[i].is_watched == (wanted[0] >> i & 1));
    for (uint32_t i = 0; i < PINS; i++)
        MUST(panel.pins[i].pin.is_watched == (wanted[1] >> i & 1));
}

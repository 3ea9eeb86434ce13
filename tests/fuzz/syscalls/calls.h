/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* System calls of hostile processes: with any arguments, and with those that
 * bring drivers to work. */

#include "base/bits.h"
#include "computed.h"
#include "queue.h"
#include "stored.h"

static uint64_t total_calls;
static uint64_t total_requests; /* that were accepted */

/* --- arguments ------------------------------------------------------------ */

/* A number that means something to the kernel, or nearly so, or anything. */
static uint32_t argument(struct input *in, const struct process *p)
{
    const uint32_t places[] = {
        p->ram.start,
        p->bounds.app_break,
        p->high_water,
        p->kernel_break,
        p->mpu.enabled_end,
        p->ram.start + p->ram.size,
        p->flash_start,
        p->flash_start + p->protected_size,
        p->flash_start + p->flash_size,
        board.processes[0].ram.start,
        board.processes[1].bounds.app_break,
        HOST_RAM_START + HOST_RAM_SIZE,
        0,
        UINT32_MAX,
        0x7fffffff,
        0x80000000,
    };
    uint32_t kind = take(in, 1);

    if (kind < 96)
        return kind % 12;
    if (kind < 224)
        return places[kind % ARRAY_COUNT(places)] + (uint32_t)(kind / 16 % 8) -
               3;
    if (kind < 240)
        return take(in, 1) * 4;
    return take(in, 4);
}

static uint32_t driver_number(uint32_t byte)
{
    static const uint32_t numbers[] = {
        PROBE,
        PROBE,
        PROBE,
        CONSOLE,
        ALARM,
        BARE,
        TOCK_DRIVER_LED,
        TOCK_DRIVER_LOW_LEVEL_DEBUG,
        TOCK_DRIVER_IPC,
        TOCK_DRIVER_IPC,
        TOCK_DRIVER_BUTTON,
        TOCK_DRIVER_GPIO,
        TOCK_DRIVER_APP_FLASH,
        TOCK_DRIVER_NVS,
        TOCK_DRIVER_KV,
        TOCK_DRIVER_ISOLATED_NVS,
        TOCK_DRIVER_TEMPERATURE,
        TOCK_DRIVER_LIGHT,
        TOCK_DRIVER_NINE_AXES,
        TOCK_DRIVER_RAINFALL,
        TOCK_DRIVER_PROXIMITY,
        TOCK_DRIVER_AIR_QUALITY,
        TOCK_DRIVER_DISTANCE,
        TOCK_DRIVER_CRC,
        TOCK_DRIVER_SHA,
        TOCK_DRIVER_HMAC,
        TOCK_DRIVER_AES,
        TOCK_DRIVER_RNG,
        TOCK_DRIVER_PROCESS_INFO,
        TOCK_DRIVER_READ_ONLY_STATE,
        0x9999,
    };

    return numbers[byte % ARRAY_COUNT(numbers)];
}

/* --- steps ---------------------------------------------------------------- */

static void turns(int count)
{
    while (count-- > 0)
        kernel_loop_once();
}

static bool is_running(const struct process *p)
{
    return p->state == PROCESS_RUNNING;
}

/* The call is taken back, and false returned, if the process does not get the
 * processor. */
static bool trap(struct process *p, uint32_t kind, const uint32_t args[4])
{
    bool was_taken;

    if (!is_running(p))
        return false;
    host_trap_next(&p->context, kind, args);
    for (int i = 0; i < 30 && p->context.has_trap && is_running(p); i++)
        kernel_loop_once();
    was_taken = !p->context.has_trap;
    p->context.has_trap = false;
    return was_taken;
}

static uint32_t index_of(uint32_t number)
{
    uint32_t d = 0;

    while (d < DRIVERS && drivers[d].number != number)
        d++;
    return d;
}

static void command(struct process *p, const uint32_t args[4])
{
    uint32_t d = index_of(args[0]);
    uint32_t id = life(p);
    bool was_taken;

    if (d == DRIVERS) {
        trap(p, TOCK_CLASS_COMMAND, args);
        return;
    }
    calling.driver = drivers[d].driver;
    calling.process = p;
    calling.has_ended = false;
    expect_result(d, p, args);
    was_taken = trap(p, TOCK_CLASS_COMMAND, args);
    calling.driver = NULL;
    if (!was_taken || id == 0 || life(p) != id ||
        p->context.regs[0] != TOCK_SUCCESS)
        return;
    total_requests += ends_with(d, args[1]) != KINDS;
    note_accepted(d, p, args[1]);
    note_watch(d, p, args[1], args[2]);
    note_chosen(d, p, args);
    note_storing(d, p, args[1], args[2], args[3]);
}

/* Subscribe leaves no event of its kind in the queue. */
static void check_unqueued(const struct process *p, uint32_t number,
                           uint32_t event)
{
    for (uint32_t d = 0; d < DRIVERS; d++) {
        struct upcall_id id = {(uint8_t)d, (uint8_t)event};

        MUST(drivers[d].number != number || !queue_has(&p->upcalls, id));
    }
}

static void allow_readable(struct process *p, const uint32_t args[4])
{
    uint32_t id = life(p);

    if (trap(p, TOCK_CLASS_ALLOW_UR, args) && life(p) == id && id != 0 &&
        args[0] == TOCK_DRIVER_READ_ONLY_STATE &&
        p->context.regs[0] == TOCK_SUCCESS_U32_U32)
        note_readable(p, args[2], args[3]);
}

static void system_call(struct input *in, struct process *p, uint32_t class)
{
    uint32_t args[4];

    args[0] = class >= TOCK_CLASS_SUBSCRIBE && class <= TOCK_CLASS_ALLOW_RO
                  ? driver_number(take(in, 1))
                  : take(in, 1) % 14;
    if (class == TOCK_CLASS_ALLOW_UR)
        args[0] = driver_number(args[0]);
    for (int i = 1; i < 4; i++)
        args[i] = argument(in, p);
    /* Exits are so final that most of them are something else. */
    if (class == TOCK_CLASS_EXIT && take(in, 1) % 4 != 0)
        args[0] = 2;
    total_calls++;
    if (class == TOCK_CLASS_COMMAND)
        command(p, args);
    else if (class == TOCK_CLASS_ALLOW_UR)
        allow_readable(p, args);
    else
        trap(p, class, args);
    if (class == TOCK_CLASS_SUBSCRIBE && is_running(p) &&
        p->context.regs[0] == TOCK_SUCCESS_U32_U32)
        check_unqueued(p, args[0], args[1]);
}

/* Up or down by any number of bytes that the block has. */
static void move_break(struct input *in, struct process *p)
{
    uint32_t at = take(in, 2) % (p->ram.size + 1);
    const uint32_t args[4] = {TOCK_MEMOP_BRK, p->ram.start + at};

    total_calls++;
    trap(p, TOCK_CLASS_MEMOP, args);
}

/* A buffer that any hardware can open, from p to another, which is told. */
static void share(struct input *in, struct process *p)
{
    uint32_t to = take(in, 1) % HOSTILE;
    struct process *guest = &board.processes[to];
    uint32_t addr = p->ram.start + 64 * (take(in, 1) % 16);
    const uint32_t allow[4] = {TOCK_DRIVER_IPC, to, addr, 64};
    const uint32_t tell[4] = {TOCK_DRIVER_IPC, 2, to};
    const uint32_t subscribe[4] = {TOCK_DRIVER_IPC, to,
                                   guest->flash_start + 256, 0};
    const uint32_t yield[4] = {take(in, 1) % 3, TOCK_DRIVER_IPC, to};

    total_calls += 4;
    trap(p, TOCK_CLASS_ALLOW_RW, allow);
    trap(guest, TOCK_CLASS_SUBSCRIBE, subscribe);
    trap(p, TOCK_CLASS_COMMAND, tell);
    trap(guest, TOCK_CLASS_YIELD, yield);
}

/* Through a window on another process, too. */
static void write_memory(struct input *in, struct process *p)
{
    uint32_t where = take(in, 1) % (2 * PLACE_WINDOWS);
    uint32_t start = p->ram.start;
    uint32_t room = p->mpu.enabled_end - start;
    uint32_t len;

    if (!process_is_alive(p))
        return;
    if (where < PLACE_WINDOWS && p->mpu.windows[where].size != 0) {
        start = p->mpu.windows[where].start;
        room = p->mpu.windows[where].size;
    }
    start += take(in, 2) % (room + 1);
    len = take(in, 1) * 8;
    room =
        range_inside(start, 0, p->ram.start, p->mpu.enabled_end)
            ? p->mpu.enabled_end - start
            : p->mpu.windows[where].start + p->mpu.windows[where].size - start;
    if (len > room)
        len = room;
    if (len != 0)
        memset(host_memory(start), (int)take(in, 1) | 1, len);
}

/* A break that has room for the buffers of store. */
static void make_room(struct process *p)
{
    const uint32_t args[4] = {TOCK_MEMOP_BRK, p->ram.start + 704};

    if (p->bounds.app_break < args[1])
        trap(p, TOCK_CLASS_MEMOP, args);
}

/* Keys are of one or two bytes of few values, so that processes meet. */
static void fill_buffers(struct input *in, const struct process *p)
{
    uint32_t value = take(in, 1);

    if (!process_is_alive(p) || p->mpu.enabled_end < p->ram.start + 704)
        return;
    memset(host_memory(p->ram.start), (int)(value % 4), 64);
    memset(host_memory(p->ram.start + 64), (int)value, 320);
}

/* One of the drivers that store, with buffers as it wants them. */
static void store(struct input *in, struct process *p)
{
    static const struct {
        uint32_t driver;
        uint32_t first_command;
        uint32_t commands;
    } stores[] = {{TOCK_DRIVER_NVS, 2, 2},
                  {TOCK_DRIVER_KV, 1, 6},
                  {TOCK_DRIVER_KV, 1, 2},
                  {TOCK_DRIVER_ISOLATED_NVS, 1, 3},
                  {TOCK_DRIVER_APP_FLASH, 1, 1}};
    uint32_t which = take(in, 1) % ARRAY_COUNT(stores);
    uint32_t driver = stores[which].driver;
    bool has_key = driver == TOCK_DRIVER_KV;
    uint32_t how = take(in, 1);
    uint32_t len = take(in, 1);
    uint32_t at = p->ram.start;
    uint32_t offset = how / 8 * 31;
    const uint32_t output[4] = {driver, 0, at + 384, has_key ? 255 : len};
    const uint32_t input[4] = {driver, has_key, at + 64, len};
    const uint32_t key[4] = {driver, 0, at, 1 + how / 8 % 2};
    const uint32_t request[4] = {
        driver, stores[which].first_command + how % stores[which].commands,
        driver == TOCK_DRIVER_APP_FLASH ? p->flash_start + offset : offset,
        driver == TOCK_DRIVER_NVS ? len : 0};

    fill_buffers(in, p);
    trap(p, TOCK_CLASS_ALLOW_RW, output);
    trap(p, TOCK_CLASS_ALLOW_RO, input);
    if (has_key)
        trap(p, TOCK_CLASS_ALLOW_RO, key);
    command(p, request);
    total_calls += 5;
}

/* One of the drivers without buffers, with arguments that it has. */
static void use(struct input *in, struct process *p)
{
    static const uint32_t numbers[] = {
        TOCK_DRIVER_LED,         TOCK_DRIVER_BUTTON,
        TOCK_DRIVER_GPIO,        TOCK_DRIVER_GPIO,
        TOCK_DRIVER_LIGHT,       TOCK_DRIVER_NINE_AXES,
        TOCK_DRIVER_TEMPERATURE, TOCK_DRIVER_RAINFALL,
        TOCK_DRIVER_HUMIDITY,    TOCK_DRIVER_PRESSURE,
        TOCK_DRIVER_MOISTURE,    TOCK_DRIVER_PROXIMITY,
        TOCK_DRIVER_PROXIMITY,   TOCK_DRIVER_AIR_QUALITY,
        TOCK_DRIVER_DISTANCE,    TOCK_DRIVER_SOUND_PRESSURE};
    static const uint32_t axes[] = {1, 100, 200, 2};
    uint32_t driver = numbers[take(in, 1) % ARRAY_COUNT(numbers)];
    uint32_t how = take(in, 1);
    uint32_t argument = take(in, 1);
    uint32_t number = 1;

    if (driver == TOCK_DRIVER_NINE_AXES)
        number = axes[how % ARRAY_COUNT(axes)];
    else if (driver <= TOCK_DRIVER_GPIO)
        number = how % 11;
    else
        number = 1 + how % 3;

    const uint32_t args[4] = {driver, number, argument % 4, argument / 4 % 4};

    total_calls++;
    command(p, args);
}

/* Keys, data and codes to compare with, not all alike. */
static void fill_for_computing(struct input *in, const struct process *p)
{
    uint32_t value = take(in, 1);

    if (!process_is_alive(p) || p->mpu.enabled_end < p->ram.start + 704)
        return;
    for (uint32_t i = 0; i < 704; i++)
        *host_memory(p->ram.start + i) = (uint8_t)(value = value * 37 + 11);
}

struct lengths {
    uint32_t key;
    uint32_t data;
    uint32_t code; /* to compare with */
    uint32_t output;
    bool is_in_place; /* the output is the data */
};

/* Each driver takes what it knows. */
static void allow_all(struct process *p, uint32_t driver,
                      const struct lengths *len)
{
    bool has_code = driver == TOCK_DRIVER_HMAC;
    uint32_t data = has_code ? 1 : driver == TOCK_DRIVER_AES ? 2 : 0;
    uint32_t at = p->ram.start;
    const uint32_t readonly[][4] = {{driver, 0, at, len->key},
                                    {driver, 1, at + 16, 16},
                                    {driver, 2, at + 640, len->code},
                                    {driver, data, at + 64, len->data}};
    const uint32_t output[4] = {driver, has_code ? 2 : 0,
                                at + (len->is_in_place ? 64 : 384),
                                len->output};

    for (uint32_t i = 0; i < ARRAY_COUNT(readonly); i++)
        trap(p, TOCK_CLASS_ALLOW_RO, readonly[i]);
    trap(p, TOCK_CLASS_ALLOW_RW, output);
}

/* One of the drivers that compute, with buffers as it wants them. */
static void reckon(struct input *in, struct process *p)
{
    static const struct {
        uint32_t driver;
        uint32_t first_command;
        uint32_t commands;
    } kinds[] = {{TOCK_DRIVER_CRC, 1, 1},  {TOCK_DRIVER_SHA, 2, 1},
                 {TOCK_DRIVER_HMAC, 1, 5}, {TOCK_DRIVER_HMAC, 1, 1},
                 {TOCK_DRIVER_AES, 2, 2},  {TOCK_DRIVER_AES, 2, 1},
                 {TOCK_DRIVER_RNG, 1, 1},  {TOCK_DRIVER_PROCESS_INFO, 1, 6}};
    static const uint32_t codes[] = {32, 48, 64, 28, 20};
    uint32_t which = take(in, 1) % ARRAY_COUNT(kinds);
    uint32_t driver = kinds[which].driver;
    uint32_t how = take(in, 1);
    uint32_t len = take(in, 1);
    uint32_t algorithm = how / 4 % ARRAY_COUNT(codes);
    bool is_aes = driver == TOCK_DRIVER_AES;
    bool is_info = driver == TOCK_DRIVER_PROCESS_INFO;
    const struct lengths lengths = {
        .key = is_aes ? 16 : 1 + how % 64,
        .data = is_aes ? len & ~15u : len,
        .code = codes[algorithm],
        .output = driver == TOCK_DRIVER_SHA ? 32 : len,
        .is_in_place = how >= 192,
    };
    const uint32_t choose[4] = {driver, is_aes, algorithm, how / 32 % 2};
    uint32_t request[4] = {
        driver, kinds[which].first_command + how % kinds[which].commands, len,
        len};

    if (driver == TOCK_DRIVER_CRC)
        request[2] = how / 4 % 4;
    if (is_info) {
        request[2] = board.processes[how / 8 % HOSTILE].id;
        request[3] = how / 32 % 6;
    }
    fill_for_computing(in, p);
    allow_all(p, driver, &lengths);
    if (is_aes || driver == TOCK_DRIVER_HMAC)
        command(p, choose);
    command(p, request);
    total_calls += 7;
}

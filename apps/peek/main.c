/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Reads, writes or jumps where the typed character says, to be caught at it.
 *
 *   o O  read, write the RAM right behind the app's own block: the next
 *        app's where blocks are packed (Cortex-M)
 *   k K  read, write the kernel's RAM (see apps/crash)
 *   g G  read, write the process's grant memory
 *   f F  read, write the app's own flash; reading is allowed
 *   r w  read, write any address: hex digits and a line end follow
 *   j    jump to any address; on Arm it is odd
 *   b    move the break up by so many bytes and tell where it is
 *
 * Expect at the start, then for each command:
 *   peek: ready
 *   peek: read 0x<address>
 * then the kernel's report of a fault at that address; where the access is
 * allowed, `peek: allowed` instead, and the next command is awaited. The answer
 * to b is `peek: break 0x<address>`.
 */
#include "base/attr.h"
#include "tock/console.h"
#include "tock/memory.h"
#include "tock/printf.h"

#include <stdbool.h>

#define RAM_AREA 0x200000u

static void on_read(uint32_t status, uint32_t len, uint32_t unused,
                    void *context)
{
    bool *done = context;

    (void)status;
    (void)len;
    (void)unused;
    *done = true;
}

/* The next byte typed; 0, which is no command, if the read failed. */
static char next_char(void)
{
    char typed = 0;
    bool done = false;

    if (console_read(&typed, 1, on_read, &done) != TOCK_OK) {
        printf("peek: the console has another reader\n");
        syscall_exit(TOCK_BUSY);
    }
    while (!done)
        syscall_yield_wait();
    return typed;
}

/* A hex number up to the next other character; 0 without digits. */
static uint32_t next_hex(void)
{
    uint32_t value = 0;

    for (;;) {
        char c = next_char();

        if (c >= '0' && c <= '9')
            value = value << 4 | (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (uint32_t)(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            value = value << 4 | (uint32_t)(c - 'A' + 10);
        else
            return value;
    }
}

static uint32_t behind_own_block(void)
{
    return memory_addr(TOCK_MEMOP_RAM_END);
}

static uint32_t kernel_ram(void)
{
    return memory_addr(TOCK_MEMOP_RAM_START) & ~(RAM_AREA - 1);
}

static uint32_t grant_memory(void)
{
    return memory_addr(TOCK_MEMOP_GRANT_START);
}

static uint32_t own_flash(void)
{
    return memory_addr(TOCK_MEMOP_FLASH_START);
}

static const struct command {
    char key;
    bool is_write;
    uint32_t (*target)(void);
} commands[] = {
    {'o', false, behind_own_block}, {'O', true, behind_own_block},
    {'k', false, kernel_ram},       {'K', true, kernel_ram},
    {'g', false, grant_memory},     {'G', true, grant_memory},
    {'f', false, own_flash},        {'F', true, own_flash},
    {'r', false, next_hex},         {'w', true, next_hex},
};

/* The aligned word at addr, so that the fault is about protection alone. */
static void touch(uint32_t addr, bool is_write)
{
    volatile uint32_t *word = (volatile uint32_t *)(addr & ~3u);

    printf("peek: %s 0x%08lx\n", is_write ? "write" : "read", addr & ~3u);
    if (is_write)
        *word = 0;
    else
        (void)*word;
    printf("peek: allowed\n");
}

static void jump(uint32_t addr)
{
    printf("peek: jump 0x%08lx\n", addr & ~1u);
    ((void (*)(void))addr)();
    printf("peek: allowed\n");
}

static void move_break(uint32_t by)
{
    uint32_t old = 0;

    if (memory_grow((int32_t)by, &old) == TOCK_OK)
        printf("peek: break 0x%08lx\n", old + by);
}

static void obey(char key)
{
    if (key == 'j')
        jump(next_hex());
    if (key == 'b')
        move_break(next_hex());
    for (uint32_t i = 0; i < ARRAY_COUNT(commands); i++)
        if (commands[i].key == key)
            touch(commands[i].target(), commands[i].is_write);
}

int main(void)
{
    printf("peek: ready\n");
    for (;;)
        obey(next_char());
}

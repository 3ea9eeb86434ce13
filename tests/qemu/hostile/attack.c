/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "attack.h"

#include "port.h"
#include "referee.h"
#include "tock/memory.h"
#include "tock/printf.h"

#include "base/attr.h"

static uint32_t next_attempt(void)
{
    return syscall_command(REFEREE_DRIVER, REFEREE_NEXT, attack_table.last, 0)
        .value[0];
}

/* The range that attempt at is in; *at becomes its place in there. */
static const struct attack_range *range_of(uint32_t *at)
{
    for (uint32_t i = 0; i < attack_table.range_count; i++) {
        const struct attack_range *range = &attack_table.ranges[i];

        if (*at < range->count)
            return range;
        *at -= range->count;
    }
    return NULL;
}

/* The upcall is queued before the process waits for it. */
static void upcall_at(uint32_t sp)
{
    syscall_subscribe(TOCK_DRIVER_ALARM, 0, port_upcall, NULL);
    syscall_command(TOCK_DRIVER_ALARM, 5, 0, 0);
    port_sp_yield(sp);
}

static void try(const struct attack_heap *heap, uint32_t op, uint32_t address,
                uint32_t value)
{
    switch (op) {
    case OP_READ8:
        (void)*(volatile uint8_t *)address;
        break;
    case OP_READ16:
        (void)*(volatile uint16_t *)address;
        break;
    case OP_READ32:
        (void)*(volatile uint32_t *)address;
        break;
    case OP_WRITE8:
        *(volatile uint8_t *)address = (uint8_t)value;
        break;
    case OP_WRITE16:
        *(volatile uint16_t *)address = (uint16_t)value;
        break;
    case OP_WRITE32:
        *(volatile uint32_t *)address = value;
        break;
    case OP_JUMP:
        ((void (*)(void))address)();
        break;
    case OP_CODE:
        port_code(address, value);
        break;
    case OP_CALL:
        port_call(address, value, value, value, value);
        break;
    case OP_SP_CALL:
        port_sp_call(address);
        break;
    case OP_SP_WAIT:
        port_sp_wait(address);
        break;
    case OP_SP_UPCALL:
        upcall_at(address);
        break;
    case OP_RANDOM:
        random_calls(heap, address ^ value);
        break;
    default:
        port_access(op - OP_PORT, address);
        break;
    }
}

/* What an oracle needs to know of this process. */
static void introduce(void)
{
    printf("attack: ram %lx %lx break %lx grants %lx flash %lx %lx\n",
           memory_addr(TOCK_MEMOP_RAM_START), memory_addr(TOCK_MEMOP_RAM_END),
           memory_addr(TOCK_MEMOP_SBRK), memory_addr(TOCK_MEMOP_GRANT_START),
           memory_addr(TOCK_MEMOP_FLASH_START),
           memory_addr(TOCK_MEMOP_FLASH_END));
}

int main(void)
{
    struct attack_heap heap = {0, 0};

    if (memory_grow((int32_t)attack_table.grow, &heap.start) != TOCK_OK)
        printf("attack: no heap\n");
    heap.end = heap.start + attack_table.grow;
    if (attack_table.mode != 0)
        starve(&heap, attack_table.mode);
    if (attack_table.last == 0)
        introduce();
    for (;;) {
        uint32_t at = next_attempt();
        const struct attack_range *range = range_of(&at);

        if (range == NULL)
            break;
        try(&heap, range->op, range->start + at * range->step, range->value);
        syscall_command(REFEREE_DRIVER, REFEREE_SURVIVED, 0, 0);
    }
    for (;;)
        syscall_yield_wait();
}

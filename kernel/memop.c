/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/bits.h"
#include "memory.h"
#include "syscall.h"

#include "abi/abi.h"

static uint32_t success(uint32_t words[2])
{
    words[0] = TOCK_SUCCESS;
    return 1;
}

static uint32_t value(uint32_t words[2], uint32_t v)
{
    words[0] = TOCK_SUCCESS_U32;
    words[1] = v;
    return 2;
}

static uint32_t failure(uint32_t words[2], enum tock_error error)
{
    words[0] = TOCK_FAILURE;
    words[1] = error;
    return 2;
}

static uint32_t brk(struct process *p, uint32_t app_break, uint32_t words[2])
{
    if (!process_set_break(p, app_break))
        return failure(words, TOCK_NOMEM);
    return success(words);
}

/* The increment is signed. A sum that wraps lies outside the block, which is
 * much smaller than half the address space. */
static uint32_t sbrk(struct process *p, uint32_t increment, uint32_t words[2])
{
    uint32_t old = p->bounds.app_break;

    if (!process_set_break(p, old + increment))
        return failure(words, TOCK_NOMEM);
    return value(words, old);
}

static uint32_t region_count(const struct process *p, uint32_t words[2])
{
    struct tbf_header header;

    return value(words,
                 process_header(p, &header) ? tbf_region_count(&header) : 0);
}

static uint32_t region(const struct process *p, uint32_t index, bool wants_end,
                       uint32_t words[2])
{
    struct tbf_header header;
    uint32_t offset;
    uint32_t size;

    if (!process_header(p, &header) ||
        !tbf_region(&header, index, &offset, &size) || size == 0)
        return failure(words, TOCK_FAIL);
    return value(words, p->flash_start + offset + (wants_end ? size : 0));
}

/* For the memory picture of a fault only; nonsense is ignored. */
static uint32_t note_address(const struct process *p, uint32_t addr,
                             uint32_t *note, uint32_t words[2])
{
    if (range_inside(addr, 1, p->ram.start, p->ram.start + p->ram.size))
        *note = addr;
    return success(words);
}

uint32_t memop(struct process *p, uint32_t op, uint32_t arg, uint32_t words[2])
{
    switch (op) {
    case TOCK_MEMOP_BRK:
        return brk(p, arg, words);
    case TOCK_MEMOP_SBRK:
        return sbrk(p, arg, words);
    case TOCK_MEMOP_RAM_START:
        return value(words, p->ram.start);
    case TOCK_MEMOP_RAM_END:
        return value(words, p->ram.start + p->ram.size);
    case TOCK_MEMOP_FLASH_START:
        return value(words, p->flash_start);
    case TOCK_MEMOP_FLASH_END:
        return value(words, p->flash_start + p->flash_size);
    case TOCK_MEMOP_GRANT_START:
        return value(words, p->kernel_break);
    case TOCK_MEMOP_REGION_COUNT:
        return region_count(p, words);
    case TOCK_MEMOP_REGION_START:
        return region(p, arg, false, words);
    case TOCK_MEMOP_REGION_END:
        return region(p, arg, true, words);
    case TOCK_MEMOP_STACK_TOP:
        return note_address(p, arg, &p->stack_top, words);
    case TOCK_MEMOP_HEAP_START:
        return note_address(p, arg, &p->heap_start, words);
    default:
        return failure(words, TOCK_NOSUPPORT);
    }
}

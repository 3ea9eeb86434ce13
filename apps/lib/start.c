/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "crt0.h"

#include "base/mem.h"
#include "tock/syscall.h"

_Static_assert(offsetof(struct crt0_header, got_ram) == CRT0_GOT_RAM, "");
_Static_assert(offsetof(struct crt0_header, bss_ram) == CRT0_BSS_RAM, "");
_Static_assert(offsetof(struct crt0_header, bss_size) == CRT0_BSS_SIZE, "");
_Static_assert(offsetof(struct crt0_header, stack_size) == CRT0_STACK_SIZE, "");
_Static_assert(sizeof(struct crt0_header) == 40, "ten words");
_Static_assert(CRT0_CLASS_MEMOP == TOCK_CLASS_MEMOP, "");
_Static_assert(CRT0_CLASS_EXIT == TOCK_CLASS_EXIT, "");
_Static_assert(CRT0_MEMOP_BRK == TOCK_MEMOP_BRK, "");
_Static_assert(CRT0_MEMOP_STACK_TOP == TOCK_MEMOP_STACK_TOP, "");
_Static_assert(CRT0_MEMOP_HEAP_START == TOCK_MEMOP_HEAP_START, "");
_Static_assert(CRT0_EXIT_TERMINATE == TOCK_EXIT_TERMINATE, "");
_Static_assert(CRT0_NOMEM == TOCK_NOMEM, "");

/* Position independent apps are linked for flash here and for RAM at 0. */
#define LINKED_FLASH 0x80000000u

/* Where the thing really is that was linked for addr. */
static uint32_t relocated(uint32_t addr, uint32_t flash, uint32_t ram)
{
    return (addr & LINKED_FLASH) != 0 ? flash + (addr ^ LINKED_FLASH)
                                      : ram + addr;
}

static void fill_got(const struct crt0_header *h, uint32_t flash, uint32_t ram)
{
    const uint32_t *from = (const uint32_t *)(flash + h->got_flash);
    uint32_t *to = (uint32_t *)(ram + h->got_ram);

    for (uint32_t i = 0; i < h->got_size / sizeof *to; i++)
        to[i] = relocated(from[i], flash, ram);
}

static void fix_data(const struct crt0_header *h, uint32_t flash, uint32_t ram)
{
    const struct crt0_relocs *relocs =
        (const struct crt0_relocs *)(flash + h->reloc_flash);

    for (uint32_t i = 0; i < relocs->size / sizeof relocs->record[0]; i++) {
        uint32_t *word = (uint32_t *)(ram + relocs->record[i].offset);

        *word = relocated(*word, flash, ram);
    }
}

/* Until the table is filled nothing here may use a variable's address. */
_Noreturn void crt0_main(const struct crt0_header *header, uint32_t ram)
{
    uint32_t flash = (uint32_t)header;

    fill_got(header, flash, ram);
    memcpy((void *)(ram + header->data_ram),
           (const void *)(flash + header->data_flash), header->data_size);
    fix_data(header, flash, ram);
    memset((void *)(ram + header->bss_ram), 0, header->bss_size);
    syscall_exit((uint32_t)main());
}

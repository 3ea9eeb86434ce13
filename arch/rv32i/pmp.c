/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pmp.h"

#include "arch/rv32i.h"
#include "csr.h"

/*
 * A process's entries fill pmpcfg0 exactly: one write switches all of them,
 * and the kernel's entry in pmpcfg1 is out of its reach.
 */
_Static_assert(PMP_PROCESS_ENTRIES == 4, "user entries are those of pmpcfg0");

/* Windows on other processes' memory fill pmpcfg2 and pmpcfg3. */
_Static_assert(PLACE_WINDOWS == 4, "each has two entries of 8 to 15");

/*
 * The hart has the map at this place as it was with this stamp. Every plan
 * gets a new stamp. That they come round after 2^32 plans does no harm: a
 * process is loaded again between any two plans of its own, and the place
 * tells it from the others.
 */
static uint32_t last_stamp;
static const struct arch_mpu *loaded;
static uint32_t loaded_stamp;
static uint32_t loaded_open; /* windows; mostly none */

bool arch_mpu_plan(struct arch_mpu *mpu, const struct place_block *ram,
                   uint32_t app_break, uint32_t kernel_break,
                   uint32_t flash_start, uint32_t flash_size)
{
    struct pmp_map map;

    if (!pmp_windows(ram, app_break, kernel_break, flash_start, flash_size,
                     &map))
        return false;
    mpu->map = map;
    mpu->stamp = ++last_stamp;
    return true;
}

bool arch_mpu_open(struct arch_mpu *mpu, uint32_t window, uint32_t addr,
                   uint32_t size)
{
    bool is_open = pmp_window(addr, size, &mpu->window[window]);

    mpu->open &= ~(1u << window);
    mpu->open |= (uint32_t)is_open << window;
    mpu->stamp = ++last_stamp;
    return is_open;
}

void arch_mpu_close(struct arch_mpu *mpu, uint32_t window)
{
    mpu->open &= ~(1u << window);
    mpu->stamp = ++last_stamp;
}

static uint32_t cfg_word(const uint8_t cfg[PMP_PROCESS_ENTRIES])
{
    return cfg[0] | (uint32_t)cfg[1] << 8 | (uint32_t)cfg[2] << 16 |
           (uint32_t)cfg[3] << 24;
}

/* The cfg bytes of windows first and first + 1. */
static uint32_t window_cfg(const struct arch_mpu *mpu, uint32_t first)
{
    uint32_t word = 0;

    for (uint32_t i = 0; i < 2; i++) {
        const struct pmp_window *window = &mpu->window[first + i];

        if (mpu->open >> (first + i) & 1)
            word |= (uint32_t)(window->cfg[0] | window->cfg[1] << 8) << 16 * i;
    }
    return word;
}

/* Entries 8 to 15. Of closed windows the addresses do not matter. */
static void load_windows(const struct arch_mpu *mpu)
{
    if (mpu->open & 3) {
        CSR_WRITE(pmpaddr8, mpu->window[0].addr[0]);
        CSR_WRITE(pmpaddr9, mpu->window[0].addr[1]);
        CSR_WRITE(pmpaddr10, mpu->window[1].addr[0]);
        CSR_WRITE(pmpaddr11, mpu->window[1].addr[1]);
    }
    if (mpu->open & 12) {
        CSR_WRITE(pmpaddr12, mpu->window[2].addr[0]);
        CSR_WRITE(pmpaddr13, mpu->window[2].addr[1]);
        CSR_WRITE(pmpaddr14, mpu->window[3].addr[0]);
        CSR_WRITE(pmpaddr15, mpu->window[3].addr[1]);
    }
    CSR_WRITE(pmpcfg2, window_cfg(mpu, 0));
    CSR_WRITE(pmpcfg3, window_cfg(mpu, 2));
}

void arch_mpu_load(const struct arch_mpu *mpu)
{
    if (mpu == loaded && mpu->stamp == loaded_stamp)
        return;
    if ((mpu->open | loaded_open) != 0) {
        load_windows(mpu);
        loaded_open = mpu->open;
    }
    CSR_WRITE(pmpaddr0, mpu->map.addr[0]);
    CSR_WRITE(pmpaddr1, mpu->map.addr[1]);
    CSR_WRITE(pmpaddr2, mpu->map.addr[2]);
    CSR_WRITE(pmpaddr3, mpu->map.addr[3]);
    /* Last, even if the value stays: QEMU 7.2 forgets cached permissions
     * only when a pmpcfg is written. */
    CSR_WRITE(pmpcfg0, cfg_word(mpu->map.cfg));
    loaded = mpu;
    loaded_stamp = mpu->stamp;
}

void pmp_init(uint32_t guard_start, uint32_t guard_size)
{
    CSR_WRITE(pmpcfg0, 0);
    CSR_WRITE(pmpcfg1, 0);
    CSR_WRITE(pmpcfg2, 0);
    CSR_WRITE(pmpcfg3, 0);
    CSR_WRITE(pmpaddr7, guard_start >> 2 | ((guard_size >> 3) - 1));
    CSR_WRITE(pmpcfg1, (PMP_CFG_LOCKED | PMP_CFG_NAPOT) << 24);
}

/* Entries that are not locked do not bind the kernel. */
void arch_flash_open(void)
{
}

void arch_flash_close(void)
{
    __asm__ volatile("fence.i" ::: "memory");
}

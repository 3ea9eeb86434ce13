/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The kernel core as a board sees it: one constant description of the board,
 * then boot, then the loop.
 *
 * The board allocates every object (process slots, drivers, scheduler, chip)
 * static and fills one struct kernel_config. kernel_boot finds the apps in
 * flash, gives each its memory and prints one line per app; kernel_loop never
 * returns. Capsules are initialised before kernel_boot.
 *
 * Ownership: the config and all it points to stay the board's and live for
 * ever. Context: kernel thread only, interrupts enabled after kernel_boot.
 */

#include "arch/arch.h"
#include "capsule/driver.h"
#include "capsule/turn.h"
#include "hil/chip.h"
#include "hil/slice_timer.h"
#include "hil/watchdog.h"
#include "kernel/process.h"
#include "kernel/scheduler.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes of the target: [start, start + size). */
struct kernel_area {
    uint32_t start;
    uint32_t size;
};

/* One row of the board's driver table. */
struct kernel_driver {
    uint32_t number; /* TOCK_DRIVER_*; each once */
    struct driver *driver;
};

/* What becomes of a process that broke a rule; the board's dump comes first. */
enum kernel_fault_policy {
    KERNEL_FAULT_STOP,          /* it ends, the others go on (default)     */
    KERNEL_FAULT_RESTART,       /* it starts again, always                 */
    KERNEL_FAULT_RESTART_STOP,  /* again while it has restarted at most    */
                                /* fault_restarts times, then it ends      */
    KERNEL_FAULT_RESTART_PANIC, /* likewise, then the kernel panics        */
    KERNEL_FAULT_PANIC,         /* the kernel panics                       */
};

/* Where an app's short id comes from. Of apps with the same one only one
 * runs: that of the highest version, of these the first in flash. */
enum kernel_short_ids {
    KERNEL_IDS_NONE,           /* no app has one                          */
    KERNEL_IDS_HEADER,         /* its header says; else none              */
    KERNEL_IDS_NAME,           /* CRC-32 of its package name              */
    KERNEL_IDS_HEADER_OR_NAME, /* its header's; without one, its name's */
};

/* Whose stored objects an app may use (capsule/storage.h). Only an app with a
 * short id may use any. */
enum kernel_storage_rights {
    KERNEL_STORAGE_NONE,   /* nobody's                                    */
    KERNEL_STORAGE_OWN,    /* its own                                     */
    KERNEL_STORAGE_HEADER, /* what its header lists; its own without list */
};

/* State, counters, a picture of its memory and its registers, into the
 * kernel's messages. For struct kernel_config. */
void kernel_dump(const struct process *process);

/* Where the kernel itself lies; its linker script makes one (layout.ld). */
struct kernel_image {
    uint32_t code_start;
    uint32_t code_end;  /* constants follow   */
    uint32_t flash_end; /* behind all of it   */
    uint32_t stack_start;
    uint32_t data_start; /* where the stack ends */
    uint32_t data_end;
    uint32_t bss_end;
};

extern const struct kernel_image kernel_image;

struct kernel_config {
    struct kernel_area app_flash; /* where the list of apps lies            */
    struct kernel_area app_ram;   /* process blocks are cut from this       */

    struct process *processes; /* slots, all zero                           */
    uint32_t process_count;    /* below 0xff                                  */

    const struct kernel_driver *drivers;
    uint32_t driver_count; /* below 0xffff */

    struct hil_chip *chip;
    struct hil_slice_timer *slice_timer;
    struct scheduler *scheduler;

    struct hil_watchdog *watchdog; /* null: none                            */

    struct turn_watcher *turn_watcher; /* null: none */

    enum kernel_fault_policy fault_policy;
    uint32_t fault_restarts; /* for KERNEL_FAULT_RESTART_...                */

    /* Says what there is to say of a process that had a fault, and at a panic
     * of each: kernel_dump. Null: nothing, and the linker leaves kernel_dump
     * out, which is an eighth of a small kernel. */
    void (*dump)(const struct process *process);

    enum kernel_short_ids short_ids;
    bool uses_permissions; /* apps may call what their header lists, if it  */
                           /* has a list                                    */

    enum kernel_storage_rights storage_rights;

    /*
     * Looks at a process that broke a rule, before anything is said or done
     * about it: true, the process goes on. Null: none.
     */
    bool (*fault_hook)(struct process *process);

    const struct kernel_image *image; /* for pictures of memory; may be null */

    /* Writes text at once, waiting for the UART; after this nothing else
     * works any more. For panics only. */
    arch_put panic_put;
    void *panic_sink;
};

/*
 * Serves hardware and deferred calls until is_done: for what has to be finished
 * before the apps are looked at. Before kernel_boot; interrupts are enabled
 * from then on.
 */
void kernel_wait(const struct kernel_config *config,
                 bool (*is_done)(const void *context), const void *context);

/* Loads the apps. Call once, after the capsules' init functions. */
void kernel_boot(const struct kernel_config *config);

/* Runs processes and drivers for ever. */
_Noreturn void kernel_loop(void);

/* One turn of kernel_loop: serves hardware, or runs a process, or sleeps. */
void kernel_loop_once(void);

/*
 * A broken invariant of ours: prints the text and the state of every process
 * through panic_put, then halts. Never for what an app did.
 */
_Noreturn void kernel_panic(const char *text, const char *file, uint32_t line);

#define kernel_assert(condition) \
    ((condition) ? (void)0 : kernel_panic(#condition, __FILE__, __LINE__))

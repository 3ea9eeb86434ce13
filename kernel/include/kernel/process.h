/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A process: an app that was loaded, with everything the kernel knows of it.
 *
 * The board allocates an array of slots; the core owns their contents. A slot
 * is small, for there may be many: what the app's header in flash says is read
 * there when it is wanted. Of the process's RAM block
 *
 *   ram.start          app_break       kernel_break          ram.start+ram.size
 *      | stack, data, heap | (unused)      | grants | grant table |
 *
 * the lower part is the app's, the top the kernel's. At all times
 *
 *   ram.start <= high_water <= app_break <= enabled end <= kernel_break
 *
 * where the enabled end is what the protection hardware makes of app_break
 * (lib/place). A new life of the process starts with zeros in the whole block,
 * and whatever becomes accessible later is zeroed first.
 *
 * Context: kernel thread only.
 */

#include "arch/arch.h"
#include "capsule/process.h"

#include <stdbool.h>
#include <stdint.h>

enum process_state {
    PROCESS_EMPTY = 0,   /* no app in this slot                           */
    PROCESS_RUNNING,     /* runs or is ready                              */
    PROCESS_YIELDED,     /* waits for any upcall                          */
    PROCESS_YIELDED_FOR, /* waits for one upcall id                       */
    PROCESS_FAULTED,     /* broke a rule and was stopped                  */
    PROCESS_TERMINATED,  /* exited, or ended by management                */
};

/* Added to RUNNING, YIELDED or YIELDED_FOR while management has the process
 * stopped: it lives, upcalls wait for it, but it gets no processor. */
#define PROCESS_STOPPED 0x80u

/* How the latest life that is over ended. */
enum process_completion {
    PROCESS_NEVER_ENDED = 0,
    PROCESS_EXITED, /* completion_code tells with what */
    PROCESS_KILLED, /* by a fault                      */
};

#define PROCESS_NO_SYSCALL 0xffu /* last_class before the first */

/* Names one upcall: index in the board's driver table, subscribe number. */
struct upcall_id {
    uint8_t driver;
    uint8_t number;
};

/*
 * Upcalls that wait, oldest first. Function and userdata are not kept here:
 * Subscribe removes what waits for the old function, so that those in the
 * grant are always the ones an upcall was queued with. A *null upcall* is one
 * without a function.
 *
 * Upcalls with a function take at most UPCALL_QUEUE_COMMON places: a flood of
 * them cannot keep a process from the event it waits for, or is about to wait
 * for (kernel/upcall.c).
 */
#define UPCALL_QUEUE_COUNT  10u
#define UPCALL_QUEUE_COMMON (UPCALL_QUEUE_COUNT - 1)
#define UPCALL_NULL_PER_ID  3u /* null upcalls kept of one id, the newest */

struct upcall_args {
    uint32_t words[3];
};

struct upcall_queue {
    struct upcall_id ids[UPCALL_QUEUE_COUNT];
    struct upcall_id awaited; /* in PROCESS_YIELDED_FOR */
    uint8_t count;
    struct upcall_args args[UPCALL_QUEUE_COUNT];
};

/* Whose buffer a window of the process shows (kernel/share.c). */
struct process_share {
    uint8_t owner_plus_one; /* its slot + 1; 0: closed             */
    uint8_t driver;         /* index in the board's driver table   */
    uint8_t number;         /* of the owner's read-write buffer    */
};

struct process {
    struct arch_context context;
    struct arch_mpu mpu;
    struct arch_bounds bounds; /* ram_start and app_break */

    struct place_block ram;
    uint32_t kernel_break;
    uint32_t high_water; /* end of the highest RAM buffer ever allowed */

    uint32_t flash_start;
    uint32_t flash_size;
    uint32_t protected_size; /* app start = flash_start + protected_size */

    uint32_t id; /* new for every process and every restart */

    /* For the fault dump and process lists. The 16-bit ones stick at their
     * highest value. */
    uint32_t syscall_count;
    uint32_t expired_slices;
    uint32_t completion_code; /* of exit                      */
    uint32_t stack_top;       /* memop 10; 0 = not told       */
    uint32_t heap_start;      /* memop 11; 0 = not told       */
    uint16_t dropped_upcalls;
    uint16_t restart_count;
    uint8_t last_class; /* of system call */

    uint8_t state;          /* enum process_state            */
    uint8_t slot;           /* index in the board's array    */
    uint8_t completion : 2; /* enum process_completion       */
    uint8_t request : 3;    /* enum process_action; 0: none  */
    bool is_filtered : 1;   /* its header limits its calls   */
    bool is_shared : 1;     /* others may have windows on it */
    bool is_watched : 1;    /* capsule/turn.h                */
    struct process_share shares[PLACE_WINDOWS];
    struct upcall_queue upcalls;
    uint32_t last_args[4]; /* of last_class, but not of Command */
};

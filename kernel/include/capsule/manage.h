/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Processes for those who manage them: the process console, a driver that
 * tells apps about each other.
 *
 * Everything here wants a capability, which only a board can give. Without
 * one, null, the kernel panics.
 *
 * Ownership: names are borrowed from flash and good until the capsule returns.
 * Context: kernel thread only.
 */

#include "base/attr.h"
#include "base/span.h"
#include "capsule/print.h"
#include "capsule/process.h"

#include <stdbool.h>
#include <stdint.h>

struct capability_manage;

/* The numbers are those of the process information driver. */
enum process_action {
    PROCESS_ACTION_RESUME = 1,    /* of a stopped process                 */
    PROCESS_ACTION_STOP = 2,      /* of one that lives                    */
    PROCESS_ACTION_FAULT = 3,     /* as if it had broken a rule           */
    PROCESS_ACTION_TERMINATE = 4, /* also of one that faulted             */
    PROCESS_ACTION_BOOT = 5,      /* a new life after TERMINATE, or exit  */
};

enum process_status {
    PROCESS_STATUS_RUNNING = 0,
    PROCESS_STATUS_YIELDED = 1,
    PROCESS_STATUS_YIELDED_FOR = 2,
    PROCESS_STATUS_STOPPED = 3,
    PROCESS_STATUS_FAULTED = 4,
    PROCESS_STATUS_TERMINATED = 5,
};

struct process_info {
    struct process_ref ref;
    uint32_t short_id; /* 0: none                                   */
    uint32_t version;  /* of the app; 0: none                       */
    struct span name;  /* not terminated, maybe empty; hostile text */
    enum process_status status;
    uint32_t expired_slices;
    uint32_t syscalls;
    uint32_t restarts;
    uint32_t dropped_upcalls;
    uint32_t grants_used;
    uint32_t grants_total;
};

/* The process in a slot, also one that has ended; null if the slot is empty
 * or there is none of this number. */
struct process *manage_process(const struct capability_manage *capability,
                               uint32_t slot);

/* How many slots there are. */
uint32_t manage_slots(const struct capability_manage *capability);

void manage_info(const struct capability_manage *capability,
                 const struct process *process, struct process_info *out);

/*
 * Does it before any process runs again; so it is safe for the process whose
 * system call caused it. An action that the process's state does not allow
 * does nothing. Of two for the same process the later one counts.
 */
void manage_request(const struct capability_manage *capability,
                    struct process *process, enum process_action action);

/*
 * Takes an app out of memory at once: its slot and RAM are free. Not for the
 * process whose system call is being served.
 */
void manage_unload(const struct capability_manage *capability,
                   struct process *process);

/* Starts the app at this flash address, as at boot, with a line on the
 * console. False if it was not started. */
MUST_USE bool manage_load(const struct capability_manage *capability,
                          uint32_t addr);

/* Its state as people know it: "Yielded", "Stopped(Running)". */
void manage_put_state(const struct capability_manage *capability,
                      const struct process *process, struct print_sink *to);

/*
 * What is in a fault dump: the process's state, its counters and a picture of
 * its memory, line by line with CR LF, so that nobody needs room for all of
 * it. False if there is no line of this number.
 */
bool manage_put_process_line(const struct capability_manage *capability,
                             const struct process *process, uint32_t line,
                             struct print_sink *to);

/* Likewise the memory of the kernel itself; no lines if the board did not
 * say where it is. */
bool manage_put_kernel_line(const struct capability_manage *capability,
                            uint32_t line, struct print_sink *to);

/* The end: the kernel says this and all it knows, and halts. */
_Noreturn void manage_panic(const struct capability_manage *capability,
                            const char *text);

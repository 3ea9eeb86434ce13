/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * All of the core's state that changes, besides the process slots.
 *
 * Invariants, between any two turns of the loop:
 * - every process slot obeys kernel/process.h;
 * - next_id is above the id of every process that ever lived;
 * - the deferred list holds each set object once, ends with null, and
 *   deferred_last is its last element if it is not empty; likewise the
 *   background list;
 * - grant_count is the number of drivers with a grant and does not change
 *   after boot, nor does grant_table, the size of the tables for so many;
 * - slots_used is above the index of every slot that ever had a process;
 * - log: used <= LOG_SIZE, read < LOG_SIZE, and the used bytes are whole
 *   pieces of text.
 */

#include "capsule/log.h"
#include "hil/deferred.h"
#include "kernel/kernel.h"

#include <stdbool.h>
#include <stdint.h>

/* Room for the dumps of two processes that fault at once. */
#define LOG_SIZE 8192u

/* Rows of the board's driver table that were looked for last, by number. */
#define RECENT_DRIVERS 16u

/* What a process's header says of a driver: found once, asked for often. */
#define RECENT_PERMISSIONS 8u

struct recent_permission {
    uint32_t life; /* the process's id + 1; 0: none */
    uint32_t driver;
    uint32_t record;
    bool is_listed;
    uint64_t mask;
};

struct log_ring {
    uint8_t bytes[LOG_SIZE];
    uint32_t read; /* index of the oldest byte */
    uint32_t used; /* bytes from there, wrapping */
    bool has_lost; /* text was dropped since the last that fitted */
    struct log_reader *reader;
    struct deferred notice; /* tells the reader */
};

struct kernel_state {
    struct kernel_driver recent_drivers[RECENT_DRIVERS]; /* syscall.c */
    struct recent_permission recent_permissions[RECENT_PERMISSIONS];
    const struct kernel_config *config;
    uint32_t next_id;
    uint32_t grant_count;
    uint32_t grant_table; /* bytes */
    uint32_t slots_used;
    struct deferred *deferred_first;
    struct deferred *deferred_last;
    struct deferred *background_first; /* a second such list */
    struct deferred *background_last;
    struct deferred requests;      /* actions on processes (manage.c)       */
    struct deferred reschedule;    /* the scheduler is to look again        */
    const struct process *running; /* the process that has the slice, while
                                    * the loop is in it; else null */
    struct log_ring log;
    bool is_panicking; /* text goes straight to panic_put */
};

extern struct kernel_state kernel;

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The changes of a board that are cut: flash as it is before, the command, and
 * what has to hold; and plans that are wrong on purpose.
 *
 * Ownership: a world's memory is this module's, until forget_worlds.
 */

#include "change.h"
#include "judge.h"

enum { MAX_PAGES = 64 };

#define START 0x21100000u

enum command { INSTALL, REMOVE, DISABLE, ENABLE };

struct world {
    struct board board;
    uint32_t page;
    uint32_t unit;
    uint8_t *image; /* the whole flash at the beginning              */
    uint32_t size;  /* of it                                         */
    uint32_t front; /* bytes of the journal in front of apps, or 0   */
    uint8_t *flash; /* the apps in it                                */
    uint32_t end;   /* of what stands there */
    enum command command;
    struct image images[MAX_APPS];
    size_t image_count;
    const char *names[MAX_APPS];
    size_t name_count;
    bool erase_others;
    bool old_may_stay; /* the old one is out of use as it is */
    struct expect expect;
};

struct scenario {
    const char *name;
    void (*make)(struct world *w);
};

extern const struct scenario scenarios[];
extern const size_t scenario_count;

const struct scenario *find_scenario(const char *name);

/* With front the kernel has a journal. */
struct world make_world(const struct scenario *scenario, uint32_t page,
                        uint32_t unit, bool has_journal);
void forget_worlds(void);

/* Changes a plan, after it was made. */
typedef void mutator(struct plan *plan);

struct mutant {
    const char *name;
    mutator *mutate;
    const char *scenario;
};

extern const struct mutant mutants[];
extern const size_t mutant_count;

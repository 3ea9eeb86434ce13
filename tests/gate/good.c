/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* Everything that a capsule may do with pointers and arrays, for the gate. */

#include "base/le.h"
#include "capsule/buffer.h"
#include "capsule/element.h"
#include "capsule/grant.h"
#include "capsule/self.h"
#include "capsule/upcall.h"
#include "hil/deferred.h"

#include <stdbool.h>
#include <stddef.h>

#define PIECE 16u /* bytes */

enum {
    FIELD_SECOND = 4,
    FIELDS_SIZE = 12,
};

struct entry {
    uint32_t at;
    uint8_t text[4];
};

struct good {
    struct driver driver;
    struct deferred deferred;
    struct entry entries[3];
    uint8_t piece[PIECE];
};

struct good_grant {
    uint32_t done;
};

void good_init(struct good *self);

static uint32_t sum(struct span bytes)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < bytes.len; i++)
        sum += span_get(bytes, i);
    return sum;
}

static void run(struct deferred *deferred)
{
    struct good *self = CAPSULE_SELF(struct good, deferred, deferred);
    struct process *process = process_next(NULL);

    for (; process != NULL; process = process_next(process))
        upcall_schedule(&self->driver, process, 0, self->entries[0].at, 0, 0);
}

static struct command_return take(struct good *self, struct process *caller,
                                  struct good_grant *mine)
{
    struct span piece = span_part(
        (struct span){self->piece, sizeof(self->piece)}, 0, mine->done);
    uint32_t count =
        buffer_readonly_get(&self->driver, caller, 0, mine->done, piece);

    mine->done += count;
    deferred_set(&self->deferred);
    return command_success_u32(sum(span_part(piece, 0, count)));
}

static struct command_return fields(struct good *self, struct process *caller,
                                    uint32_t at)
{
    uint8_t bytes[FIELDS_SIZE];
    struct entry *entry = ELEMENT(self->entries, at);

    le32_store(&bytes[0], entry->at);
    le64_store(&bytes[FIELD_SECOND], entry->text[at % 4]);
    buffer_writable_put(&self->driver, caller, 0, 0,
                        (struct span){bytes, sizeof(bytes)});
    return command_success();
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    struct good *self = CAPSULE_SELF(struct good, driver, driver);
    struct command_return answer;
    struct grant grant;

    (void)arg1;
    if (number == 1)
        return arg0 < ARRAY_COUNT(self->entries) ? fields(self, caller, arg0)
                                                 : command_failure(TOCK_INVAL);
    if (grant_enter(&self->driver, caller, &grant) != TOCK_OK)
        return command_failure(TOCK_NOMEM);
    answer = take(self, caller, GRANT_DATA(&grant, struct good_grant));
    grant_leave(&grant);
    return answer;
}

static void delivered(struct driver *driver, struct process *to,
                      uint32_t number, uint32_t words[3])
{
    (void)driver;
    (void)to;
    words[2] = number;
}

void good_init(struct good *self)
{
    static const struct driver_ops ops = {.command = command,
                                          .delivered = delivered};
    static const struct grant_layout layout = {
        .upcalls = 1, .size = sizeof(struct good_grant)};

    self->driver.ops = &ops;
    self->driver.grant = &layout;
    self->deferred = (struct deferred){.run = run};
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A key's value is its first sound valid object, its regions taken in the
 * key's order and objects from a region's start. Usually there is one at most.
 * There are two when a cut came between the new value and the end of the old
 * one: either is right, and the rule makes the choice the same for ever. That
 * is why the others of a key are dropped from the last one on: as long as the
 * first is there, nothing has changed.
 */
#include "steps.h"

enum tickv_turn go_to(struct tickv *self, tickv_state state)
{
    self->state = state;
    return TICKV_AGAIN;
}

static enum tickv_turn over(struct tickv *self)
{
    (void)self;
    return TICKV_DONE;
}

enum tickv_turn finish(struct tickv *self, enum tickv_status status)
{
    self->status = status;
    self->state = over;
    return TICKV_DONE;
}

static enum tickv_turn succeed(struct tickv *self)
{
    return finish(self, TICKV_OK);
}

enum tickv_turn tickv_step(struct tickv *self)
{
    return self->state(self);
}

void tickv_init(struct tickv *self, struct tickv_flash *flash)
{
    *self = (struct tickv){.flash = flash, .state = over};
}

/* --- passes over the regions ---------------------------------------------- */

static enum tickv_turn find_in_region(struct tickv *self)
{
    uint32_t region = region_in_order(self, self->pass.key, self->pass.index);

    if (region != self->pass.exclude)
        self->found = region_find(self, region, self->pass.key);
    self->pass.index++;
    if (self->found.len != 0 || self->pass.index == self->flash->regions)
        return go_to(self, self->pass.then);
    return TICKV_AGAIN;
}

enum tickv_turn find(struct tickv *self, uint64_t key, uint32_t exclude,
                     tickv_state then)
{
    self->pass.key = key;
    self->pass.index = 0;
    self->pass.exclude = exclude;
    self->pass.then = then;
    self->found = (struct tickv_object){0};
    return go_to(self, find_in_region);
}

static enum tickv_turn drop_last(struct tickv *self)
{
    uint32_t region =
        region_in_order(self, self->pass.key, self->pass.index - 1);
    struct tickv_object last =
        region_find_last(self, region, self->pass.key, self->pass.keep);

    if (last.len != 0)
        return write_invalid(self, &last, drop_last);
    self->pass.index--;
    return self->pass.index == 0 ? go_to(self, self->pass.then) : TICKV_AGAIN;
}

enum tickv_turn drop(struct tickv *self, uint64_t key, uint32_t keep,
                     tickv_state then)
{
    self->pass.key = key;
    self->pass.index = self->flash->regions;
    self->pass.keep = keep;
    self->pass.then = then;
    return go_to(self, drop_last);
}

/* --- values --------------------------------------------------------------- */

static enum tickv_turn got(struct tickv *self)
{
    return finish(self, self->found.len != 0 ? TICKV_OK : TICKV_NOT_FOUND);
}

void tickv_get(struct tickv *self, uint64_t key)
{
    (void)find(self, key, NOWHERE, got);
}

uint32_t tickv_value_len(const struct tickv *self)
{
    return self->found.len - TICKV_OVERHEAD;
}

bool tickv_value_read(const struct tickv *self, uint32_t off, struct span into)
{
    uint32_t len = tickv_value_len(self);

    return off <= len && into.len <= len - off &&
           flash_read(self, self->found.offset + HEADER_LEN + off, into);
}

static enum tickv_turn drop_older(struct tickv *self)
{
    return drop(self, self->request.key, self->write.to, succeed);
}

static enum tickv_turn place_value(struct tickv *self)
{
    if (self->found.len != 0 && self->request.is_append)
        return finish(self, TICKV_PRESENT);
    if (self->found.len != 0 &&
        object_has_value(self, &self->found, self->request.value))
        return finish(self, TICKV_OK);
    format_object(self->request.key, self->request.value, self->head,
                  self->tail);
    self->place.len = TICKV_OVERHEAD + self->request.value.len;
    return place(self, self->request.key, drop_older);
}

static void store_value(struct tickv *self, uint64_t key, struct span value,
                        bool is_append)
{
    self->request.key = key;
    self->request.value = value;
    self->request.is_append = is_append;
    if (key == MARK_KEY)
        (void)finish(self, TICKV_RESERVED);
    else if (value.len > tickv_max_value(self->flash))
        (void)finish(self, TICKV_TOO_LONG);
    else
        (void)find(self, key, NOWHERE, place_value);
}

void tickv_set(struct tickv *self, uint64_t key, struct span value)
{
    store_value(self, key, value, false);
}

void tickv_append(struct tickv *self, uint64_t key, struct span value)
{
    store_value(self, key, value, true);
}

static enum tickv_turn drop_all(struct tickv *self)
{
    if (self->found.len == 0)
        return finish(self, TICKV_NOT_FOUND);
    return drop(self, self->pass.key, NOWHERE, succeed);
}

void tickv_invalidate(struct tickv *self, uint64_t key)
{
    if (key == MARK_KEY)
        (void)finish(self, TICKV_RESERVED);
    else
        (void)find(self, key, NOWHERE, drop_all);
}

/* --- mounting ------------------------------------------------------------- */

static enum tickv_turn write_mark(struct tickv *self)
{
    self->request.value.len = 0;
    format_object(MARK_KEY, self->request.value, self->head, self->tail);
    self->place.len = TICKV_OVERHEAD;
    return place(self, MARK_KEY, succeed);
}

/* Nothing of what is there is worth keeping. */
static enum tickv_turn clear_next(struct tickv *self)
{
    uint32_t region = self->mount.region++;
    struct survey survey;

    if (region == self->flash->regions)
        return go_to(self, write_mark);
    survey = region_survey(self, region);
    if (survey.is_unread)
        return finish(self, TICKV_FLASH);
    if (survey.used == 0 && survey.is_open)
        return TICKV_AGAIN;
    return clear_blank(self, region, clear_next);
}

static enum tickv_turn surveyed_all(struct tickv *self)
{
    if (!self->mount.has_objects) {
        self->mount.region = 0;
        return go_to(self, clear_next);
    }
    if (!self->mount.has_mark)
        return go_to(self, write_mark);
    if (self->mount.free_count == 0 && self->flash->regions > 1)
        return restore_spare(self);
    return finish(self, TICKV_OK);
}

static enum tickv_turn survey_next(struct tickv *self)
{
    uint32_t region = self->mount.region;
    struct survey survey = region_survey(self, region);

    if (survey.is_unread)
        return finish(self, TICKV_FLASH);
    if (!survey.is_open && is_torn_object(self, survey.end))
        return write_version(self, survey.end, survey_next);
    self->mount.has_objects |= survey.live != 0;
    self->mount.has_mark |= survey.has_mark;
    if (survey_is_free(&survey))
        self->mount.free_count++;
    else if (survey.live == 0)
        self->mount.hollow = region;
    self->mount.region++;
    if (self->mount.region == self->flash->regions)
        return go_to(self, surveyed_all);
    return TICKV_AGAIN;
}

void tickv_mount(struct tickv *self)
{
    self->mount.region = 0;
    self->mount.hollow = NOWHERE;
    self->mount.free_count = 0;
    self->mount.has_objects = false;
    self->mount.has_mark = false;
    (void)go_to(self, survey_next);
}

/* --- collecting ----------------------------------------------------------- */

static enum tickv_turn collect_next(struct tickv *self)
{
    uint32_t region = self->mount.region++;
    struct survey survey;

    if (region == self->flash->regions)
        return finish(self, TICKV_OK);
    survey = region_survey(self, region);
    if (survey.is_unread)
        return finish(self, TICKV_FLASH);
    if (survey.live != 0 || survey_is_free(&survey))
        return TICKV_AGAIN;
    return clear(self, region, collect_next);
}

void tickv_collect(struct tickv *self)
{
    self->mount.region = 0;
    (void)go_to(self, collect_next);
}

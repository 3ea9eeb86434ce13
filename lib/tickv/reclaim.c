/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Room. One region is kept *free*: nothing valid in it. When nothing fits any
 * more, a victim is chosen, what is valid in it is copied to the free region,
 * and the victim is cleared: it is the free one now. Until the moment when it
 * is cleared all of it is still there, so a cut before leaves two of some
 * objects and no free region; restore_spare then finds the region of which
 * nothing is needed.
 *
 * Clearing: the version of the first object becomes 0, by a single bit, and
 * with it nothing in the region is an object any more. Then all of it becomes
 * zeros, and only then it is erased: what a cut leaves of that is not made of
 * what apps stored.
 */
#include "steps.h"

/* --- clearing ------------------------------------------------------------- */

static enum tickv_turn fill(struct tickv *self)
{
    return write_filler(self, region_start(self, self->reclaim.region),
                        self->reclaim.then);
}

static enum tickv_turn erased(struct tickv *self)
{
    return go_to(self, self->reclaim.is_blank ? self->reclaim.then : fill);
}

static enum tickv_turn erase(struct tickv *self)
{
    self->order = (struct tickv_order){
        .offset = region_start(self, self->reclaim.region)};
    self->state = erased;
    return TICKV_ERASE;
}

static enum tickv_turn wipe_rest(struct tickv *self)
{
    uint32_t start = region_start(self, self->reclaim.region);

    return write_zeros(self, start + 1, start + self->flash->region_size,
                       erase);
}

/* If the first byte is no version there are no objects; what is behind it goes
 * first then, so that no cut makes it one. */
static enum tickv_turn wipe(struct tickv *self)
{
    uint32_t start = region_start(self, self->reclaim.region);
    uint8_t first;

    if (!flash_read(self, start, (struct span){&first, 1}))
        return finish(self, TICKV_FLASH);
    if (first != VERSION)
        return go_to(self, wipe_rest);
    return write_zeros(self, start, start + 1, wipe_rest);
}

static enum tickv_turn start_clear(struct tickv *self, uint32_t region,
                                   bool is_blank, tickv_state then)
{
    self->reclaim.region = region;
    self->reclaim.is_blank = is_blank;
    self->reclaim.then = then;
    return go_to(self, wipe);
}

enum tickv_turn clear(struct tickv *self, uint32_t region, tickv_state then)
{
    return start_clear(self, region, false, then);
}

enum tickv_turn clear_blank(struct tickv *self, uint32_t region,
                            tickv_state then)
{
    return start_clear(self, region, true, then);
}

/* --- moving --------------------------------------------------------------- */

static enum tickv_turn move_next(struct tickv *self);

static enum tickv_turn moved(struct tickv *self)
{
    self->reclaim.target += self->reclaim.object.len;
    return go_to(self, move_next);
}

static enum tickv_turn move(struct tickv *self)
{
    return write_copy(self, &self->reclaim.object, self->reclaim.target, moved);
}

/* Another of its key may be first then: the copy has another place in the
 * order. So there may be no others. */
static enum tickv_turn judge(struct tickv *self)
{
    if (self->found.offset != self->reclaim.object.offset)
        return go_to(self, move_next); /* it is not its key's value */
    return drop(self, self->reclaim.object.key, self->reclaim.object.offset,
                move);
}

static enum tickv_turn move_next(struct tickv *self)
{
    struct tickv_object object =
        region_next(self, self->reclaim.region, self->reclaim.at);

    if (object.len == 0)
        return go_to(self, wipe);
    self->reclaim.object = object;
    self->reclaim.at = object.offset + object.len;
    return find(self, object.key, NOWHERE, judge);
}

enum tickv_turn reclaim(struct tickv *self, uint32_t region, uint32_t target,
                        tickv_state then)
{
    self->reclaim.region = region;
    self->reclaim.is_blank = false;
    self->reclaim.at = region_start(self, region);
    self->reclaim.target = target;
    self->reclaim.then = then;
    return go_to(self, move_next);
}

/* --- a free region after a cut -------------------------------------------- */

/*
 * A region can go if each key that has its value there has the same one
 * elsewhere.
 */
static enum tickv_turn try_next(struct tickv *self);

static enum tickv_turn restored(struct tickv *self)
{
    return finish(self, TICKV_OK);
}

static enum tickv_turn is_first_same(struct tickv *self)
{
    if (self->found.len == 0 ||
        !objects_are_equal(self, &self->found, &self->reclaim.object)) {
        self->mount.region++;
        self->reclaim.at = region_start(self, self->mount.region);
    }
    return go_to(self, try_next);
}

static enum tickv_turn look_elsewhere(struct tickv *self)
{
    if (self->found.offset != self->reclaim.object.offset)
        return go_to(self, try_next); /* it is not its key's value */
    return find(self, self->found.key, self->mount.region, is_first_same);
}

static enum tickv_turn try_next(struct tickv *self)
{
    struct tickv_object object;

    if (self->mount.region == self->flash->regions)
        return finish(self, TICKV_OK);
    object = region_next(self, self->mount.region, self->reclaim.at);
    if (object.len == 0)
        return clear(self, self->mount.region, restored);
    self->reclaim.object = object;
    self->reclaim.at = object.offset + object.len;
    return find(self, object.key, NOWHERE, look_elsewhere);
}

enum tickv_turn restore_spare(struct tickv *self)
{
    if (self->mount.hollow != NOWHERE)
        return clear(self, self->mount.hollow, restored);
    self->mount.region = 0;
    self->reclaim.at = 0;
    return go_to(self, try_next);
}

/* --- placing -------------------------------------------------------------- */

static enum tickv_turn place_in_next(struct tickv *self);

static enum tickv_turn look_for_room(struct tickv *self)
{
    self->place.index = 0;
    self->place.fit = NOWHERE;
    self->place.skipped = NOWHERE;
    self->place.victim = NOWHERE;
    self->place.spare = NOWHERE;
    self->place.free_count = 0;
    return go_to(self, place_in_next);
}

static enum tickv_turn write_placed(struct tickv *self)
{
    return write_object(self, self->place.fit, self->place.then);
}

/* Other readers of the format end their search at a blank region. */
static enum tickv_turn place_at(struct tickv *self, uint32_t offset)
{
    self->place.fit = offset;
    if (self->place.skipped != NOWHERE)
        return write_filler(self, self->place.skipped, write_placed);
    return go_to(self, write_placed);
}

static bool has_room(const struct tickv *self, uint32_t used)
{
    return used + self->place.len + ROOM_BEHIND <= self->flash->region_size;
}

/* Would the object fit behind what is valid in this region? */
static void consider_victim(struct tickv *self, uint32_t region,
                            const struct survey *survey)
{
    if (!has_room(self, FILLER_LEN + survey->live) && survey->live != 0)
        return;
    if (self->place.victim != NOWHERE &&
        self->place.victim_live <= survey->live)
        return;
    self->place.victim = region;
    self->place.victim_live = survey->live;
}

/* All regions have been looked at. */
static enum tickv_turn make_room(struct tickv *self)
{
    uint32_t victim = self->place.victim;

    if (self->place.fit != NOWHERE)
        return place_at(self, self->place.fit);
    if (victim == NOWHERE || self->place.reclaims == 0)
        return finish(self, TICKV_FULL);
    self->place.reclaims--;
    if (self->place.victim_live == 0)
        return clear(self, victim, look_for_room);
    if (self->place.spare == NOWHERE)
        return finish(self, TICKV_FULL);
    return reclaim(self, victim, self->place.spare, look_for_room);
}

/* The last free region is kept for moving. */
static enum tickv_turn place_in_free(struct tickv *self,
                                     const struct survey *survey)
{
    uint32_t needed = self->flash->regions > 1 ? 2 : 1;

    if (self->place.free_count == 0) {
        self->place.spare = survey->end;
        self->place.skipped = survey->used == 0 ? survey->end : NOWHERE;
    }
    self->place.free_count++;
    if (self->place.free_count < needed)
        return TICKV_AGAIN;
    self->place.skipped = NOWHERE;
    return place_at(self, self->place.spare);
}

/* One region a time: a used one with room, or the first of two free ones. */
static enum tickv_turn place_in_next(struct tickv *self)
{
    uint32_t region;
    struct survey survey;

    if (self->place.index == self->flash->regions)
        return make_room(self);
    region = region_in_order(self, self->place.key, self->place.index++);
    survey = region_survey(self, region);
    if (survey.is_unread)
        return finish(self, TICKV_FLASH);
    if (survey_is_free(&survey))
        return place_in_free(self, &survey);
    if (survey.is_open && has_room(self, survey.used)) {
        if (self->place.free_count == 0)
            return place_at(self, survey.end);
        if (self->place.fit == NOWHERE)
            self->place.fit = survey.end;
    }
    consider_victim(self, region, &survey);
    return TICKV_AGAIN;
}

enum tickv_turn place(struct tickv *self, uint64_t key, tickv_state then)
{
    self->place.key = key;
    self->place.then = then;
    self->place.reclaims = 2 * self->flash->regions;
    return look_for_room(self);
}

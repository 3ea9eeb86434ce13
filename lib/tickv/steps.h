/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The pieces that operations are made of. Each of them is begun by a function
 * that sets the store's state and ends by setting it to what was given as
 * `then`; none is begun while another of the same kind is under way.
 */

#include "format.h"

/* The operation is over. */
enum tickv_turn finish(struct tickv *self, enum tickv_status status);

/* Goes on with this state. */
enum tickv_turn go_to(struct tickv *self, tickv_state state);

/* --- write.c: bytes into the flash ---------------------------------------- */

/* The object of self->head, value and tail to this offset; its version last. */
enum tickv_turn write_object(struct tickv *self, uint32_t offset,
                             tickv_state then);

/* A copy of an object, likewise. */
enum tickv_turn write_copy(struct tickv *self,
                           const struct tickv_object *object, uint32_t offset,
                           tickv_state then);

/* An invalid object without a value. */
enum tickv_turn write_filler(struct tickv *self, uint32_t offset,
                             tickv_state then);

/* The object is invalid from now on. */
enum tickv_turn write_invalid(struct tickv *self,
                              const struct tickv_object *object,
                              tickv_state then);

/* Its version is whole again. */
enum tickv_turn write_version(struct tickv *self, uint32_t offset,
                              tickv_state then);

/* Zeros wherever [offset, end) is not erased. */
enum tickv_turn write_zeros(struct tickv *self, uint32_t offset, uint32_t end,
                            tickv_state then);

/* --- store.c: keys -------------------------------------------------------- */

/* The object that is the key's value goes to self->found; those in the region
 * exclude (or NOWHERE) are left out. */
enum tickv_turn find(struct tickv *self, uint64_t key, uint32_t exclude,
                     tickv_state then);

/* Invalidates all objects of the key but the one at keep (or NOWHERE), the one
 * that is its value last. */
enum tickv_turn drop(struct tickv *self, uint64_t key, uint32_t keep,
                     tickv_state then);

/* --- reclaim.c: room ------------------------------------------------------ */

/* Stores self->head, value and tail where there is room, and makes room if
 * need be. Its offset is self->write.to then. */
enum tickv_turn place(struct tickv *self, uint64_t key, tickv_state then);

/* Moves what is valid in a region to the offset target, and erases it. */
enum tickv_turn reclaim(struct tickv *self, uint32_t region, uint32_t target,
                        tickv_state then);

/* Erases a region of which nothing is needed, and puts a filler in. */
enum tickv_turn clear(struct tickv *self, uint32_t region, tickv_state then);

/* Erases it and leaves it blank. */
enum tickv_turn clear_blank(struct tickv *self, uint32_t region,
                            tickv_state then);

/* After a power cut: frees a region, if one can be freed. */
enum tickv_turn restore_spare(struct tickv *self);

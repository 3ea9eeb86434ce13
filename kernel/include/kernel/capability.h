/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Proofs that the board trusts a capsule with something harmful.
 *
 * A function that can do harm wants a pointer to one of these. Capsules know
 * the types by name only and cannot make one: they have the pointer from
 * their board, or not at all.
 */

/* Looking at and controlling every process (capsule/manage.h). */
struct capability_manage {
    char unused;
};

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Changing an object on flash by clearing bits only.
 *
 * Flash turns ones into zeros at any time, zeros into ones only a page at a
 * time. An app can therefore be taken out of use, without touching the list
 * it stands in, by clearing bits of its flags and checksum. A cut in the
 * middle of that, or in the middle of the word that puts an object into the
 * list, leaves a header that no kernel starts; the functions with "finish" in
 * their names recognise it and complete it. docs/update-safety.md tells the
 * order in which the words are written, and why.
 *
 * Ownership: the caller's bytes, changed in place; to be tried on a copy.
 * Context: pure, any. Trust: the bytes may come from an attacker.
 */

#include "tbf/tbf.h"

/* What decides that and how far the list goes on: version and sizes. Without
 * this bit of its first byte, the version's only one, the list ends there. */
enum { TBF_HEAD_SIZE = 8, TBF_TOTAL_SIZE_AT = 4, TBF_VERSION_BIT = 2 };

/* What decides whether an object is alive: flags and checksum. */
enum { TBF_FLAGS_AT = 8, TBF_CHECKSUM_AT = 12 };

/*
 * Disables an enabled app and leaves a valid header: one bit of the flags and
 * one of the checksum. False, nothing changed, if that would have to set the
 * checksum's bit. The header was accepted by tbf_parse.
 */
bool tbf_clear_enabled(uint8_t *header);

/* Takes the object out of use for good: not enabled, checksum zero. */
void tbf_clear_retire(uint8_t *header);

/* Is it retired that way? The object's status is TBF_BAD_CHECKSUM. */
bool tbf_clear_is_retired(const uint8_t *header);

/*
 * Completes a disabling or a retirement that was interrupted behind the flag,
 * which goes first in both. The status is TBF_BAD_CHECKSUM. False, nothing
 * changed, if the header is damaged in any other way, or retired already.
 */
bool tbf_clear_finish(uint8_t *header, uint32_t header_size);

/*
 * Completes an interrupted write of the word that puts an object into the
 * list, or, where the flash writes them together, of that word and the total
 * size: clears what is left to clear so that the header is valid. All other
 * bytes are in place. bytes are the object and what follows it, up to the end
 * of the region; behind the object they are erased, or padding. False, nothing
 * changed, if no such bits make it valid.
 */
bool tbf_clear_finish_head(uint8_t *bytes, uint32_t len, bool with_total_size);

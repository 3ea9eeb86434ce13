/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The file link: a flash image in a file, for QEMU, CI and factory images.
 *
 * Byte 0 of the file is the board's first flash byte. Bytes beyond the end of
 * the file read as erased (0xff), and so does a file that does not exist; the
 * file is made, or made longer, only as far as something is written, and the
 * gap is filled with 0xff. Bytes of the file behind the flash are kept.
 *
 * Opened with LINK_FILE_WRITE the link is atomic: the first write makes a copy
 * in memory, all writes go there, and finish puts it in the image's place in
 * one step. A command that fails or is killed leaves the image exactly as it
 * was. With LINK_FILE_IN_PLACE each operation goes to the image at once, as
 * on a board's flash. Commands that write hold a lock on the image, so that
 * two at once cannot lose each other's work.
 */

#include "boards.h"
#include "link/link.h"

enum link_file_mode { LINK_FILE_READ, LINK_FILE_WRITE, LINK_FILE_IN_PLACE };

/* Opens the image at path; null with *e set if it cannot be used. */
struct link *link_file_open(const struct board *board, const char *path,
                            enum link_file_mode mode, struct err *e);

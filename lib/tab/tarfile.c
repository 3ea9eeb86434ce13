/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tarfile.h"

#include "host/alloc.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 512 }; /* of a tar file */

static int damaged(struct archive *a, struct err *e)
{
    const char *why = archive_error_string(a);

    return err_set(e, ERR_INPUT, "not a readable tar archive: %s",
                   why != NULL ? why : "unknown reason");
}

/* Reads one member's data and hands it on. */
static int take_member(struct archive *a, struct archive_entry *entry,
                       size_t limit, tarfile_take *take, void *context,
                       struct err *e)
{
    struct tarfile_member member = {.name = archive_entry_pathname(entry)};
    int64_t size = archive_entry_size(entry);

    if (member.name == NULL)
        return err_set(e, ERR_INPUT, "a member's name cannot be read");
    if (archive_entry_filetype(entry) != AE_IFREG ||
        archive_entry_hardlink(entry) != NULL ||
        archive_entry_sparse_count(entry) != 0)
        return err_set(e, ERR_INPUT, "member '%s' is not a plain file",
                       member.name);
    if (size < 0 || (uint64_t)size > limit)
        return err_set(e, ERR_INPUT,
                       "member '%s' claims to be larger than the archive",
                       member.name);

    uint8_t *bytes = alloc_resize(NULL, (size_t)size, 1);
    int result = -1;
    la_ssize_t got = archive_read_data(a, bytes, (size_t)size);

    if (got < 0) {
        damaged(a, e);
    } else if (got != size) {
        err_set(e, ERR_INPUT, "the archive ends inside member '%s'",
                member.name);
    } else {
        member.bytes = bytes;
        member.len = (size_t)size;
        member.mtime = archive_entry_mtime(entry);
        result = take(context, &member, e);
    }
    free(bytes);
    return result;
}

static int walk(struct archive *a, size_t len, tarfile_take *take,
                void *context, struct err *e)
{
    struct archive_entry *entry;
    int status;

    while ((status = archive_read_next_header(a, &entry)) == ARCHIVE_OK ||
           status == ARCHIVE_WARN)
        if (take_member(a, entry, len, take, context, e) != 0)
            return -1;
    if (status != ARCHIVE_EOF)
        return damaged(a, e);

    /*
     * libarchive takes the end of the file for the end of the archive. A
     * whole archive has two blocks of zeros there; without them the file was
     * cut between two members.
     */
    int64_t end = archive_read_header_position(a);
    if (end < 0 || (uint64_t)end > len || len - (uint64_t)end < 2 * BLOCK)
        return err_set(e, ERR_INPUT, "the archive is cut off after %zu bytes",
                       len);
    return 0;
}

int tarfile_walk(const uint8_t *bytes, size_t len, tarfile_take *take,
                 void *context, struct err *e)
{
    struct archive *a = archive_read_new();
    int result = -1;

    if (a == NULL)
        return err_set(e, ERR_INTERNAL, "libarchive cannot start");
    archive_read_support_format_tar(a);
    if (archive_read_open_memory(a, bytes, len) != ARCHIVE_OK)
        damaged(a, e);
    else
        result = walk(a, len, take, context, e);
    archive_read_free(a);
    return result;
}

/* Where libarchive's output goes: piece by piece, in order. */
struct sink {
    struct file_pieces *out;
    size_t own_len;
    const struct tarfile_member *member; /* being written; null at the end */
};

static void add_piece(struct file_pieces *out, const void *bytes, size_t len)
{
    struct file_piece *last =
        out->count != 0 ? &out->list[out->count - 1] : NULL;

    if (last != NULL && (const uint8_t *)last->bytes + last->len == bytes)
        last->len += len;
    else
        out->list[out->count++] = (struct file_piece){bytes, len};
}

/* Without a block size libarchive hands on the very bytes it is given. */
static bool is_lasting(const struct tarfile_member *m, const void *bytes)
{
    uintptr_t at = (uintptr_t)bytes;
    uintptr_t start = m != NULL ? (uintptr_t)m->bytes : 0;

    return m != NULL && m->is_lasting && at >= start && at - start < m->len;
}

static la_ssize_t take_output(struct archive *a, void *context,
                              const void *bytes, size_t len)
{
    struct sink *sink = context;

    (void)a;
    if (is_lasting(sink->member, bytes)) {
        add_piece(sink->out, bytes, len);
    } else if (len != 0) {
        uint8_t *own = sink->out->own + sink->own_len;

        memcpy(own, bytes, len);
        sink->own_len += len;
        add_piece(sink->out, own, len);
    }
    return (la_ssize_t)len;
}

static int put_member(struct archive *a, struct archive_entry *entry,
                      const struct tarfile_member *member)
{
    archive_entry_clear(entry);
    archive_entry_set_pathname(entry, member->name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)member->len);
    archive_entry_set_mtime(entry, member->mtime, 0);
    if (archive_write_header(a, entry) != ARCHIVE_OK)
        return -1;
    la_ssize_t done = archive_write_data(a, member->bytes, member->len);
    return done == (la_ssize_t)member->len ? 0 : -1;
}

/* Headers, two blocks of a long name, what is copied and rounded, the end. */
static size_t own_limit(const struct tarfile_member *members, size_t count)
{
    size_t limit = 2 * BLOCK;

    for (size_t i = 0; i < count; i++)
        limit += 5 * BLOCK + (members[i].is_lasting ? 0 : members[i].len);
    return limit;
}

static int put_all(struct archive *a, struct archive_entry *entry,
                   const struct tarfile_member *members, size_t count,
                   struct sink *sink)
{
    if (archive_write_set_format_gnutar(a) != ARCHIVE_OK ||
        archive_write_set_bytes_per_block(a, 0) != ARCHIVE_OK ||
        archive_write_open(a, sink, NULL, take_output, NULL) != ARCHIVE_OK)
        return -1;
    for (size_t i = 0; i < count; i++) {
        sink->member = &members[i];
        if (put_member(a, entry, &members[i]) != 0)
            return -1;
    }
    /* The end of the last member's blocks comes with the next header. */
    sink->member = NULL;
    return archive_write_close(a) == ARCHIVE_OK ? 0 : -1;
}

int tarfile_make(const struct tarfile_member *members, size_t count,
                 struct file_pieces *out, struct err *e)
{
    struct archive *a = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    struct sink sink = {.out = out};
    int result = -1;

    /* Own bytes before and behind the bytes of each member. */
    *out = (struct file_pieces){
        .list = alloc_zeroed(2 * count + 1, sizeof *out->list),
        .own = alloc_resize(NULL, own_limit(members, count), 1),
    };
    if (a != NULL && entry != NULL)
        result = put_all(a, entry, members, count, &sink);
    if (result != 0) {
        const char *why = a != NULL ? archive_error_string(a) : NULL;

        err_set(e, ERR_INTERNAL, "cannot make a tar archive: %s",
                why != NULL ? why : "libarchive cannot start");
        file_pieces_free(out);
    }
    archive_entry_free(entry);
    if (a != NULL)
        archive_write_free(a);
    return result;
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "backup.h"

#include "base/le.h"
#include "host/alloc.h"
#include "host/file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The head of a file; docs/backup.md. */
enum {
    AT_MAGIC = 0,
    AT_FORMAT = 8,
    AT_START = 12,
    AT_LEN = 16,
    AT_CRC = 20,
    AT_BOARD = 24,
    HEAD = AT_BOARD + BACKUP_BOARD_MAX,
};

enum { MAGIC_LEN = 8, FORMAT = 1 };

static const char magic[MAGIC_LEN + 1] = "TOCKAPPS";

/* No board's app region is larger; a longer file is a mistake. */
#define MAX_LIST ((size_t)256 << 20)

/* CRC-32 as in zip files, over the file with zeros for the CRC itself. */
static uint32_t crc_more(uint32_t crc, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        crc ^= bytes[i];
        for (unsigned bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
    }
    return crc;
}

static uint32_t crc_of(const uint8_t *file, size_t len)
{
    static const uint8_t zeros[4];
    uint32_t crc = crc_more(0xffffffffu, file, AT_CRC);

    crc = crc_more(crc, zeros, sizeof zeros);
    return ~crc_more(crc, file + AT_BOARD, len - AT_BOARD);
}

bool backup_is_one(const char *path)
{
    char head[MAGIC_LEN];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool is_one;

    if (fd < 0)
        return false;
    is_one = read(fd, head, sizeof head) == (ssize_t)sizeof head &&
             memcmp(head, magic, sizeof head) == 0;
    close(fd);
    return is_one;
}

static int check(const struct file_bytes *file, struct err *e)
{
    const uint8_t *head = file->bytes;

    if (file->len < HEAD || memcmp(head, magic, MAGIC_LEN) != 0)
        return err_set(e, ERR_INPUT, "not a backup of a board's apps");
    if (le32_load(head + AT_FORMAT) != FORMAT)
        return err_set(e, ERR_INPUT,
                       "a backup of format %u, this program reads format %d",
                       le32_load(head + AT_FORMAT), FORMAT);
    if (file->len - HEAD != le32_load(head + AT_LEN))
        return err_set(e, ERR_INPUT,
                       "the backup has %zu bytes of apps, its head says %u",
                       file->len - HEAD, le32_load(head + AT_LEN));
    if (le32_load(head + AT_CRC) != crc_of(file->bytes, file->len))
        return err_set(e, ERR_INPUT,
                       "the backup was changed: its checksum is 0x%08x, its "
                       "head says 0x%08x",
                       crc_of(file->bytes, file->len),
                       le32_load(head + AT_CRC));
    return 0;
}

int backup_read(const char *path, struct backup *out, struct err *e)
{
    struct file_bytes file;

    *out = (struct backup){0};
    if (file_read(path, HEAD + MAX_LIST, &file, e) != 0)
        return -1;
    if (check(&file, e) != 0) {
        file_free(&file);
        return err_while(e, "reading '%s'", path);
    }
    *out = (struct backup){
        .start = le32_load(file.bytes + AT_START),
        .bytes = file.bytes + HEAD,
        .len = le32_load(file.bytes + AT_LEN),
        .file = file.bytes,
    };
    memcpy(out->board, file.bytes + AT_BOARD, BACKUP_BOARD_MAX - 1);
    return 0;
}

int backup_write(const char *path, const struct backup *backup, struct err *e)
{
    size_t len = HEAD + (size_t)backup->len;
    uint8_t *file = alloc_zeroed(len, 1);
    int result;

    memcpy(file + AT_MAGIC, magic, MAGIC_LEN);
    le32_store(file + AT_FORMAT, FORMAT);
    le32_store(file + AT_START, backup->start);
    le32_store(file + AT_LEN, backup->len);
    memcpy(file + AT_BOARD, backup->board, BACKUP_BOARD_MAX - 1);
    if (backup->len != 0)
        memcpy(file + HEAD, backup->bytes, backup->len);
    le32_store(file + AT_CRC, crc_of(file, len));
    result = file_write(path, file, len, FILE_DURABLE, e);
    free(file);
    return result;
}

void backup_free(struct backup *backup)
{
    free(backup->file);
    *backup = (struct backup){0};
}

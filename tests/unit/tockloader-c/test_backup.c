/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Backup files (docs/backup.md): what was written is read again, and no file
 * that was not written like that is taken for one.
 */
#include "tockloader-c/backup.h"

#include "base/le.h"
#include "host/file.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(backup, .timeout = 60);

enum { HEAD = 56, LIST = 300, CRC_AT = 20 };

static char path[64];
static uint8_t list[LIST];

static void setup(void)
{
    snprintf(path, sizeof path, "/tmp/test-backup-%d", (int)getpid());
    for (unsigned i = 0; i < LIST; i++)
        list[i] = (uint8_t)(i * 7 + 1);
}

static void teardown(void)
{
    unlink(path);
}

static void write_file(const uint8_t *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");

    cr_assert(ne(ptr, file, NULL));
    cr_assert(eq(sz, fwrite(bytes, 1, len, file), len));
    fclose(file);
}

/* A good file's bytes. */
static struct file_bytes good_file(void)
{
    const struct backup backup = {
        .board = "some_board", .start = 0x80100000, .bytes = list, .len = LIST};
    struct file_bytes file;
    struct err e = {0};

    cr_assert(eq(int, backup_write(path, &backup, &e), 0));
    cr_assert(eq(int, file_read(path, 10000, &file, &e), 0));
    cr_assert(eq(sz, file.len, HEAD + LIST));
    return file;
}

/* CRC-32 with nothing in common with the code under test but the result. */
static uint32_t crc_of(const uint8_t *bytes, size_t len)
{
    uint32_t table[256];
    uint32_t crc = 0xffffffff;

    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++)
            table[i] = (table[i] & 1) != 0 ? table[i] >> 1 ^ 0xedb88320
                                           : table[i] >> 1;
    }
    for (size_t i = 0; i < len; i++)
        crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 0xff];
    return ~crc;
}

static void seal(uint8_t *bytes, size_t len)
{
    le32_store(bytes + CRC_AT, 0);
    le32_store(bytes + CRC_AT, crc_of(bytes, len));
}

/* Is the file refused, as input, with nothing to free? */
static bool is_refused(void)
{
    struct backup backup;
    struct err e = {0};

    if (backup_read(path, &backup, &e) == 0) {
        backup_free(&backup);
        return false;
    }
    return e.kind == ERR_INPUT && e.text[0] != '\0';
}

Test(backup, what_was_written_is_read_again, .init = setup, .fini = teardown)
{
    struct file_bytes file = good_file();
    struct backup backup;
    struct err e = {0};

    cr_assert(backup_is_one(path));
    cr_assert(eq(int, backup_read(path, &backup, &e), 0));
    cr_expect(eq(str, backup.board, "some_board"));
    cr_expect(eq(u32, backup.start, 0x80100000));
    cr_assert(eq(u32, backup.len, LIST));
    cr_expect(zero(memcmp(backup.bytes, list, LIST)));
    backup_free(&backup);
    file_free(&file);
}

Test(backup, the_bytes_are_those_of_the_document, .init = setup,
     .fini = teardown)
{
    struct file_bytes file = good_file();

    cr_expect(zero(memcmp(file.bytes, "TOCKAPPS\1\0\0\0\0\0\x10\x80", 16)));
    cr_expect(eq(u32, le32_load(file.bytes + 16), LIST));
    cr_expect(eq(str, (char *)file.bytes + 24, "some_board"));
    uint32_t crc = le32_load(file.bytes + CRC_AT);
    seal(file.bytes, file.len);
    cr_expect(eq(u32, crc, le32_load(file.bytes + CRC_AT)));
    file_free(&file);
}

Test(backup, every_shorter_and_longer_file_is_refused, .init = setup,
     .fini = teardown)
{
    struct file_bytes file = good_file();
    uint8_t longer[HEAD + LIST + 1] = {0};

    for (size_t len = 0; len < file.len; len++) {
        write_file(file.bytes, len);
        if (!is_refused())
            cr_fatal("%zu bytes are taken", len);
    }
    memcpy(longer, file.bytes, file.len);
    write_file(longer, sizeof longer);
    cr_expect(is_refused());
    seal(longer, sizeof longer);
    write_file(longer, sizeof longer);
    cr_expect(is_refused());
    file_free(&file);
}

Test(backup, a_changed_bit_in_any_byte_is_noticed, .init = setup,
     .fini = teardown)
{
    struct file_bytes file = good_file();

    for (size_t at = 0; at < file.len; at++) {
        uint8_t bit = (uint8_t)(1u << at % 8);

        file.bytes[at] ^= bit;
        write_file(file.bytes, file.len);
        if (!is_refused())
            cr_fatal("byte %zu", at);
        file.bytes[at] ^= bit;
    }
    file_free(&file);
}

Test(backup, heads_that_lie_are_refused_with_any_checksum, .init = setup,
     .fini = teardown)
{
    static const uint32_t lies[] = {0,          1,          LIST - 1,
                                    LIST + 1,   0x7fffffff, 0xffffffff,
                                    0xffffffc8, 0x10000000};
    struct file_bytes file = good_file();

    for (unsigned i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        le32_store(file.bytes + 16, lies[i]);
        seal(file.bytes, file.len);
        write_file(file.bytes, file.len);
        cr_expect(is_refused(), "length %u", lies[i]);
    }
    le32_store(file.bytes + 16, LIST);
    le32_store(file.bytes + 8, 2);
    seal(file.bytes, file.len);
    write_file(file.bytes, file.len);
    cr_expect(is_refused(), "format 2");
    file_free(&file);
}

Test(backup, a_board_s_name_without_an_end_gets_one, .init = setup,
     .fini = teardown)
{
    struct file_bytes file = good_file();
    struct backup backup;
    struct err e = {0};

    memset(file.bytes + 24, 'x', 32);
    seal(file.bytes, file.len);
    write_file(file.bytes, file.len);
    cr_assert(eq(int, backup_read(path, &backup, &e), 0));
    cr_expect(eq(sz, strlen(backup.board), BACKUP_BOARD_MAX - 1));
    backup_free(&backup);
    file_free(&file);
}

Test(backup, other_files_are_not_taken_for_one, .init = setup, .fini = teardown)
{
    write_file((const uint8_t *)"metadata.toml", 13);
    cr_expect(not(backup_is_one(path)));
    write_file((const uint8_t *)"TOCK", 4);
    cr_expect(not(backup_is_one(path)));
    unlink(path);
    cr_expect(not(backup_is_one(path)));
    cr_expect(not(backup_is_one("/")));
}

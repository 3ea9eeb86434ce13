/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/file.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/test_host_file.XXXXXX";

static void enter(void)
{
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    cr_assert(zero(int, chdir(folder)));
}

static void leave(void)
{
    char command[64];

    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert(zero(int, system(command)));
}

TestSuite(file, .init = enter, .fini = leave, .timeout = 10);

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    cr_assert(ne(ptr, f, NULL));
    fputs(text, f);
    fclose(f);
}

static void expect_text(const char *path, const char *text)
{
    struct file_bytes file;
    struct err e = {0};

    cr_assert(zero(int, file_read(path, 1000, &file, &e)), "%s", e.text);
    cr_expect(eq(sz, file.len, strlen(text)));
    cr_expect(zero(int, memcmp(file.bytes, text, strlen(text))));
    file_free(&file);
}

static int count_files(void)
{
    int count = 0;
    DIR *dir = opendir(".");

    for (struct dirent *d; (d = readdir(dir)) != NULL;)
        count += d->d_name[0] != '.' || strlen(d->d_name) > 2;
    closedir(dir);
    return count;
}

static unsigned mode_of(const char *path)
{
    struct stat info;

    cr_assert(zero(int, stat(path, &info)));
    return info.st_mode & 07777;
}

Test(file, reads_up_to_the_cap_and_not_more)
{
    struct file_bytes file;
    struct err e = {0};

    put("f", "12345");
    cr_assert(zero(int, file_read("f", 5, &file, &e)));
    cr_expect(eq(sz, file.len, 5));
    file_free(&file);
    cr_expect(eq(int, file_read("f", 4, &file, &e), -1));
    cr_expect(eq(int, e.kind, ERR_INPUT));
    cr_expect(eq(str, e.text, "'f' is larger than 4 bytes"));
    cr_expect(eq(int, file_read("/dev/zero", 100000, &file, &e), -1));
}

Test(file, an_empty_file_has_bytes_all_the_same)
{
    struct file_bytes file;
    struct err e = {0};

    put("f", "");
    cr_assert(zero(int, file_read("f", 5, &file, &e)));
    cr_expect(eq(sz, file.len, 0));
    cr_expect(ne(ptr, file.bytes, NULL));
    file_free(&file);
}

Test(file, what_cannot_be_read_is_an_input_error)
{
    struct file_bytes file;
    struct err e = {0};

    cr_expect(eq(int, file_read("none", 5, &file, &e), -1));
    cr_expect(eq(int, e.kind, ERR_INPUT));
    cr_expect(eq(str, e.text, "cannot open 'none': No such file or directory"));
    cr_expect(eq(int, file_read(".", 5, &file, &e), -1));
    cr_expect(eq(str, e.text, "cannot read '.': Is a directory"));
}

Test(file, writes_a_new_file_with_the_usual_mode)
{
    struct err e = {0};

    umask(027);
    cr_assert(zero(int, file_write("f", "abc", 3, FILE_ATOMIC, &e)));
    expect_text("f", "abc");
    cr_expect(eq(uint, mode_of("f"), 0640));
    cr_expect(eq(int, count_files(), 1));
}

Test(file, keeps_the_mode_of_an_old_file)
{
    struct err e = {0};

    put("f", "old");
    chmod("f", 0751);
    cr_assert(zero(int, file_write("f", "new", 3, FILE_DURABLE, &e)));
    expect_text("f", "new");
    cr_expect(eq(uint, mode_of("f"), 0751));
}

Test(file, nothing_changes_before_the_commit)
{
    struct file_staged staged;
    struct err e = {0};

    put("f", "old");
    cr_assert(zero(int, file_stage(&staged, "f", "new", 3, FILE_ATOMIC, &e)));
    expect_text("f", "old");
    cr_expect(eq(int, count_files(), 2));
    file_discard(&staged);
    expect_text("f", "old");
    cr_expect(eq(int, count_files(), 1));
    file_discard(&staged);

    cr_assert(zero(int, file_stage(&staged, "f", "new", 3, FILE_ATOMIC, &e)));
    cr_assert(zero(int, file_commit(&staged, &e)));
    expect_text("f", "new");
    cr_expect(eq(int, count_files(), 1));
}

Test(file, a_symbolic_link_stays_one)
{
    struct stat info;
    struct err e = {0};

    cr_assert(zero(int, mkdir("d", 0755)));
    put("d/f", "old");
    cr_assert(zero(int, symlink("d/f", "link")));
    cr_assert(zero(int, file_write("link", "new", 3, FILE_ATOMIC, &e)));
    cr_assert(zero(int, lstat("link", &info)));
    cr_expect(eq(uint, info.st_mode & S_IFMT, S_IFLNK));
    expect_text("d/f", "new");
}

Test(file, a_symbolic_link_to_no_file_yet_stays_one)
{
    struct stat info;
    struct err e = {0};

    cr_assert(zero(int, mkdir("d", 0755)));
    cr_assert(zero(int, symlink("second", "d/first")));
    cr_assert(zero(int, symlink("d/first", "link")));
    cr_assert(zero(int, file_write("link", "new", 3, FILE_ATOMIC, &e)));
    cr_assert(zero(int, lstat("link", &info)));
    cr_expect(eq(uint, info.st_mode & S_IFMT, S_IFLNK));
    cr_assert(zero(int, lstat("d/first", &info)));
    cr_expect(eq(uint, info.st_mode & S_IFMT, S_IFLNK));
    expect_text("d/second", "new");
}

Test(file, a_device_is_written_and_not_replaced)
{
    struct stat info;
    struct err e = {0};

    cr_assert(zero(int, file_write("/dev/null", "x", 1, FILE_ATOMIC, &e)));
    cr_assert(zero(int, stat("/dev/null", &info)));
    cr_expect(eq(uint, info.st_mode & S_IFMT, S_IFCHR));
}

Test(file, a_full_disk_is_an_error)
{
    struct err e = {0};

    cr_expect(eq(int, file_write("/dev/full", "x", 1, FILE_ATOMIC, &e), -1));
    cr_expect(
        eq(str, e.text, "cannot write '/dev/full': No space left on device"));
}

Test(file, what_cannot_be_written_leaves_nothing)
{
    struct err e = {0};

    cr_assert(zero(int, mkdir("d", 0755)));
    cr_expect(eq(int, file_write("d", "x", 1, FILE_ATOMIC, &e), -1));
    cr_expect(eq(str, e.text, "'d' is a folder, not a file"));
    cr_expect(eq(int, file_write("no/f", "x", 1, FILE_ATOMIC, &e), -1));
    cr_expect(eq(int, e.kind, ERR_INPUT));
    put("f", "x");
    cr_expect(eq(int, file_write("f/g", "x", 1, FILE_ATOMIC, &e), -1));
    cr_expect(eq(int, count_files(), 2));
}

Test(file, a_commit_that_fails_removes_the_temporary_file)
{
    struct file_staged staged;
    struct err e = {0};

    cr_assert(zero(int, file_stage(&staged, "f", "new", 3, FILE_ATOMIC, &e)));
    cr_assert(zero(int, mkdir("f", 0755)));
    cr_expect(eq(int, file_commit(&staged, &e), -1));
    cr_expect(eq(int, count_files(), 1));
}

Test(file, equal_contents_only_get_a_new_date)
{
    static const struct timespec past[2] = {{1000, 0}, {1000, 0}};
    struct stat before, after;
    struct err e = {0};

    put("f", "same");
    cr_assert(zero(int, utimensat(AT_FDCWD, "f", past, 0)));
    cr_assert(zero(int, stat("f", &before)));
    cr_assert(zero(int, file_write("f", "same", 4, FILE_ATOMIC, &e)));
    cr_assert(zero(int, stat("f", &after)));
    cr_expect(eq(ulong, after.st_ino, before.st_ino));
    cr_expect(after.st_mtime > 1000);

    /* Another length, another byte, a wish for durability: a new file. */
    cr_assert(zero(int, file_write("f", "same", 3, FILE_ATOMIC, &e)));
    expect_text("f", "sam");
    cr_assert(zero(int, file_write("f", "sbm", 3, FILE_ATOMIC, &e)));
    expect_text("f", "sbm");
    cr_assert(zero(int, stat("f", &before)));
    cr_assert(zero(int, file_write("f", "sbm", 3, FILE_DURABLE, &e)));
    cr_assert(zero(int, stat("f", &after)));
    cr_expect(ne(ulong, after.st_ino, before.st_ino));
}

Test(file, equal_contents_are_not_touched_before_the_commit)
{
    static const struct timespec past[2] = {{1000, 0}, {1000, 0}};
    struct file_staged staged;
    struct stat info;
    struct err e = {0};

    put("f", "same");
    cr_assert(zero(int, utimensat(AT_FDCWD, "f", past, 0)));
    cr_assert(zero(int, file_stage(&staged, "f", "same", 4, FILE_ATOMIC, &e)));
    cr_expect(eq(int, count_files(), 1));
    file_discard(&staged);
    cr_assert(zero(int, stat("f", &info)));
    cr_expect(eq(long, info.st_mtime, 1000));
}

Test(file, several_pieces_make_one_file)
{
    const struct file_piece pieces[] = {{"abc", 3}, {"", 0}, {"de", 2}};
    struct file_staged staged;
    struct err e = {0};

    for (int round = 0; round < 2; round++) {
        cr_assert(zero(
            int, file_stage_pieces(&staged, "f", pieces, 3, FILE_ATOMIC, &e)));
        cr_expect(eq(int, staged.is_current, round));
        cr_assert(zero(int, file_commit(&staged, &e)));
        expect_text("f", "abcde");
    }
}

Test(file, long_runs_of_zeros_read_back_as_zeros)
{
    enum { LEN = 5 << 16 };
    uint8_t *bytes = calloc(LEN, 1);
    struct file_bytes file;
    struct stat info;
    struct err e = {0};

    memset(bytes, 'a', 70000);
    bytes[200000] = 'b';
    for (size_t len = LEN - 1; len <= LEN; len++) {
        cr_assert(zero(int, file_write("f", bytes, len, FILE_ATOMIC, &e)));
        cr_assert(zero(int, file_read("f", LEN, &file, &e)));
        cr_expect(eq(sz, file.len, len));
        cr_expect(zero(int, memcmp(file.bytes, bytes, len)));
        file_free(&file);
    }
    cr_assert(zero(int, stat("f", &info)));
    cr_expect(info.st_blocks * 512 < LEN);
    free(bytes);
}

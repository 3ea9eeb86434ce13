/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "apply.h"
#include "fixture.h"
#include "link/file.h"

#include <sys/stat.h>
#include <unistd.h>

TestSuite(apply, .timeout = 60);
TestSuite(file_link, .timeout = 60);

/* --- a link that fails at its n-th operation ------------------------------ */

struct failing_link {
    struct link link;
    struct link *inner;
    unsigned left; /* operations that still succeed */
    unsigned done;
};

static int spend(struct link *link, struct err *e)
{
    struct failing_link *self = (struct failing_link *)link;

    if (self->left == 0)
        return err_set(e, ERR_DEVICE, "this link was made to fail");
    self->left--;
    self->done++;
    return 0;
}

static struct link *inner_of(struct link *link)
{
    return ((struct failing_link *)link)->inner;
}

static int failing_read(struct link *link, uint32_t addr, uint8_t *out,
                        uint32_t len, struct err *e)
{
    return spend(link, e) != 0 ? -1
                               : link_read(inner_of(link), addr, out, len, e);
}

static int failing_erase(struct link *link, uint32_t page, struct err *e)
{
    return spend(link, e) != 0 ? -1 : link_erase(inner_of(link), page, e);
}

static int failing_program(struct link *link, uint32_t page,
                           const uint8_t *data, struct err *e)
{
    return spend(link, e) != 0 ? -1
                               : link_program(inner_of(link), page, data, e);
}

static int failing_finish(struct link *link, struct err *e)
{
    return spend(link, e) != 0 ? -1 : link_finish(inner_of(link), e);
}

static void failing_close(struct link *link)
{
    link_close(inner_of(link));
}

static const struct link_ops failing_ops = {
    failing_read, failing_erase, failing_program, failing_finish, failing_close,
};

static struct failing_link failing(struct link *inner, unsigned left)
{
    return (struct failing_link){
        {&failing_ops, inner->info, "failing link"}, inner, left, 0};
}

/* --- a flash image in a folder of its own --------------------------------- */

static char folder[] = "/tmp/test-apply-XXXXXX";
static char path[sizeof folder + 10];
static struct err err;

static void make_folder(void)
{
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    snprintf(path, sizeof path, "%s/img.bin", folder);
}

static void remove_folder(void)
{
    unlink(path);
    /* Fails if a temporary file was left behind. */
    cr_expect(zero(int, rmdir(folder)), "something was left in %s", folder);
}

static void write_image(const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");

    cr_assert(ne(ptr, file, NULL));
    cr_assert(eq(sz, fwrite(bytes, 1, len, file), len));
    fclose(file);
}

/* Bytes of the file, -1 if there is none. */
static long image_len(void)
{
    struct stat info;

    return stat(path, &info) == 0 ? (long)info.st_size : -1;
}

static void read_image(uint8_t *out, size_t len)
{
    FILE *file = fopen(path, "rb");

    cr_assert(ne(ptr, file, NULL));
    cr_assert(eq(sz, fread(out, 1, len, file), len));
    fclose(file);
}

static struct link *open_link(enum link_file_mode mode)
{
    struct link *link = link_file_open(&rv_board, path, mode, &err);

    cr_assert(ne(ptr, link, NULL), "%s", err.text);
    return link;
}

/* A plan for three pages of the kernel's flash. */
static const struct board_area area = {0x80000000, 4 * PAGE_SIZE};
static uint8_t have[4 * PAGE_SIZE];

static struct plan three_pages(void)
{
    struct plan plan;

    plan_begin(&plan, &area, PAGE_SIZE, 4, have);
    memset(plan.want, 0xa5, 100);
    memset(plan.want + PAGE_SIZE, 0xff, PAGE_SIZE);
    memset(plan.want + 2 * PAGE_SIZE, 0x3c, PAGE_SIZE);
    plan_close(&plan);
    return plan;
}

static void image_with_pattern(void)
{
    for (size_t i = 0; i < sizeof have; i++)
        have[i] = (uint8_t)(i * 11);
    write_image(have, sizeof have);
}

Test(apply, whatever_operation_fails_the_image_stays_as_it_was)
{
    unsigned left = 0;
    int result;

    make_folder();
    image_with_pattern();
    struct plan plan = three_pages();
    do {
        static uint8_t now[sizeof have];
        struct failing_link link = failing(open_link(LINK_FILE_WRITE), left);

        result = apply(&link.link, &plan, &err);
        link_close(&link.link);
        cr_expect(eq(long, image_len(), (long)sizeof have));
        read_image(now, sizeof now);
        if (result != 0) {
            cr_expect(eq(int, err.kind, ERR_DEVICE));
            cr_expect(zero(int, memcmp(now, have, sizeof have)),
                      "changed though operation %u failed", left);
        } else {
            cr_expect(zero(int, memcmp(now, plan.want, sizeof now)));
            cr_expect(eq(u32, link.done, left));
        }
        left++;
    } while (result != 0);
    /* Five writes, three pages read back, one finish. */
    cr_expect(ge(u32, left, 9));
    plan_free(&plan);
    remove_folder();
}

static int forgetful_program(struct link *link, uint32_t page,
                             const uint8_t *data, struct err *e)
{
    (void)link, (void)page, (void)data, (void)e;
    return 0;
}

Test(apply, a_page_that_reads_back_different_is_an_error)
{
    static const struct link_ops forgetful = {
        failing_read,   failing_erase, forgetful_program,
        failing_finish, failing_close,
    };

    make_folder();
    image_with_pattern();
    struct plan plan = three_pages();
    struct failing_link link = failing(open_link(LINK_FILE_WRITE), 100);
    link.link.ops = &forgetful;
    cr_expect(eq(int, apply(&link.link, &plan, &err), -1));
    cr_expect(eq(int, err.kind, ERR_VERIFY));
    cr_expect(ne(ptr, strstr(err.text, "0x80000000 reads back as 0xff"), NULL));
    cr_expect(ne(chr, err.hint[0], '\0'));
    link_close(&link.link);
    plan_free(&plan);
    remove_folder();
}

Test(apply, a_plan_without_operations_touches_nothing)
{
    struct plan plan;

    make_folder();
    plan_begin(&plan, &area, PAGE_SIZE, 4, have);
    plan_close(&plan);
    struct failing_link link = failing(open_link(LINK_FILE_WRITE), 0);
    cr_expect(zero(int, apply(&link.link, &plan, &err)));
    link_close(&link.link);
    cr_expect(eq(long, image_len(), -1));
    plan_free(&plan);
    remove_folder();
}

/* --- the file link -------------------------------------------------------- */

Test(file_link, a_missing_file_reads_as_erased_and_is_not_made)
{
    uint8_t bytes[64] = {0};

    make_folder();
    struct link *link = open_link(LINK_FILE_READ);
    cr_expect(zero(int, link_read(link, 0x80100000, bytes, 64, &err)));
    cr_expect(eq(u8, bytes[0], 0xff));
    cr_expect(eq(u8, bytes[63], 0xff));
    link_close(link);
    cr_expect(eq(long, image_len(), -1));
    remove_folder();
}

Test(file_link, a_short_file_reads_as_erased_behind_its_end)
{
    uint8_t bytes[8];

    make_folder();
    write_image("\1\2\3\4", 4);
    struct link *link = open_link(LINK_FILE_READ);
    cr_expect(zero(int, link_read(link, 0x80000002, bytes, 8, &err)));
    cr_expect(zero(int, memcmp(bytes, "\3\4\xff\xff\xff\xff\xff\xff", 8)));
    link_close(link);
    remove_folder();
}

Test(file_link, a_file_grows_to_what_is_written_with_erased_bytes_between)
{
    static uint8_t page[PAGE_SIZE];
    static uint8_t now[3 * PAGE_SIZE];

    make_folder();
    write_image("\1\2\3\4", 4);
    struct link *link = open_link(LINK_FILE_WRITE);
    cr_assert(zero(int, link_program(link, 0x80002000, page, &err)));
    cr_assert(zero(int, link_finish(link, &err)));
    link_close(link);
    cr_assert(eq(long, image_len(), 3 * PAGE_SIZE));
    read_image(now, sizeof now);
    cr_expect(zero(int, memcmp(now, "\1\2\3\4\xff", 5)));
    cr_expect(eq(u8, now[2 * PAGE_SIZE - 1], 0xff));
    cr_expect(eq(u8, now[2 * PAGE_SIZE], 0));
    remove_folder();
}

Test(file_link, bytes_behind_the_flash_are_kept)
{
    enum { FLASH = 0x200000 };
    static uint8_t image[FLASH + 10];
    static uint8_t now[FLASH + 10];

    make_folder();
    memset(image, 0x77, sizeof image);
    write_image(image, sizeof image);
    struct link *link = open_link(LINK_FILE_WRITE);
    cr_assert(zero(int, link_erase(link, 0x801ff000, &err)));
    cr_assert(zero(int, link_finish(link, &err)));
    link_close(link);
    cr_assert(eq(long, image_len(), (long)sizeof image));
    read_image(now, sizeof now);
    cr_expect(eq(u8, now[FLASH - 1], 0xff));
    cr_expect(eq(u8, now[FLASH + 9], 0x77));
    remove_folder();
}

Test(file_link, programming_only_clears_bits)
{
    static uint8_t page[PAGE_SIZE] = {0xf0};
    uint8_t now;

    make_folder();
    write_image("\x3c", 1);
    struct link *link = open_link(LINK_FILE_WRITE);
    cr_assert(zero(int, link_program(link, 0x80000000, page, &err)));
    cr_assert(zero(int, link_read(link, 0x80000000, &now, 1, &err)));
    cr_expect(eq(u8, now, 0x30));
    link_close(link);
    remove_folder();
}

Test(file_link, without_finish_nothing_is_written)
{
    make_folder();
    struct link *link = open_link(LINK_FILE_WRITE);
    cr_assert(zero(int, link_erase(link, 0x80000000, &err)));
    link_close(link);
    cr_expect(eq(long, image_len(), -1));
    remove_folder();
}

Test(file_link, a_folder_is_no_flash_image)
{
    make_folder();
    cr_expect(
        eq(ptr, link_file_open(&rv_board, folder, LINK_FILE_READ, &err), NULL));
    cr_expect(eq(int, err.kind, ERR_INPUT));
    remove_folder();
}

Test(file_link, a_read_only_link_does_not_write)
{
    make_folder();
    write_image("x", 1);
    struct link *link = open_link(LINK_FILE_READ);
    cr_expect(eq(int, link_erase(link, 0x80000000, &err), -1));
    cr_expect(eq(int, err.kind, ERR_INTERNAL));
    link_close(link);
    remove_folder();
}

Test(file_link, two_writers_exclude_each_other_and_a_reader_does_not_wait)
{
    make_folder();
    write_image("x", 1);
    struct link *first = open_link(LINK_FILE_WRITE);
    link_close(open_link(LINK_FILE_READ));
    cr_expect(
        eq(ptr, link_file_open(&rv_board, path, LINK_FILE_WRITE, &err), NULL));
    cr_expect(eq(int, err.kind, ERR_CONNECT));
    link_close(first);
    link_close(open_link(LINK_FILE_WRITE));
    remove_folder();
}

/* Both found no file; what the first writes must not be lost. */
static void check_missing_file(enum link_file_mode mode)
{
    uint8_t bytes[2 * PAGE_SIZE];

    make_folder();
    struct link *first = open_link(mode);
    struct link *second = open_link(mode);

    memset(bytes, 0x5a, sizeof bytes);
    cr_assert(zero(int, link_erase(first, 0x80000000, &err)));
    cr_assert(zero(int, link_program(first, 0x80000000, bytes, &err)));
    cr_assert(zero(int, link_finish(first, &err)));
    link_close(first);
    cr_expect(eq(int,
                 link_erase(second, 0x80000000, &err) != 0
                     ? -1
                     : link_finish(second, &err),
                 -1));
    cr_expect(eq(int, err.kind, ERR_CONNECT));
    link_close(second);
    read_image(bytes, PAGE_SIZE);
    cr_expect(eq(u8, bytes[0], 0x5a));
    remove_folder();
}

Test(file_link, of_two_writers_that_found_no_file_the_second_gives_up)
{
    check_missing_file(LINK_FILE_WRITE);
}

Test(file_link, so_it_does_when_the_image_is_written_in_place)
{
    check_missing_file(LINK_FILE_IN_PLACE);
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "bundle.h"
#include "fixture.h"

#include <unistd.h>

TestSuite(bundle, .timeout = 20);

enum { MAX_MEMBERS = 4 };

static char path[32];
static struct tab_member members[MAX_MEMBERS];
static struct tab tab = {.members = members};
static struct notes notes;
static struct bundle bundle;
static struct err err;

/* Adds a member with this object; name "rv32imac.x" for example. */
static void add(const char *name, const struct app *app)
{
    struct tab_member *member = &members[tab.count++];

    *member = (struct tab_member){
        .name = (char *)(uintptr_t)name,
        .arch_len = strcspn(name, "."),
        .bytes = malloc(app->size),
        .len = app->size,
    };
    build_app(app, member->bytes);
}

/* Writes the TAB, opens it for the board, removes it. */
static int open_tab(const struct board *board, bool is_forced)
{
    uint8_t *bytes;
    size_t len;

    snprintf(path, sizeof path, "/tmp/test-bundle-XXXXXX");
    int fd = mkstemp(path);
    cr_assert(zero(int, tab_build(&tab, &bytes, &len, &err)), "%s", err.text);
    cr_assert(eq(i64, write(fd, bytes, len), (int64_t)len));
    close(fd);
    free(bytes);
    for (size_t i = 0; i < tab.count; i++)
        free(members[i].bytes);
    int result = bundle_open(path, board, is_forced, &notes, &bundle, &err);
    unlink(path);
    return result;
}

static void done(void)
{
    bundle_free(&bundle);
    notes_free(&notes);
}

#define SLOT(n)                                              \
    (&(struct app){                                          \
        .name = "app",                                       \
        .size = 0x1000,                                      \
        .fixed_flash = RV_START + (n)*0x4000 + FIXED_HEADER, \
        .fixed_ram = RV_RAM + (n)*0x4000,                    \
    })

Test(bundle, the_best_architecture_of_the_board_is_taken)
{
    add("cortex-m3", APP("app", 512));
    add("cortex-m4", APP("app", 1024));
    add("rv32imac", APP("app", 2048));
    cr_assert(zero(int, open_tab(&arm_board, false)), "%s", err.text);
    cr_expect(eq(sz, bundle.count, 1));
    cr_expect(eq(u32, bundle.images[0].size, 1024));
    cr_expect(zero(sz, notes.count));
    done();
}

Test(bundle, a_wrong_architecture_names_what_is_needed_and_what_is_there)
{
    add("cortex-m3", APP("app", 512));
    add("cortex-m7", APP("app", 1024));
    cr_expect(eq(int, open_tab(&rv_board, true), -1));
    cr_expect(eq(int, err.kind, ERR_INPUT));
    cr_expect(ne(ptr, strstr(err.text, "runs rv32imac"), NULL));
    cr_expect(ne(ptr, strstr(err.text, "has cortex-m3, cortex-m7"), NULL));
    done();
}

Test(bundle, fixed_address_variants_are_sorted_by_address)
{
    add("rv32imac.b", SLOT(2));
    add("rv32imac.a", SLOT(0));
    add("rv32imac.c", SLOT(1));
    cr_assert(zero(int, open_tab(&rv_board, false)));
    cr_assert(eq(sz, bundle.count, 3));
    for (uint32_t i = 0; i < 3; i++)
        cr_expect(
            eq(u32, bundle.images[i].header.fixed_ram, RV_RAM + i * 0x4000));
    done();
}

Test(bundle, variants_for_ram_of_another_board_are_left_out)
{
    struct app far = *SLOT(0);

    far.fixed_ram = 0x80002800;
    add("rv32imac.far", &far);
    add("rv32imac.near", SLOT(1));
    cr_assert(zero(int, open_tab(&rv_board, false)));
    cr_assert(eq(sz, bundle.count, 1));
    cr_expect(eq(u32, bundle.images[0].header.fixed_ram, RV_RAM + 0x4000));
    cr_expect(zero(sz, notes.count));
    done();
}

Test(bundle, only_variants_for_other_ram_are_kept_with_a_remark)
{
    struct app far = *SLOT(0);

    far.fixed_ram = 0x80002800;
    add("rv32imac", &far);
    cr_assert(zero(int, open_tab(&rv_board, false)));
    cr_expect(eq(sz, bundle.count, 1));
    cr_assert(eq(sz, notes.count, 1));
    cr_expect(ne(ptr, strstr(notes.lines[0], "0x80002800"), NULL));
    done();
}

Test(bundle, boards_are_compared_by_whole_words)
{
    tab.metadata.boards = (char *)(uintptr_t) "rv2, arm";
    add("rv32imac", APP("app", 512));
    add("cortex-m4", APP("app", 512));
    cr_expect(eq(int, open_tab(&rv_board, false), -1));
    cr_expect(eq(int, err.kind, ERR_INPUT));
    cr_expect(ne(ptr, strstr(err.text, "rv2, arm"), NULL));
    done();
}

Test(bundle, force_lifts_the_restriction_to_boards)
{
    tab.metadata.boards = (char *)(uintptr_t) "arm";
    add("rv32imac", APP("app", 512));
    cr_expect(zero(int, open_tab(&rv_board, true)));
    done();
}

Test(bundle, a_listed_board_is_accepted)
{
    tab.metadata.boards = (char *)(uintptr_t) "hail, rv ,imix";
    add("rv32imac", APP("app", 512));
    cr_expect(zero(int, open_tab(&rv_board, false)));
    done();
}

Test(bundle, different_names_in_one_tab_are_refused)
{
    struct app other = *SLOT(1);

    other.name = "other";
    add("rv32imac.a", SLOT(0));
    add("rv32imac.b", &other);
    cr_expect(eq(int, open_tab(&rv_board, true), -1));
    cr_expect(eq(int, err.kind, ERR_INPUT));
    cr_expect(ne(ptr, strstr(err.text, "'other'"), NULL));
    done();
}

Test(bundle, a_name_that_differs_from_the_metadata_is_a_remark)
{
    tab.metadata.name = (char *)(uintptr_t) "label";
    add("rv32imac", APP("app", 512));
    cr_expect(zero(int, open_tab(&rv_board, false)));
    cr_expect(eq(sz, notes.count, 1));
    done();
}

Test(bundle, a_malformed_object_is_refused_and_named)
{
    add("rv32imac.good", APP("app", 512));
    add("rv32imac.bad", APP("app", 512));
    members[1].bytes[20] ^= 1;
    cr_expect(eq(int, open_tab(&rv_board, true), -1));
    cr_expect(eq(int, err.kind, ERR_INPUT));
    cr_expect(ne(ptr, strstr(err.text, "rv32imac.bad.tbf"), NULL));
    cr_expect(ne(ptr, strstr(err.where, path), NULL));
    done();
}

Test(bundle, an_object_that_is_cut_off_is_refused)
{
    add("rv32imac", APP("app", 512));
    members[0].len = 500;
    cr_expect(eq(int, open_tab(&rv_board, true), -1));
    cr_expect(
        ne(ptr, strstr(err.text, "500 bytes, its header says 512"), NULL));
    done();
}

Test(bundle, bytes_behind_an_object_are_refused)
{
    add("rv32imac", APP("app", 512));
    members[0].bytes = realloc(members[0].bytes, 516);
    memset(members[0].bytes + 512, 0, 4);
    members[0].len = 516;
    cr_expect(eq(int, open_tab(&rv_board, true), -1));
    cr_expect(
        ne(ptr, strstr(err.text, "516 bytes, its header says 512"), NULL));
    done();
}

Test(bundle, a_padding_object_is_no_app)
{
    add("rv32imac", APP("app", 512));
    tbf_build_padding(members[0].bytes, 512);
    cr_expect(eq(int, open_tab(&rv_board, true), -1));
    cr_expect(ne(ptr, strstr(err.text, "padding"), NULL));
    done();
}

/* kernel_major is 2 in build_app; the entry is the header's last word. */
Test(bundle, another_kernel_version_is_refused_unless_forced)
{
    struct tbf_header h;

    for (int is_forced = 0; is_forced <= 1; is_forced++) {
        tab.count = 0;
        add("rv32imac", APP("app", 512));
        cr_assert(eq(int, tbf_parse(members[0].bytes, 512, &h), TBF_OK));
        members[0].bytes[h.header_size - 4] ^= 1; /* 2 becomes 3 */
        members[0].bytes[12] ^= 1;
        cr_expect(eq(int, open_tab(&rv_board, is_forced), is_forced - 1));
        if (!is_forced)
            cr_expect(ne(ptr, strstr(err.text, "needs kernel 3.0"), NULL), "%s",
                      err.text);
        done();
    }
}

Test(bundle, sizes_that_the_hardware_cannot_map_grow)
{
    add("cortex-m4", APP("app", 1060));
    cr_assert(zero(int, open_tab(&arm_board, false)));
    cr_expect(eq(u32, bundle.images[0].size, 2048));
    cr_expect(eq(u32, bundle.images[0].len, 1060));
    done();
}

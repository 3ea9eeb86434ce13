/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "bundle.h"

#include "abi/abi.h"
#include "host/alloc.h"

#include <stdlib.h>
#include <string.h>

const char *bundle_name(const struct bundle *bundle, size_t *len)
{
    const struct tbf_header *h = &bundle->images[0].header;

    *len = h->name_len;
    return h->name_len == 0 ? "" : h->name;
}

bool bundle_is_signed(const struct bundle *bundle)
{
    for (size_t i = 0; i < bundle->count; i++) {
        const struct image *image = &bundle->images[i];
        struct tbf_footers walk =
            tbf_footers_start(&image->header, image->bytes);
        struct tbf_footer footer;

        while (tbf_footers_next(&walk, &footer))
            if (footer.format != TBF_CREDENTIAL_RESERVED)
                return true;
    }
    return false;
}

/* Is word one of the comma-separated, blank-trimmed words of list? */
static bool is_listed(const char *list, const char *word)
{
    size_t word_len = strlen(word);

    while (*list != '\0') {
        size_t len;

        list += strspn(list, " \t");
        len = strcspn(list, ",");
        size_t trimmed = len;
        while (trimmed > 0 && strchr(" \t", list[trimmed - 1]) != NULL)
            trimmed--;
        if (trimmed == word_len && memcmp(list, word, word_len) == 0)
            return true;
        list += len + (list[len] == ',');
    }
    return false;
}

static int check_board(const struct bundle *bundle, const struct board *board,
                       struct err *e)
{
    const char *boards = bundle->tab.metadata.boards;

    if (boards == NULL || boards[0] == '\0' || is_listed(boards, board->name))
        return 0;
    err_set(e, ERR_INPUT, "'%s' is only for the boards %s, not for %s",
            bundle->path, boards, board->name);
    return err_hint(e, "--force installs it all the same");
}

/* The architecture of the board's list that the TAB has; null if none. */
static const char *choose_arch(const struct tab *tab, const struct board *board)
{
    for (unsigned a = 0; board->architectures[a] != NULL; a++)
        for (size_t i = 0; i < tab->count; i++)
            if (tab_member_is_for(&tab->members[i], board->architectures[a]))
                return board->architectures[a];
    return NULL;
}

static void add_word(char *text, size_t room, const char *word, size_t len)
{
    size_t used = strlen(text);

    snprintf(text + used, room - used, "%s%.*s", used == 0 ? "" : ", ",
             (int)len, word);
}

/* Tells what the board needs and, each once, what the TAB has. */
static int wrong_arch(const struct bundle *bundle, const struct board *board,
                      struct err *e)
{
    char needed[128] = "";
    char found[256] = "";

    for (unsigned a = 0; board->architectures[a] != NULL; a++)
        add_word(needed, sizeof needed, board->architectures[a],
                 strlen(board->architectures[a]));
    for (size_t i = 0; i < bundle->tab.count; i++) {
        const struct tab_member *member = &bundle->tab.members[i];
        bool is_new = true;

        for (size_t k = 0; k < i && is_new; k++) {
            const struct tab_member *other = &bundle->tab.members[k];

            is_new = other->arch_len != member->arch_len ||
                     memcmp(other->name, member->name, member->arch_len) != 0;
        }
        if (is_new)
            add_word(found, sizeof found, member->name, member->arch_len);
    }
    err_set(e, ERR_INPUT,
            "'%s' is not built for %s, which runs %s; the TAB has %s",
            bundle->path, board->name, needed, found);
    return err_hint(e, "build the app for %s", board->architectures[0]);
}

static int take_images(struct bundle *bundle, const struct board *board,
                       const char *arch, struct err *e)
{
    const struct tab *tab = &bundle->tab;

    bundle->images = alloc_zeroed(tab->count, sizeof *bundle->images);
    bundle->labels = alloc_zeroed(tab->count, sizeof *bundle->labels);
    for (size_t i = 0; i < tab->count; i++) {
        const struct tab_member *member = &tab->members[i];
        size_t at = bundle->count;

        if (!tab_member_is_for(member, arch))
            continue;
        bundle->labels[at] = alloc_format("%s.tbf", member->name);
        bundle->count++;
        if (image_check(bundle->labels[at], member->bytes, member->len,
                        &bundle->images[at], e) != 0)
            return err_while(e, "reading '%s'", bundle->path);
        image_grow(&bundle->images[at], board);
    }
    return 0;
}

/* A header that had to be changed breaks the credentials that cover it. */
static int check_growth(const struct bundle *bundle, bool is_forced,
                        struct err *e)
{
    for (size_t i = 0; i < bundle->count; i++) {
        const struct image *image = &bundle->images[i];

        if (is_forced || image->size == image->len || !bundle_is_signed(bundle))
            continue;
        err_set(e, ERR_INPUT,
                "'%s' has %u bytes, which this board's memory protection "
                "cannot map; making it larger would break its credential",
                bundle->path, image->len);
        return err_hint(e, "make the TAB again with elf2tbf, which pads the "
                           "app to a power of two");
    }
    return 0;
}

static int check_names(const struct bundle *bundle, struct notes *notes,
                       struct err *e)
{
    const char *listed = bundle->tab.metadata.name;
    size_t len;
    const char *name = bundle_name(bundle, &len);

    for (size_t i = 1; i < bundle->count; i++) {
        const struct tbf_header *h = &bundle->images[i].header;

        if (h->name_len != len || (len != 0 && memcmp(h->name, name, len) != 0))
            return err_set(e, ERR_INPUT,
                           "'%s' holds different apps: '%.*s' and '%.*s'",
                           bundle->path, (int)len, name, (int)h->name_len,
                           h->name_len == 0 ? "" : h->name);
    }
    if (listed != NULL &&
        (strlen(listed) != len || memcmp(listed, name, len) != 0))
        notes_add(notes,
                  "'%s' calls itself '%s', the app in it is named '%.*s'; the "
                  "app's name counts",
                  bundle->path, listed, (int)len, name);
    return 0;
}

/* The first image tells: all come from one build. */
static int check_kernel(const struct bundle *bundle, bool is_forced,
                        struct notes *notes, struct err *e)
{
    const struct tbf_header *h = &bundle->images[0].header;

    if (!h->has_kernel_version) {
        notes_add(notes,
                  "'%s' does not say which kernel it was made for; no kernel "
                  "will start it",
                  bundle->path);
        return 0;
    }
    if (is_forced || (h->kernel_major == TOCK_KERNEL_MAJOR &&
                      h->kernel_minor <= TOCK_KERNEL_MINOR))
        return 0;
    err_set(e, ERR_INPUT, "'%s' needs kernel %u.%u, the board's is %u.%u",
            bundle->path, h->kernel_major, h->kernel_minor, TOCK_KERNEL_MAJOR,
            TOCK_KERNEL_MINOR);
    return err_hint(e, "--force installs it all the same");
}

/* Startable and inside the board's RAM before others, then by address. */
static int compare_images(const struct image *a, bool a_runs,
                          const struct image *b, bool b_runs)
{
    if (a_runs != b_runs)
        return a_runs ? -1 : 1;
    return (a->header.fixed_flash > b->header.fixed_flash) -
           (a->header.fixed_flash < b->header.fixed_flash);
}

static bool runs_on(const struct image *image, const struct board *board)
{
    struct image_ram ram;

    return image->is_startable && image_ram_block(board, &image->header, &ram);
}

/* Insertion sort: few images, and equal ones keep the TAB's order. */
static void sort_images(struct bundle *bundle, const struct board *board)
{
    for (size_t i = 1; i < bundle->count; i++) {
        struct image image = bundle->images[i];
        bool runs = runs_on(&image, board);
        size_t at = i;

        while (at > 0 &&
               compare_images(&image, runs, &bundle->images[at - 1],
                              runs_on(&bundle->images[at - 1], board)) < 0) {
            bundle->images[at] = bundle->images[at - 1];
            at--;
        }
        bundle->images[at] = image;
    }
}

/*
 * Alternatives that the kernel could not start are only used when there is
 * none that it can: then it is the user's decision, but not unnoticed.
 */
static void keep_runnable(struct bundle *bundle, const struct board *board,
                          struct notes *notes)
{
    const struct image *first = &bundle->images[0];
    size_t count = 0;

    while (count < bundle->count && runs_on(&bundle->images[count], board))
        count++;
    if (count != 0)
        bundle->count = count;
    else if (!first->is_startable)
        notes_add(notes,
                  "'%s': its entry point or a writeable region lies outside "
                  "the app; no kernel will start it",
                  bundle->path);
    else
        notes_add(notes,
                  "'%s' is linked for RAM at 0x%08x, where %s cannot give it "
                  "%u bytes; its kernel will not start it",
                  bundle->path, first->header.fixed_ram, board->name,
                  first->header.minimum_ram);
}

int bundle_open(const char *path, const struct board *board, bool is_forced,
                struct notes *notes, struct bundle *out, struct err *e)
{
    const char *arch;

    *out = (struct bundle){.path = path};
    if (tab_read(path, &out->tab, e) != 0)
        return -1;
    arch = choose_arch(&out->tab, board);
    if ((!is_forced && check_board(out, board, e) != 0) ||
        (arch == NULL && wrong_arch(out, board, e) != 0) ||
        take_images(out, board, arch, e) != 0 ||
        check_growth(out, is_forced, e) != 0 ||
        check_names(out, notes, e) != 0 ||
        check_kernel(out, is_forced, notes, e) != 0) {
        bundle_free(out);
        return -1;
    }
    sort_images(out, board);
    keep_runnable(out, board, notes);
    return 0;
}

void bundle_free(struct bundle *bundle)
{
    /* Labels of the alternatives that were left out are there, too. */
    for (size_t i = 0; bundle->labels != NULL && i < bundle->tab.count; i++)
        free(bundle->labels[i]);
    free(bundle->labels);
    free(bundle->images);
    tab_free(&bundle->tab);
    *bundle = (struct bundle){0};
}

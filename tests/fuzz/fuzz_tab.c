/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Any bytes as a TAB: an error, or contents that are within the promises of
 * tab/tab.h and survive being written and read again.
 */
#include "tab/tab.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void must_equal(const char *a, const char *b)
{
    must((a == NULL) == (b == NULL));
    must(a == NULL || strcmp(a, b) == 0);
}

static void write_and_read(const struct tab *tab)
{
    struct tab again;
    uint8_t *bytes;
    size_t len;
    struct err e = {0};

    must(tab_build(tab, &bytes, &len, &e) == 0);
    must(tab_parse(bytes, len, "again", &again, &e) == 0);
    must_equal(tab->metadata.name, again.metadata.name);
    must_equal(tab->metadata.kernel, again.metadata.kernel);
    must_equal(tab->metadata.boards, again.metadata.boards);
    must_equal(tab->metadata.build_date, again.metadata.build_date);
    must(tab->count == again.count);
    for (size_t i = 0; i < tab->count; i++) {
        const struct tab_member *m = &tab->members[i];

        must_equal(m->name, again.members[i].name);
        must(m->len == again.members[i].len);
        must(memcmp(m->bytes, again.members[i].bytes, m->len) == 0);
    }
    must(tab->other_count == again.other_count);
    for (size_t i = 0; i < tab->other_count; i++)
        must(tab->others[i].len == again.others[i].len);
    tab_free(&again);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tab tab;
    struct err e = {0};

    if (tab_parse(data, size, "fuzz", &tab, &e) != 0) {
        must(e.kind == ERR_INPUT);
        return 0;
    }
    must(tab.count != 0 && tab.count <= TAB_MAX_MEMBERS);
    for (size_t i = 0; i < tab.count; i++) {
        must(strpbrk(tab.members[i].name, "/\n") == NULL);
        must(tab.members[i].name[0] != '.');
        must(tab.members[i].arch_len <= strlen(tab.members[i].name));
        must(tab.members[i].len <= size);
    }
    write_and_read(&tab);
    tab_renew_metadata(&tab);
    write_and_read(&tab);
    free(tab.metadata_text); /* so that it is written anew */
    tab.metadata_text = NULL;
    write_and_read(&tab);
    tab_free(&tab);
    return 0;
}

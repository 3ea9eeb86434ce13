/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf_action.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

TestSuite(tbf_action, .timeout = 10);

Test(tbf_action, numbers_have_four_bases)
{
    static const struct {
        const char *text;
        uint64_t value;
    } good[] = {
        {"0", 0},
        {"10", 10},
        {"0x1F", 31},
        {"0X1f", 31},
        {"0o17", 15},
        {"0b101", 5},
        {"18446744073709551614", UINT64_MAX - 1},
        {"0xffffffffffffffff", UINT64_MAX},
    };
    static const char *const bad[] = {
        "",
        "-1",
        "+1",
        " 1",
        "1 ",
        "0x",
        "x1",
        "0x0x1",
        "0o8",
        "0b2",
        "18446744073709551616",
        "1a",
    };
    uint64_t value;

    for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
        cr_assert(tbf_action_number(good[i].text, &value), "%s", good[i].text);
        cr_expect(eq(u64, value, good[i].value), "%s", good[i].text);
    }
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
        cr_expect(not(tbf_action_number(bad[i], &value)), "'%s'", bad[i]);
}

Test(tbf_action, an_action_takes_the_words_it_needs)
{
    static const struct {
        const char *words[8];
        size_t used;
        enum tbf_verb verb;
        uint32_t type;
    } rows[] = {
        {{"tlv", "add", "permissions", "1", "2", "x.tab"},
         5,
         TBF_TLV_ADD,
         TBF_TYPE_PERMISSIONS},
        {{"tlv", "modify", "base", "flags", "1"},
         5,
         TBF_TLV_MODIFY,
         TBF_BASE_HEADER},
        {{"tlv", "delete", "name", "x.tab"}, 3, TBF_TLV_DELETE, TBF_TYPE_NAME},
        {{"tlv", "delete", "0x8001"}, 3, TBF_TLV_DELETE, 0x8001},
        {{"credential", "add", "sha256", "x.tab"},
         3,
         TBF_CREDENTIAL_ADD,
         TBF_CREDENTIAL_SHA256},
        {{"convert", "cbinary", "x.tab"}, 2, TBF_CONVERT, 0},
    };

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct tbf_action a;
        struct err e = {0};
        size_t count = 0;
        size_t used;

        while (count < 8 && rows[i].words[count] != NULL)
            count++;
        cr_assert(zero(int, tbf_action_parse((const char *const *)rows[i].words,
                                             count, &a, &used, &e)),
                  "%s", e.text);
        cr_expect(eq(sz, used, rows[i].used));
        cr_expect(eq(int, a.verb, rows[i].verb));
        cr_expect(eq(u32, a.type, rows[i].type));
    }
}

Test(tbf_action, words_that_lack_something_are_usage_errors)
{
    static const char *const rows[][6] = {
        {"tlv", "add", "permissions", "1"},
        {"tlv", "modify", "base", "flags"},
        {"tlv", "delete"},
        {"tlv"},
        {"credential", "add", "md5"},
        {"tlv", "delete", "65536"},
        {"tlv", "add", "0x8001", "1"},
    };

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct tbf_action a;
        struct err e = {0};
        size_t count = 0;
        size_t used;

        while (count < 6 && rows[i][count] != NULL)
            count++;
        cr_expect(eq(int, tbf_action_parse(rows[i], count, &a, &used, &e), -1));
        cr_expect(eq(int, e.kind, ERR_USAGE));
    }
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/attr.h"
#include "host/utf8.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

TestSuite(utf8, .timeout = 30);

Test(utf8, every_scalar_value_is_written_validly)
{
    for (uint32_t point = 0; point < 0x110100; point++) {
        char bytes[4];
        size_t len = utf8_put(point, bytes);
        bool scalar = point < 0x110000 && (point < 0xd800 || point > 0xdfff);

        if ((len != 0) != scalar || !utf8_is_valid(bytes, len))
            cr_fatal("U+%04X", point);
        /* No shorter part of it is valid. */
        for (size_t part = 1; part < len; part++)
            if (utf8_is_valid(bytes, part))
                cr_fatal("part of U+%04X", point);
    }
}

Test(utf8, other_sequences_are_refused)
{
    static const char *const bad[] = {
        "\x80",
        "\xbf",
        "\xc0\xaf",
        "\xc1\xbf",
        "\xe0\x80\xaf",
        "\xe0\x9f\xbf",
        "\xf0\x80\x80\xaf",
        "\xf0\x8f\xbf\xbf",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xff",
        "a\xc3",
        "\xc3(",
        "\xe2\x28\xa1",
        "\xf8\x88\x80\x80\x80",
    };

    for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
        cr_expect(not(utf8_is_valid(bad[i], strlen(bad[i]))), "%zu", i);
    cr_expect(utf8_is_valid("", 0));
    cr_expect(utf8_is_valid("h\xc3\xa9llo \xe2\x82\xac \xf0\x9f\x98\x80", 15));
}

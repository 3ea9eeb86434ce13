/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* The userland's printf over a console that remembers. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define printf app_printf
#include "apps/lib/printf.c"
#undef printf

#include <string.h>

static char shown[512];
static uint32_t writes;

enum tock_error console_write(const void *bytes, uint32_t len)
{
    size_t at = strlen(shown);

    cr_assert(le(u32, len, 64), "a piece is longer than it may be");
    cr_assert(lt(u64, at + len, sizeof shown));
    memcpy(shown + at, bytes, len);
    writes++;
    return TOCK_OK;
}

#define EXPECT(text, ...)                          \
    do {                                           \
        memset(shown, 0, sizeof shown);            \
        writes = 0;                                \
        app_printf(__VA_ARGS__);                   \
        cr_expect(eq(str, shown, (char *)(text))); \
    } while (0)

Test(printf, prints_text_as_it_is)
{
    EXPECT("", "%s", "");
    EXPECT("Hello World!\n", "Hello World!\n");
    EXPECT("100 %", "100 %%");
}

Test(printf, prints_numbers_in_both_bases)
{
    EXPECT("0 0 0", "%d %u %x", 0, 0u, 0u);
    EXPECT("2147483647 -2147483648", "%d %d", INT32_MAX, INT32_MIN);
    EXPECT("4294967295 ffffffff", "%u %x", UINT32_MAX, UINT32_MAX);
    EXPECT("7 -7 c0ffee", "%lu %ld %lx", 7ul, -7l, 0xc0ffeeul);
}

Test(printf, pads_numbers_to_their_width)
{
    EXPECT("   42|00042", "%5u|%05u", 42u, 42u);
    EXPECT("   -7|-0007", "%5d|%05d", -7, -7);
    EXPECT("0000beef", "%08x", 0xbeefu);
    EXPECT("123456", "%3u", 123456u);
}

Test(printf, a_width_ends_at_32)
{
    EXPECT("                               1", "%99u", 1u);
}

Test(printf, prints_characters_strings_and_pointers)
{
    EXPECT("a-bc-0x00001234", "%c-%s-%p", 'a', "bc", (void *)0x1234);
}

Test(printf, a_long_line_leaves_in_pieces_and_whole)
{
    char text[201];

    memset(text, 'x', sizeof text - 1);
    text[200] = '\0';
    EXPECT(text, "%s", text);
    cr_expect(eq(u32, writes, 4));
}

/* Formats that the compiler would refuse, so they come in through a variable.
 */
Test(printf, a_format_that_ends_early_ends_the_output)
{
    const char *volatile half = "half %";
    const char *volatile width = "width %08l";

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-security"
    EXPECT("half ", half);
    EXPECT("width ", width);
#pragma GCC diagnostic pop
}

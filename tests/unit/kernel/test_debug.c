/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"

TestSuite(debug, .timeout = 10);

static void boot(void)
{
    board_power_on();
    board_boot();
}

Test(debug, a_line_is_formatted_and_ends_with_cr_lf)
{
    boot();
    debug_line("%s|%.*s|%u|%u|%x|%c|%%", "text", 3, "abcdef", 0u, 4294967295u,
               0xbeefu, 'c');
    settle();
    cr_expect(said("text|abc|0|4294967295|0x0000BEEF|c|%\r\n"));
}

Test(debug, a_text_of_a_length_stops_at_its_end)
{
    boot();
    debug_line("%.*s|%.*s|", 10, "ab", 0, "cd");
    settle();
    cr_expect(said("ab||\r\n"));
}

Test(debug, control_characters_in_texts_are_replaced)
{
    boot();
    debug_line("%s", "a\033b\nc\177d\303\244");
    settle();
    cr_expect(said("a?b?c?d\303\244\r\n"));
}

/* U+009B is what an escape and a bracket are; U+00E4 and U+011B are letters. */
Test(debug, so_are_those_above_ascii)
{
    boot();
    debug_line("%s|%.*s", "a\302\2332J\302\200b\302\237\302\240\303\244", 3,
               "\304\233\302\233");
    settle();
    cr_expect(said("a??2J??b??\302\240\303\244|\304\233\302\r\n"));
}

Test(debug, lines_before_anyone_reads_are_kept)
{
    board_power_on();
    debug_line("early");
    board_boot();
    cr_expect(said("early\r\n"));
}

Test(debug, what_does_not_fit_is_dropped_whole_and_said)
{
    boot();
    host_uart.is_slow = true;
    debug_line("on its way");
    settle();
    for (int i = 0; i < 1000; i++)
        debug_line("line %u of a flood that is too much", (unsigned)i);
    host_uart.is_slow = false;
    host_uart_send_out();
    for (int i = 0; i < 20; i++)
        settle();
    cr_expect(said("line 0 of a flood that is too much\r\n"));
    cr_expect(not(said("line 999")));
    cr_expect(eq(chr, host_uart.text[host_uart.text_len - 1], '\n'));
    debug_line("afterwards");
    settle();
    cr_expect(said("\n*** DEBUG BUFFER FULL ***\nafterwards\r\n"));
    debug_line("once more");
    settle();
    cr_expect(said("afterwards\r\nonce more\r\n"));
}

Test(debug, the_ring_wraps_without_losing_a_byte)
{
    boot();
    for (int i = 0; i < 2000; i++) {
        char want[64];

        forget_text();
        debug_line("line number %u", (unsigned)i);
        settle();
        snprintf(want, sizeof(want), "line number %d\r\n", i);
        cr_assert(eq(u32, host_uart.text_len, strlen(want)));
        cr_assert(said(want));
    }
}

Test(debug, short_numbers_have_as_many_digits_as_they_need)
{
    boot();
    debug_line("%#x %#x %#x %#x.", 0u, 0xau, 0x10000u, 0xffffffffu);
    settle();
    cr_expect(said("0x0 0xa 0x10000 0xffffffff.\r\n"));
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/attr.h"
#include "host/ui.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

TestSuite(ui, .timeout = 10);

/* A stream that is a terminal, or null where there is none to be had. */
static FILE *terminal(void)
{
    int fd = posix_openpt(O_RDWR | O_NOCTTY);

    cr_assert(ge(int, fd, 0));
    return fdopen(fd, "r+");
}

static void set(const char *name, const char *value)
{
    if (value == NULL)
        unsetenv(name);
    else
        setenv(name, value, 1);
}

Test(ui, colour_follows_option_then_environment_then_stream)
{
    static const struct {
        enum ui_colour wish;
        const char *no_color, *force, *cliforce, *term;
        bool tty, expected;
    } rows[] = {
        {UI_COLOUR_ALWAYS, "1", NULL, NULL, "dumb", false, true},
        {UI_COLOUR_NEVER, NULL, "1", "1", "xterm", true, false},
        {UI_COLOUR_AUTO, "1", "1", "1", "xterm", true, false},
        {UI_COLOUR_AUTO, "", "1", NULL, "xterm", false, true},
        {UI_COLOUR_AUTO, NULL, "1", NULL, "dumb", false, true},
        {UI_COLOUR_AUTO, NULL, NULL, "1", "dumb", false, true},
        {UI_COLOUR_AUTO, NULL, "", "", "xterm", false, false},
        {UI_COLOUR_AUTO, NULL, NULL, NULL, "xterm", true, true},
        {UI_COLOUR_AUTO, NULL, NULL, NULL, NULL, true, true},
        {UI_COLOUR_AUTO, NULL, NULL, NULL, "dumb", true, false},
        {UI_COLOUR_AUTO, NULL, NULL, NULL, "xterm", false, false},
        {UI_COLOUR_NEVER, NULL, NULL, NULL, "xterm", true, false},
    };
    FILE *tty = terminal();
    FILE *file = tmpfile();

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        set("NO_COLOR", rows[i].no_color);
        set("FORCE_COLOR", rows[i].force);
        set("CLICOLOR_FORCE", rows[i].cliforce);
        set("TERM", rows[i].term);
        cr_expect(eq(int, ui_colour(rows[i].tty ? tty : file, rows[i].wish),
                     rows[i].expected),
                  "row %zu", i);
    }
    fclose(tty);
    fclose(file);
}

Test(ui, colour_words)
{
    enum ui_colour c = UI_COLOUR_AUTO;

    cr_expect(ui_colour_parse("never", &c));
    cr_expect(eq(int, c, UI_COLOUR_NEVER));
    cr_expect(ui_colour_parse("always", &c));
    cr_expect(eq(int, c, UI_COLOUR_ALWAYS));
    cr_expect(ui_colour_parse("auto", &c));
    cr_expect(eq(int, c, UI_COLOUR_AUTO));
    cr_expect(not(ui_colour_parse("no", &c)));
}

Test(ui, animation_needs_a_terminal_that_can_and_no_ci)
{
    FILE *tty = terminal();
    FILE *file = tmpfile();

    set("TERM", "xterm");
    set("CI", NULL);
    cr_expect(ui_animate(tty));
    cr_expect(not(ui_animate(file)));
    set("CI", "true");
    cr_expect(not(ui_animate(tty)));
    set("CI", NULL);
    set("TERM", "dumb");
    cr_expect(not(ui_animate(tty)));
    cr_expect(eq(uint, ui_width(file), 80));
    fclose(tty);
    fclose(file);
}

Test(ui, utf8_follows_the_locale)
{
    set("LC_ALL", "C.UTF-8");
    cr_expect(ui_utf8());
    set("LC_ALL", "C");
    cr_expect(not(ui_utf8()));
}

Test(ui, sizes_for_people)
{
    static const struct {
        uint64_t bytes;
        const char *text;
    } rows[] = {
        {0, "0 B"},
        {1023, "1023 B"},
        {1024, "1 KiB"},
        {3994, "3.9 KiB"},
        {1536 << 10, "1.5 MiB"},
        {1 << 20, "1 MiB"},
        {1ull << 40, "1024 GiB"},
    };

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        cr_expect(eq(str, ui_size(rows[i].bytes).text, rows[i].text));
}

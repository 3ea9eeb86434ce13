/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/ui.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);

    return value != NULL && value[0] != '\0';
}

static bool is_dumb(void)
{
    const char *term = getenv("TERM");

    return term != NULL && strcmp(term, "dumb") == 0;
}

bool ui_colour_parse(const char *word, enum ui_colour *out)
{
    static const char *const words[] = {"auto", "always", "never"};

    for (unsigned i = 0; i < 3; i++) {
        if (strcmp(word, words[i]) == 0) {
            *out = (enum ui_colour)i;
            return true;
        }
    }
    return false;
}

bool ui_colour(FILE *stream, enum ui_colour wish)
{
    if (wish != UI_COLOUR_AUTO)
        return wish == UI_COLOUR_ALWAYS;
    if (is_set("NO_COLOR"))
        return false;
    if (is_set("FORCE_COLOR") || is_set("CLICOLOR_FORCE"))
        return true;
    return isatty(fileno(stream)) && !is_dumb();
}

bool ui_animate(FILE *stream)
{
    return isatty(fileno(stream)) && !is_dumb() && !is_set("CI");
}

bool ui_utf8(void)
{
    setlocale(LC_CTYPE, "");
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

unsigned ui_width(FILE *stream)
{
    struct winsize size;

    if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 80;
    return size.ws_col;
}

struct ui_size ui_size(uint64_t bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
    struct ui_size out;
    unsigned unit = 0;
    uint64_t scale = 1;

    while (unit < 3 && bytes / scale >= 1024) {
        scale *= 1024;
        unit++;
    }
    if (bytes % scale == 0)
        snprintf(out.text, sizeof out.text, "%u %s", (unsigned)(bytes / scale),
                 units[unit]);
    else
        snprintf(out.text, sizeof out.text, "%.1f %s",
                 (double)bytes / (double)scale, units[unit]);
    return out;
}

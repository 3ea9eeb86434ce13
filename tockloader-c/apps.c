/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "apps.h"

#include <stdio.h>
#include <string.h>

void apps_list(const struct region *region, const bool *is_chosen, char *out,
               size_t room)
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < region->count && len < room; i++) {
        const struct tbf_header *h = &region->objects[i].header;

        if (region_is_app(&region->objects[i]) && h->name_len != 0 &&
            (is_chosen == NULL || is_chosen[i]))
            len += (size_t)snprintf(out + len, room - len, "%s%.*s",
                                    len == 0 ? "" : ", ", (int)h->name_len,
                                    h->name);
    }
}

static int not_installed(const struct region *region, const char *name,
                         struct err *e)
{
    char names[400];

    apps_list(region, NULL, names, sizeof names);
    err_set(e, ERR_STATE, "no app '%s' is installed", name);
    if (names[0] == '\0')
        return err_hint(e, "there are no apps on the board");
    return err_hint(e, "installed are: %s", names);
}

int apps_choose(const struct region *region, const char *name, bool *is_chosen,
                struct err *e)
{
    bool is_found = false;

    for (size_t i = 0; i < region->count; i++) {
        const struct region_object *object = &region->objects[i];

        if (!region_is_app(object) ||
            !region_is_named(&object->header, name, strlen(name)))
            continue;
        is_chosen[i] = true;
        is_found = true;
    }
    return is_found ? 0 : not_installed(region, name, e);
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "request.h"

#include "host/alloc.h"

#include <stdlib.h>

void request_begin(struct request *request, const struct region *region,
                   bool appends, size_t new_apps)
{
    size_t most = region->count + new_apps;

    *request = (struct request){
        .region = region,
        .appends = appends,
        .is_removed = alloc_zeroed(region->count, sizeof(bool)),
        .wishes = alloc_zeroed(most, sizeof *request->wishes),
        .images = alloc_zeroed(region->count, sizeof *request->images),
    };
    request->layout.is_removed = request->is_removed;
    request->layout.wishes = request->wishes;
}

void request_free(struct request *request)
{
    free(request->is_removed);
    free(request->wishes);
    free(request->images);
    *request = (struct request){0};
}

static size_t index_of(const struct request *request,
                       const struct region_object *object)
{
    return (size_t)(object - request->region->objects);
}

struct layout_wish *request_put(struct request *request,
                                const struct image *images, size_t count,
                                const struct region_object *old)
{
    struct layout_wish *wish = &request->wishes[request->layout.wish_count++];

    *wish = (struct layout_wish){.images = images, .count = count, .old = old};
    if (old != NULL)
        request_remove(request, old);
    return wish;
}

void request_remove(struct request *request, const struct region_object *object)
{
    request->is_removed[index_of(request, object)] = true;
}

bool request_removes(const struct request *request,
                     const struct region_object *object)
{
    return request->is_removed[index_of(request, object)];
}

/* Is there a copy of the app that has these flags already? */
static bool has_copy(const struct request *request,
                     const struct region_object *object,
                     const struct image *image, uint32_t flags)
{
    const struct region *region = request->region;

    for (size_t i = 0; i < region->count && request->appends; i++)
        if (&region->objects[i] != object &&
            region_is_app(&region->objects[i]) &&
            image_compare(image, flags,
                          region_bytes_of(region, &region->objects[i]),
                          region->objects[i].size) == IMAGE_SAME)
            return true;
    return false;
}

void request_flags(struct request *request, const struct region_object *object,
                   uint32_t set, uint32_t clear)
{
    struct image *image = &request->images[request->image_count++];
    uint32_t flags = (object->header.flags | set) & ~clear;
    struct layout_wish *wish;

    *image = image_of_object("an app of the board",
                             region_bytes_of(request->region, object),
                             &object->header, object->status == TBF_OK);
    if (flags != object->header.flags &&
        has_copy(request, object, image, flags)) {
        request_remove(request, object);
        return;
    }
    wish = request_put(request, image, 1, object);
    wish->set_flags = set;
    wish->clear_flags = clear;
}

bool request_replaces(const struct request *request,
                      const struct region_object *object)
{
    for (size_t i = 0; i < request->layout.wish_count; i++)
        if (request->wishes[i].old == object)
            return true;
    return false;
}

static bool is_one_of(const struct region *region,
                      const struct region_object *object,
                      const struct image *images, size_t count)
{
    for (size_t i = 0; i < count && region_is_app(object); i++)
        if (image_compare(&images[i], object->header.flags,
                          region_bytes_of(region, object),
                          object->size) == IMAGE_SAME)
            return true;
    return false;
}

const struct region_object *request_find(const struct request *request,
                                         const struct image *images,
                                         size_t count)
{
    const struct region *region = request->region;

    for (size_t i = 0; i < region->count && request->appends; i++)
        if (is_one_of(region, &region->objects[i], images, count))
            return &region->objects[i];
    return NULL;
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/json.h"

#include "host/alloc.h"
#include "host/utf8.h"

#include <cjson/cJSON.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* What is used of the library. */
static struct {
    void *handle;
    cJSON *(*create_object)(void);
    cJSON *(*create_array)(void);
    cJSON *(*create_string)(const char *);
    cJSON *(*create_number)(double);
    cJSON *(*create_bool)(cJSON_bool);
    cJSON *(*create_null)(void);
    cJSON_bool (*add_to_object)(cJSON *, const char *, cJSON *);
    cJSON_bool (*add_to_array)(cJSON *, cJSON *);
    char *(*print)(const cJSON *);
    void (*free_text)(void *);
    void (*free_tree)(cJSON *);
} lib;

/* ISO C has no cast between a data and a function pointer; POSIX promises
 * that the bytes are the same. */
static bool find(const char *name, void *function, size_t size)
{
    void *symbol = dlsym(lib.handle, name);

    memcpy(function, &symbol, size);
    return symbol != NULL;
}

#define FIND(name, field) find(name, &lib.field, sizeof lib.field)

static bool load(void)
{
    if (lib.handle == NULL)
        lib.handle = dlopen("libcjson.so.1", RTLD_NOW | RTLD_LOCAL);
    return lib.handle != NULL && FIND("cJSON_CreateObject", create_object) &&
           FIND("cJSON_CreateArray", create_array) &&
           FIND("cJSON_CreateString", create_string) &&
           FIND("cJSON_CreateNumber", create_number) &&
           FIND("cJSON_CreateBool", create_bool) &&
           FIND("cJSON_CreateNull", create_null) &&
           FIND("cJSON_AddItemToObject", add_to_object) &&
           FIND("cJSON_AddItemToArray", add_to_array) &&
           FIND("cJSON_PrintUnformatted", print) &&
           FIND("cJSON_free", free_text) && FIND("cJSON_Delete", free_tree);
}

static cJSON *tree(struct json *json)
{
    return (cJSON *)json;
}

/* cJSON answers null or false only when memory ran out. */
static void *must(void *result)
{
    if (result == NULL)
        abort();
    return result;
}

static struct json *add(struct json *to, const char *key, cJSON *item)
{
    cJSON_bool done = key == NULL
                          ? lib.add_to_array(tree(to), must(item))
                          : lib.add_to_object(tree(to), key, must(item));

    if (!done)
        abort();
    return (struct json *)item;
}

struct json *json_begin(struct err *e)
{
    if (!load()) {
        err_set(e, ERR_INPUT, "cannot load libcjson.so.1, which --json needs");
        err_hint(e, "apt-get install libcjson1");
        return NULL;
    }
    return must(lib.create_object());
}

struct json *json_add_object(struct json *to, const char *key)
{
    return add(to, key, lib.create_object());
}

struct json *json_add_array(struct json *to, const char *key)
{
    return add(to, key, lib.create_array());
}

/* The length of the valid sequence at text; 0 if there is none. */
static size_t sequence_at(const char *text)
{
    size_t left = strnlen(text, 4);

    for (size_t len = 1; len <= left; len++)
        if (utf8_is_valid(text, len))
            return len;
    return 0;
}

/* A copy with U+FFFD in the place of every byte that is no UTF-8. */
static char *repaired(const char *text)
{
    char *copy = alloc_zeroed(3 * strlen(text) + 1, 1);
    char *to = copy;

    while (*text != '\0') {
        size_t len = sequence_at(text);

        if (len != 0)
            memcpy(to, text, len);
        to += len != 0 ? len : utf8_put(0xfffd, to);
        text += len != 0 ? len : 1;
    }
    return copy;
}

void json_add_string(struct json *to, const char *key, const char *value)
{
    char *copy;

    if (value == NULL) {
        json_add_null(to, key);
        return;
    }
    copy = repaired(value);
    add(to, key, lib.create_string(copy));
    free(copy);
}

void json_add_text(struct json *to, const char *key, const char *value,
                   size_t len)
{
    char *copy = alloc_string(value, len);

    json_add_string(to, key, copy);
    free(copy);
}

void json_add_number(struct json *to, const char *key, uint32_t value)
{
    add(to, key, lib.create_number(value));
}

void json_add_bool(struct json *to, const char *key, bool value)
{
    add(to, key, lib.create_bool(value));
}

void json_add_null(struct json *to, const char *key)
{
    add(to, key, lib.create_null());
}

void json_print(const struct json *document, FILE *to)
{
    char *text = must(lib.print((const cJSON *)document));

    fputs(text, to);
    putc('\n', to);
    lib.free_text(text);
}

void json_free(struct json *document)
{
    if (document != NULL)
        lib.free_tree(tree(document));
}

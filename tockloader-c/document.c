/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "document.h"

int document_begin(struct session *session, struct err *e)
{
    char schema[64];

    session->json = json_begin(e);
    if (session->json == NULL)
        return -1;
    snprintf(schema, sizeof schema, "tockloader-c/%s/1", session->command);
    json_add_string(session->json, "schema", schema);
    json_add_string(session->json, "board", session->options.board);
    return 0;
}

static void add_warnings(const struct session *session)
{
    struct json *list = json_add_array(session->json, "warnings");

    for (size_t i = 0; i < session->notes.count; i++)
        json_add_string(list, NULL, session->notes.lines[i]);
}

static const char *or_null(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

static void add_error(struct json *document, const struct err *e)
{
    struct json *error = json_add_object(document, "error");

    json_add_number(error, "status", e->kind);
    json_add_string(error, "message", e->text);
    json_add_string(error, "while", or_null(e->where));
    json_add_string(error, "hint", or_null(e->hint));
}

int document_end(struct session *session, int result, const struct err *e)
{
    struct err missing = {0};

    if (session->json == NULL && document_begin(session, &missing) != 0)
        return result;
    add_warnings(session);
    if (result != 0)
        add_error(session->json, e);
    json_print(session->json, stdout);
    json_free(session->json);
    session->json = NULL;
    return result;
}

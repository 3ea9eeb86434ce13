/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/completion.h"

#include <string.h>

/* What follows an option. */
enum value { VALUE_NONE, VALUE_FILE, VALUE_FOLDER, VALUE_OTHER };

static enum value value_of(const struct cli_option *o)
{
    static const char *const files[] = {"FILE", "KEY", "TAB", "ELF"};

    if (o->kind < CLI_STRING)
        return VALUE_NONE;
    for (size_t i = 0; i < ARRAY_COUNT(files) && o->metavar != NULL; i++)
        if (strcmp(o->metavar, files[i]) == 0)
            return VALUE_FILE;
    if (o->metavar != NULL && strcmp(o->metavar, "DIR") == 0)
        return VALUE_FOLDER;
    return VALUE_OTHER;
}

static bool is_hidden(const struct cli_option *o)
{
    return o->help != NULL && o->help[0] == '\0';
}

/* Calls put for each option of a command; the text of its help comes along. */
typedef void put_option(const struct completion *completion,
                        const struct completion_command *command,
                        const struct cli_option *o, const char *help, FILE *to);

static void each_option(const struct completion *completion,
                        const struct completion_command *command,
                        put_option *put, FILE *to)
{
    for (size_t t = 0; t < COMPLETION_TABLES; t++) {
        size_t count = command->tables[t].count;
        const struct cli_option *options = command->tables[t].options;

        for (size_t i = 0; i < count; i++) {
            size_t described = i;

            while (options[described].help == NULL && described + 1 < count)
                described++;
            if (!is_hidden(&options[i]))
                put(completion, command, &options[i],
                    options[described].help != NULL ? options[described].help
                                                    : "",
                    to);
        }
    }
}

static const struct completion_value *
find_value(const struct completion *completion, const struct cli_option *o)
{
    for (size_t i = 0; i < completion->value_count; i++)
        if (o->name != NULL &&
            strcmp(completion->values[i].option, o->name) == 0)
            return &completion->values[i];
    return NULL;
}

/* Text between single quotes, each shell's way; also_escaped are as well. */
static void put_quoted(FILE *to, const char *text, const char *quote,
                       const char *also_escaped)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputs(quote, to);
        else if (strchr(also_escaped, *text) != NULL)
            fprintf(to, "\\%c", *text);
        else
            putc(*text, to);
    }
}

/* Letters and hyphens of the program's name as a name of a function. */
static void put_function(const struct completion *completion, FILE *to)
{
    putc('_', to);
    for (const char *c = completion->program; *c != '\0'; c++)
        putc(*c == '-' ? '_' : *c, to);
}

/* --- bash ----------------------------------------------------------------- */

static void bash_name(const struct completion *completion,
                      const struct completion_command *command,
                      const struct cli_option *o, const char *help, FILE *to)
{
    (void)completion;
    (void)command;
    (void)help;
    if (o->name != NULL)
        fprintf(to, "--%s ", o->name);
    if (o->letter != 0)
        fprintf(to, "-%c ", o->letter);
}

static void bash_name_of(const struct cli_option *o, enum value value, FILE *to)
{
    if (value_of(o) == value)
        bash_name(NULL, NULL, o, NULL, to);
}

static void bash_file(const struct completion *completion,
                      const struct completion_command *command,
                      const struct cli_option *o, const char *help, FILE *to)
{
    (void)completion;
    (void)command;
    (void)help;
    bash_name_of(o, VALUE_FILE, to);
}

static void bash_folder(const struct completion *completion,
                        const struct completion_command *command,
                        const struct cli_option *o, const char *help, FILE *to)
{
    (void)completion;
    (void)command;
    (void)help;
    bash_name_of(o, VALUE_FOLDER, to);
}

static void bash_other(const struct completion *completion,
                       const struct completion_command *command,
                       const struct cli_option *o, const char *help, FILE *to)
{
    (void)command;
    (void)help;
    if (find_value(completion, o) == NULL)
        bash_name_of(o, VALUE_OTHER, to);
}

/* A case of the command: its options, by what follows them. */
static void bash_command(const struct completion *completion,
                         const struct completion_command *command, FILE *to)
{
    fprintf(to, "    %s)\n        options=' ",
            command->name != NULL ? command->name : "*");
    each_option(completion, command, bash_name, to);
    fputs("'\n        files=' ", to);
    each_option(completion, command, bash_file, to);
    fputs("'\n        folders=' ", to);
    each_option(completion, command, bash_folder, to);
    fputs("'\n        others=' ", to);
    each_option(completion, command, bash_other, to);
    fprintf(to, "'\n        words='%s'\n        ;;\n",
            command->words != NULL ? command->words : "");
}

/* The letter of the option with this name, 0 if it has none. */
static char letter_of(const struct completion *completion, const char *name)
{
    for (size_t c = 0; c < completion->count; c++)
        for (size_t t = 0; t < COMPLETION_TABLES; t++)
            for (size_t i = 0; i < completion->commands[c].tables[t].count;
                 i++) {
                const struct cli_option *o =
                    &completion->commands[c].tables[t].options[i];

                if (o->name != NULL && strcmp(o->name, name) == 0)
                    return o->letter;
            }
    return 0;
}

static void bash_values(const struct completion *completion, FILE *to)
{
    for (size_t i = 0; i < completion->value_count; i++) {
        const struct completion_value *v = &completion->values[i];

        fprintf(to, "    --%s", v->option);
        if (letter_of(completion, v->option) != 0)
            fprintf(to, " | -%c", letter_of(completion, v->option));
        fputs(") values=", to);
        if (v->words != NULL)
            fprintf(to, "'%s' ;;\n", v->words);
        else
            fprintf(to, "$(%s 2>/dev/null) ;;\n", v->command);
    }
}

static void print_bash(const struct completion *completion, FILE *to)
{
    fprintf(to, "# bash completion for %s\n", completion->program);
    put_function(completion, to);
    fputs("()\n{\n"
          "    local word=${COMP_WORDS[COMP_CWORD]}\n"
          "    local before=${COMP_WORDS[COMP_CWORD-1]}\n"
          "    local command= options files folders others words values=\n"
          "    local commands='",
          to);
    for (size_t i = 0; i < completion->count; i++)
        if (completion->commands[i].name != NULL)
            fprintf(to, "%s ", completion->commands[i].name);
    fputs("'\n"
          "    [ \"$COMP_CWORD\" -gt 1 ] && command=${COMP_WORDS[1]}\n"
          "    case $command in\n",
          to);
    for (size_t i = 0; i < completion->count; i++)
        if (completion->commands[i].name != NULL)
            bash_command(completion, &completion->commands[i], to);
    for (size_t i = 0; i < completion->count; i++)
        if (completion->commands[i].name == NULL)
            bash_command(completion, &completion->commands[i], to);
    fputs("    esac\n"
          "    case $before in\n",
          to);
    bash_values(completion, to);
    fputs("    esac\n"
          "    COMPREPLY=()\n"
          "    if [ -n \"$values\" ]; then\n"
          "        COMPREPLY=($(compgen -W \"$values\" -- \"$word\"))\n"
          "    elif [[ $others == *\" $before \"* ]]; then\n"
          "        return\n"
          "    elif [[ $folders == *\" $before \"* ]]; then\n"
          "        compopt -o filenames 2>/dev/null\n"
          "        COMPREPLY=($(compgen -d -- \"$word\"))\n"
          "    elif [[ $word == -* && $files != *\" $before \"* ]]; then\n"
          "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
          "    else\n"
          "        if [[ $files != *\" $before \"* ]]; then\n"
          "            [ \"$COMP_CWORD\" -eq 1 ] && words=$commands\n"
          "            COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
          "        fi\n"
          "        compopt -o filenames 2>/dev/null\n"
          "        COMPREPLY+=($(compgen -f -- \"$word\"))\n"
          "    fi\n"
          "}\n"
          "complete -F ",
          to);
    put_function(completion, to);
    fprintf(to, " %s\n", completion->program);
}

/* --- zsh ------------------------------------------------------------------ */

/* The name of a value and how it is completed, ":KEY:_files". */
static void zsh_value(const struct completion *completion,
                      const struct cli_option *o, FILE *to)
{
    const struct completion_value *v = find_value(completion, o);

    if (value_of(o) == VALUE_NONE)
        return;
    fprintf(to, ":%s:", o->metavar != NULL ? o->metavar : "value");
    if (value_of(o) == VALUE_FILE)
        fputs("_files", to);
    else if (value_of(o) == VALUE_FOLDER)
        fputs("_files -/", to);
    else if (v != NULL && v->words != NULL)
        fprintf(to, "(%s)", v->words);
    else if (v != NULL)
        fprintf(to, "{compadd -- ${(f)\"$(%s 2>/dev/null)\"}}", v->command);
}

static void zsh_spelling(const struct completion *completion,
                         const struct cli_option *o, const char *spelling,
                         const char *help, FILE *to)
{
    fprintf(to, " \\\n            '*%s[", spelling);
    put_quoted(to, help, "'\\''", "[]:\\");
    putc(']', to);
    zsh_value(completion, o, to);
    putc('\'', to);
}

static void zsh_option(const struct completion *completion,
                       const struct completion_command *command,
                       const struct cli_option *o, const char *help, FILE *to)
{
    char spelling[64];

    (void)command;
    if (o->name != NULL) {
        snprintf(spelling, sizeof spelling, "--%s", o->name);
        zsh_spelling(completion, o, spelling, help, to);
    }
    if (o->letter != 0) {
        snprintf(spelling, sizeof spelling, "-%c", o->letter);
        zsh_spelling(completion, o, spelling, help, to);
    }
}

/* Arguments count from the command's name: it is dropped from the words. */
static void zsh_command(const struct completion *completion,
                        const struct completion_command *command, FILE *to)
{
    fprintf(to, "    %s)\n        _arguments -s",
            command->name != NULL ? command->name : "*");
    each_option(completion, command, zsh_option, to);
    if (command->words != NULL)
        fprintf(to, " \\\n            '1:word:(%s)'", command->words);
    fputs(" \\\n            '*:file:_files'\n        ;;\n", to);
}

static void print_zsh(const struct completion *completion, FILE *to)
{
    fprintf(to, "#compdef %s\n", completion->program);
    put_function(completion, to);
    fputs("()\n{\n    local -a commands\n    commands=(\n", to);
    for (size_t i = 0; i < completion->count; i++) {
        if (completion->commands[i].name == NULL)
            continue;
        fprintf(to, "        '%s:", completion->commands[i].name);
        put_quoted(to, completion->commands[i].summary, "'\\''", "");
        fputs("'\n", to);
    }
    fputs("    )\n"
          "    (( CURRENT == 2 )) && _describe command commands\n"
          "    local command=$words[2]\n"
          "    (( CURRENT == 2 )) && command=\n"
          "    if (( ${commands[(I)$command:*]} )); then\n"
          "        shift words\n"
          "        (( CURRENT-- ))\n"
          "    fi\n"
          "    case $command in\n",
          to);
    for (size_t i = 0; i < completion->count; i++)
        if (completion->commands[i].name != NULL)
            zsh_command(completion, &completion->commands[i], to);
    for (size_t i = 0; i < completion->count; i++)
        if (completion->commands[i].name == NULL)
            zsh_command(completion, &completion->commands[i], to);
    fputs("    esac\n}\n", to);
    put_function(completion, to);
    fputs(" \"$@\"\n", to);
}

/* --- fish ----------------------------------------------------------------- */

static void fish_option(const struct completion *completion,
                        const struct completion_command *command,
                        const struct cli_option *o, const char *help, FILE *to)
{
    const struct completion_value *v = find_value(completion, o);

    fprintf(to, "complete -c %s", completion->program);
    if (command->name != NULL)
        fprintf(to, " -n '__fish_seen_subcommand_from %s'", command->name);
    else
        fputs(" -n '__fish_use_subcommand'", to);
    if (o->name != NULL)
        fprintf(to, " -l %s", o->name);
    if (o->letter != 0)
        fprintf(to, " -s %c", o->letter);
    switch (value_of(o)) {
    case VALUE_NONE:
        break;
    case VALUE_FILE:
        fputs(" -r -F", to);
        break;
    case VALUE_FOLDER:
        fputs(" -x -a '(__fish_complete_directories)'", to);
        break;
    case VALUE_OTHER:
        fputs(" -x", to);
        if (v != NULL && v->words != NULL)
            fprintf(to, " -a '%s'", v->words);
        else if (v != NULL)
            fprintf(to, " -a '(%s 2>/dev/null)'", v->command);
        break;
    }
    fputs(" -d '", to);
    put_quoted(to, help, "\\'", "\\");
    fputs("'\n", to);
}

static void print_fish(const struct completion *completion, FILE *to)
{
    for (size_t i = 0; i < completion->count; i++) {
        const struct completion_command *command = &completion->commands[i];

        if (command->name != NULL) {
            fprintf(to, "complete -c %s -n __fish_use_subcommand -a %s -d '",
                    completion->program, command->name);
            put_quoted(to, command->summary, "\\'", "\\");
            fputs("'\n", to);
        }
        if (command->words != NULL)
            fprintf(to,
                    "complete -c %s -n '__fish_seen_subcommand_from %s' -a "
                    "'%s'\n",
                    completion->program, command->name, command->words);
        each_option(completion, command, fish_option, to);
    }
}

bool completion_print(const struct completion *completion, const char *shell,
                      FILE *to)
{
    if (strcmp(shell, "bash") == 0)
        print_bash(completion, to);
    else if (strcmp(shell, "zsh") == 0)
        print_zsh(completion, to);
    else if (strcmp(shell, "fish") == 0)
        print_fish(completion, to);
    else
        return false;
    return true;
}

/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Keeps a number in three places that outlast a power cut, as fast as it can:
 * the storage of all apps, its own storage, its own flash. Around each number,
 * which fills a block of bytes, stand others that never change.
 *
 * Expect on the console what it found, then each eighth number when it is
 * everywhere: keeper: found 39 39 38 keeper: 40 "keeper: ... is damaged"
 * instead means that bytes were lost.
 */
#include "base/mem.h"
#include "tock/printf.h"
#include "tock/storage.h"

#include <stdbool.h>

/* Words: a frame, the block with the number, a frame. */
#define FRAME       8u
#define BLOCK       100u
#define PLACE_WORDS (FRAME + BLOCK + FRAME)
#define REPORTED    8u /* each that many, for the console is slow */
#define FRAME_WORD  0x6b656570u

struct place {
    const char *name;
    uint32_t offset; /* or address, in bytes */
    enum tock_error (*read)(uint32_t offset, void *into, uint32_t len);
    enum tock_error (*write)(uint32_t offset, const void *bytes, uint32_t len);
};

static uint32_t words[PLACE_WORDS];

__attribute__((section(".wfr.keeper"),
               used)) static const uint32_t flash_words[PLACE_WORDS] = {
    0xffffffff};

static enum tock_error flash_read(uint32_t address, void *into, uint32_t len)
{
    memcpy(into, (const void *)address, len);
    return TOCK_OK;
}

static bool is_all(uint32_t from, uint32_t to, uint32_t value)
{
    while (from < to && words[from] == value)
        from++;
    return from == to;
}

/* Writes the frames of a place that was never used. */
static enum tock_error begin(const struct place *place)
{
    for (uint32_t i = 0; i < PLACE_WORDS; i++)
        words[i] = i < FRAME || i >= FRAME + BLOCK ? FRAME_WORD : 0;
    return place->write(place->offset, words, sizeof(words));
}

static bool is_whole(void)
{
    return is_all(0, FRAME, FRAME_WORD) &&
           is_all(FRAME, FRAME + BLOCK, words[FRAME]) &&
           is_all(FRAME + BLOCK, PLACE_WORDS, FRAME_WORD);
}

/* The number that stands there, 0 at first; false: nothing, or not as it was
 * left. */
static bool find(const struct place *place, uint32_t *number)
{
    enum tock_error error = place->read(place->offset, words, sizeof(words));

    if (error == TOCK_OK && words[0] == 0xffffffff)
        error = begin(place);
    if (error != TOCK_OK)
        printf("keeper: %s has error %u\n", place->name, (unsigned)error);
    else if (!is_whole())
        printf("keeper: %s is damaged\n", place->name);
    *number = words[FRAME];
    return error == TOCK_OK && is_whole();
}

static bool keep(const struct place *place, uint32_t number)
{
    enum tock_error error;

    for (uint32_t i = 0; i < BLOCK; i++)
        words[i] = number;
    error = place->write(place->offset + FRAME * 4, words, BLOCK * 4);
    if (error != TOCK_OK)
        printf("keeper: %s has error %u\n", place->name, (unsigned)error);
    return error == TOCK_OK;
}

int main(void)
{
    struct place places[] = {
        {"shared", 4096 + 100, storage_read, storage_write},
        {"own", 100, own_storage_read, own_storage_write},
        {"flash", syscall_memop(TOCK_MEMOP_REGION_START, 0).value[0],
         flash_read, app_flash_write},
    };
    uint32_t found[ARRAY_COUNT(places)] = {0};

    for (uint32_t i = 0; i < ARRAY_COUNT(places); i++) {
        if (!find(&places[i], &found[i]))
            return TOCK_FAIL;
    }
    printf("keeper: found %lu %lu %lu\n", found[0], found[1], found[2]);
    for (uint32_t number = found[0] + 1;; number++) {
        for (uint32_t i = 0; i < ARRAY_COUNT(places); i++) {
            if (!keep(&places[i], number))
                return TOCK_FAIL;
        }
        if (number % REPORTED == 0)
            printf("keeper: %lu\n", number);
    }
}

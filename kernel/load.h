/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Finds the apps in flash and makes processes of them. */

#include <stdbool.h>
#include <stdint.h>

/*
 * Walks the app flash and starts what may run, with one console line per app:
 * started where, or why not. Trust: the flash may hold anything.
 */
void load_apps(void);

/* Starts the app whose header is at this address; false if it was not. */
bool load_app(uint32_t addr);

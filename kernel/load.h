/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Finds the apps in flash and makes processes of them. */

/*
 * Walks the app flash and starts what may run, with one console line per app:
 * started where, or why not. Trust: the flash may hold anything.
 */
void load_apps(void);

/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The panel: LEDs, buttons, pins and sensors of a board whose machine has none,
 * as lines of text on a serial port of their own.
 *
 * What comes out, when it happens:
 *
 *   led N on | off              an LED has changed; at first all are off
 *   gpio N high | low           an output has changed, or has become one
 *
 * What can be sent:
 *
 *   button N down | up          at first all are up
 *   gpio N high | low           what drives the pin from outside; at first
 *                               nothing does, and only a pull-up makes it high
 *   SENSOR VALUE                what it measures from now on
 *   SENSOR X Y Z                of one that measures a vector
 *
 *   SENSOR          unit                             at first
 *   temperature     hundredths of a degree Celsius   2150
 *   humidity        hundredths of a percent          5000
 *   light           lux                              300
 *   proximity       0 far to 255 near                0
 *   sound_pressure  decibels                         40
 *   co2             ppm                              400
 *   tvoc            ppb                              50
 *   pressure        hectopascals                     1013
 *   distance        millimetres                      500
 *   moisture        hundredths of a percent          3000
 *   rainfall        micrometres                      0
 *   acceleration    thousandths of the earth's       0 0 1000
 *   magnetic_field  tenths of a microtesla           200 0 -400
 *   rotation        hundredths of a degree a second  0 0 0
 *
 * N counts from 0. Pins 0 and 1 are joined by a wire. Numbers are decimal, with
 * 32 bits and a sign. Words are separated by spaces, lines end with LF, CR or
 * both. A line that is none of these, or is longer than PANEL_LINE, is ignored;
 * nothing is ever answered.
 *
 * A slow listener: up to PANEL_CHANGES changes wait for the port; of what
 * happens meanwhile to an LED or pin only the last state comes out, behind
 * them.
 *
 * On a console (PANEL_ON_CONSOLE) only the lines about LEDs come out, each in
 * one piece, and nothing is read: what is typed there is the apps'.
 *
 * LEDs can be seen elsewhere too: the panel adds its lines to a real LED, or to
 * one that only remembers (virtual/led_memory.h). What the other says about
 * itself is what counts.
 *
 * Ownership: the board allocates. Context: kernel thread only.
 * Trust: what is sent is hostile.
 */

#include "hil/led.h"
#include "hil/uart.h"
#include "virtual/fixed_sensor.h"
#include "virtual/simulated_pin.h"

#define PANEL_LEDS    8u /* at most */
#define PANEL_PINS    8u
#define PANEL_BUTTONS 4u
#define PANEL_LINE    64u
#define PANEL_CHANGES 32u /* a power of two */

enum panel_sensor {
    PANEL_TEMPERATURE,
    PANEL_HUMIDITY,
    PANEL_LIGHT,
    PANEL_PROXIMITY,
    PANEL_SOUND_PRESSURE,
    PANEL_CO2,
    PANEL_TVOC,
    PANEL_PRESSURE,
    PANEL_DISTANCE,
    PANEL_MOISTURE,
    PANEL_RAINFALL,
    PANEL_ACCELERATION,
    PANEL_MAGNETIC_FIELD,
    PANEL_ROTATION,
    PANEL_SENSORS,
};

enum panel_place { PANEL_ALONE, PANEL_ON_CONSOLE };

struct panel;

struct panel_led {
    struct hil_led led;
    struct panel *panel;
    struct hil_led *lamp; /* shows it, and knows whether it is lit */
    uint32_t index;
};

struct panel_pin {
    struct simulated_pin pin;
    struct panel *panel;
    uint32_t index;
};

/* An item is an LED or a pin; each has a bit. */
struct panel_change {
    uint8_t item;
    bool is_on;
};

struct panel {
    struct hil_uart_client client;
    struct hil_uart *port;
    enum panel_place place;
    struct panel_led leds[PANEL_LEDS];
    uint32_t led_count;
    struct panel_pin pins[PANEL_PINS];
    struct simulated_pin buttons[PANEL_BUTTONS];
    struct fixed_sensor sensors[PANEL_SENSORS];

    struct panel_change changes[PANEL_CHANGES];
    uint32_t first_change; /* counted without end */
    uint32_t last_change;
    uint32_t late;  /* items whose state is to be told behind the changes */
    uint32_t shown; /* items that were last told, or queued, as on        */
    bool is_sending;
    uint8_t out[PANEL_LINE];

    uint8_t byte[1];
    uint8_t line[PANEL_LINE];
    uint32_t line_len; /* PANEL_LINE + 1: it is too long */
};

/* Takes the port, and reads it if it is the panel's alone. */
void panel_init(struct panel *self, struct hil_uart *port,
                enum panel_place place);

/* The next LED, which turns the lamp off; at most PANEL_LEDS. */
struct hil_led *panel_add_led(struct panel *self, struct hil_led *lamp);

/* Index below PANEL_PINS, PANEL_BUTTONS, PANEL_SENSORS. A button's pin is high
 * while it is down. */
struct hil_gpio *panel_pin(struct panel *self, uint32_t index);
struct hil_gpio *panel_button(struct panel *self, uint32_t index);
struct hil_sensor *panel_sensor(struct panel *self, enum panel_sensor which);

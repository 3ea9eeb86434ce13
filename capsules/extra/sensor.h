/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Sensors: what Tock has a driver number each for, and one implementation.
 * Driver numbers in the second table.
 *
 *   command 0                is it there               Success
 *   command 1                measure; rainfall         Success, BUSY, INVAL,
 *                            (hours): of the last 1 to NOSUPPORT, NOMEM
 *                            24; not of air quality
 *   command 2                air quality: measure      Success, BUSY,
 *                                                      NOSUPPORT, NOMEM
 *                            distance: the least       Success u32: mm
 *                            sound pressure: on        Success
 *                            proximity (low, high):    as command 1
 *                            wait until it is measured
 *                            below low or above high
 *   command 3                air quality: measure      Success, BUSY,
 *                                                      NOSUPPORT, NOMEM
 *                            distance: the greatest    Success u32: mm
 *                            sound pressure: off       Success
 *   command 100              nine axes: measure        Success, BUSY,
 *                                                      NOSUPPORT, NOMEM
 *   command 200              nine axes: measure        Success, BUSY,
 *                                                      NOSUPPORT, NOMEM
 *   upcall 0                 as in the table below     it is measured
 *
 *   driver                 command   measures               upcall 0
 *   0x60000 temperature    1         1/100 degree Celsius   (value, 0, 0)
 *   0x60001 humidity       1         1/100 percent          (value, 0, 0)
 *   0x60002 light          1         lux                    (value, 0, 0)
 *   0x60004 nine axes      1         acceleration           (x, y, z)
 *                          100       magnetic field         (x, y, z)
 *                          200       rotation               (x, y, z)
 *   0x60005 proximity      1         0 far to 255 near      (value, 0, 0)
 *                          2 (low,   the first value        (value, 0, 0)
 *                          high)     outside of low to high
 *   0x60006 sound pressure 1         decibels               (value, 0, 0)
 *   0x60007 air quality    2         carbon dioxide, ppm    (value, 0, 0)
 *                          3         organic compounds, ppb (value, 0, 0)
 *   0x60008 pressure       1         hectopascals           (status, value, 0)
 *   0x60009 distance       1         millimetres            (status, value, 0)
 *   0x6000a moisture       1         1/100 percent          (status, value, 0)
 *   0x6000b rainfall       1 (hours) micrometres            (status, value, 0)
 *
 * The numbers are TOCK_DRIVER_TEMPERATURE and so on. Values are signed. Units
 * of the nine axes are the board's. On and off of sound pressure change
 * nothing. Of low and high the lowest 8 bits count; the value that is there
 * already counts, then each that the sensor says has changed.
 *
 * Answers, nothing was begun then:
 *   NOSUPPORT   there is no such command, or the board does not have this
 *               sensor
 *   INVAL       rainfall: another number of hours
 *   BUSY        the caller's last request is open, its upcall not queued yet;
 *               light never answers it: there a second request replaces the
 *               first
 *   NOMEM       no memory for the driver's state of the process (its grant)
 *
 * Status is 0, or what the sensor said when it failed (TOCK_FAIL as a rule),
 * the value then 0. Without a status in the upcall a failure is told as the
 * value 0.
 *
 * Requests: one of each process. Who asks while a measurement of the same is
 * under way gets its result. Different ones go one after the other, the
 * processes in turn. No buffers.
 *
 * Process ends: its request is gone.
 * At start: nothing is open.
 *
 * Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "hil/sensor.h"
#include "virtual/work.h"

#include <stdbool.h>

enum sensor_kind {
    SENSOR_TEMPERATURE,
    SENSOR_HUMIDITY,
    SENSOR_LIGHT,
    SENSOR_NINE_AXES,
    SENSOR_PROXIMITY,
    SENSOR_SOUND_PRESSURE,
    SENSOR_AIR_QUALITY,
    SENSOR_PRESSURE,
    SENSOR_DISTANCE,
    SENSOR_MOISTURE,
    SENSOR_RAINFALL,
    SENSOR_KINDS,
};

#define SENSOR_QUANTITIES 3u

/* A measurement: which of the driver's, and the command's argument. */
struct sensor_request {
    uint32_t quantity;
    uint32_t argument;
};

struct sensor;

struct sensor_source {
    struct hil_sensor_client client;
    struct sensor *owner;
    struct hil_sensor *sensor; /* null: the board has none */
};

struct sensor {
    struct driver driver;
    struct work work;
    enum sensor_kind kind;
    struct sensor_source sources[SENSOR_QUANTITIES];
    struct sensor_request current; /* if is_measuring */
    bool is_measuring;
    bool has_changed; /* while it measured */
    uint32_t least;   /* for command 2 and 3 of distance */
    uint32_t greatest;
};

/* The driver of this kind, that measures nothing yet. */
void sensor_init(struct sensor *self, enum sensor_kind kind);

/* What its commands measure, in the order of the table; a command without one
 * answers NOSUPPORT. More than SENSOR_QUANTITIES are left out. */
void sensor_set_source(struct sensor *self, uint32_t quantity,
                       struct hil_sensor *sensor);

/* What a distance sensor can measure, in mm. */
void sensor_set_range(struct sensor *self, uint32_t least, uint32_t greatest);

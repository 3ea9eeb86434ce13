/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"
#include "virtual/led_memory.h"
#include "virtual/panel.h"

TestSuite(panel, .timeout = 10);

static struct panel panel;
static struct led_memory lamps[PANEL_LEDS];
static struct hil_led *leds[PANEL_LEDS];

/* The panel has the port for itself, without a kernel's messages. */
static void start(enum panel_place place)
{
    host_reset();
    memset(&board, 0, sizeof(board));
    panel_init(&panel, &host_uart.uart, place);
    for (uint32_t i = 0; i < PANEL_LEDS; i++)
        leds[i] = panel_add_led(&panel, led_memory_init(&lamps[i]));
}

static void set_led(uint32_t index, bool is_lit)
{
    leds[index]->ops->set(leds[index], is_lit);
}

static struct hil_gpio *output(uint32_t index)
{
    struct hil_gpio *pin = panel_pin(&panel, index);

    cr_assert(eq(int, pin->ops->make_output(pin), TOCK_OK));
    return pin;
}

static bool button_is_down(uint32_t index)
{
    struct hil_gpio *pin = panel_button(&panel, index);

    return pin->ops->get(pin);
}

static int32_t value_of(enum panel_sensor which)
{
    return panel.sensors[which].sample.x;
}

static void send_all(void)
{
    while (host_uart.sending.len != 0)
        host_uart_send_out();
}

static void expect_text(const char *text)
{
    send_all();
    host_uart.text[host_uart.text_len] = '\0';
    cr_expect(eq(str, host_uart.text, (char *)text));
    forget_text();
}

static void type(const char *text)
{
    cr_assert(eq(u32, host_uart_type(text), strlen(text)));
}

/* --- what comes out ------------------------------------------------------- */

Test(panel, led_changes_are_told_and_nothing_else)
{
    start(PANEL_ALONE);
    expect_text("");
    set_led(0, false);
    set_led(0, true);
    send_all();
    set_led(0, true);
    set_led(7, true);
    send_all();
    set_led(0, false);
    expect_text("led 0 on\nled 7 on\nled 0 off\n");
    cr_expect(not(lamps[0].is_lit));
    cr_expect(lamps[7].is_lit);
}

Test(panel, an_led_shows_what_its_lamp_does)
{
    start(PANEL_ALONE);
    lamps[3].is_lit = true; /* by somebody else */
    cr_expect(leds[3]->ops->get(leds[3]));
    set_led(3, true);
    expect_text("");
    cr_expect(eq(ptr, panel_add_led(&panel, &lamps[3].led), &lamps[3].led),
              "no more than there is room for");
}

Test(panel, outputs_are_told)
{
    struct hil_gpio *pin;

    start(PANEL_ALONE);
    pin = output(4);
    pin->ops->set(pin, true);
    pin->ops->set(pin, true);
    pin->ops->set(pin, false);
    pin->ops->disable(pin);
    pin->ops->set(pin, true);
    expect_text("gpio 4 low\ngpio 4 high\ngpio 4 low\n");
    output(4);
    output(4);
    expect_text("gpio 4 high\n");
}

Test(panel, a_slow_listener_gets_the_last_state_of_everything)
{
    struct hil_gpio *pin;

    start(PANEL_ALONE);
    host_uart.is_slow = true;
    set_led(1, true); /* is on its way: the queue is empty again */
    for (uint32_t i = 0; i < PANEL_CHANGES; i++)
        set_led(0, i % 2 == 0);
    pin = output(2);
    pin->ops->set(pin, true);
    set_led(1, false);
    set_led(2, true);
    set_led(2, false); /* as it was told: nothing */
    for (uint32_t i = 0; i < 1001; i++)
        set_led(0, i % 2 == 0);

    send_all();
    host_uart.text[host_uart.text_len] = '\0';
    const char *tail = strstr(host_uart.text, "led 0 off\nled 0 on\nled 1 off");

    cr_assert(ne(ptr, (void *)tail, NULL), "%s", host_uart.text);
    cr_expect(
        eq(str, (char *)tail, "led 0 off\nled 0 on\nled 1 off\ngpio 2 high\n"));
    cr_expect(eq(u32, host_uart.transmissions, 1 + PANEL_CHANGES + 3));
}

Test(panel, what_is_late_stays_in_order)
{
    start(PANEL_ALONE);
    host_uart.is_slow = true;
    set_led(1, true);
    for (uint32_t i = 0; i < PANEL_CHANGES; i++)
        set_led(0, i % 2 == 0);
    set_led(1, false); /* late */
    host_uart_send_out();
    host_uart_send_out(); /* the queue has room now */
    set_led(1, true);     /* would overtake: and is as it was told */
    set_led(2, true);
    send_all();
    host_uart.text[host_uart.text_len] = '\0';
    cr_expect(eq(ptr, (void *)strstr(host_uart.text, "led 1 off"), NULL));
    cr_expect(eq(ptr, (void *)strstr(host_uart.text + 1, "led 1 on"), NULL),
              "told twice");
    cr_expect(ne(ptr, (void *)strstr(host_uart.text, "led 2 on\n"), NULL));
}

Test(panel, a_port_that_refuses_is_asked_again)
{
    start(PANEL_ALONE);
    host_uart.refuse = TOCK_BUSY;
    set_led(0, true);
    set_led(1, true);
    expect_text("led 1 on\n");
}

Test(panel, on_a_console_only_leds_are_told_and_nothing_is_read)
{
    struct hil_gpio *pin;

    start(PANEL_ON_CONSOLE);
    cr_expect(not(host_uart.is_reading));
    pin = output(4);
    pin->ops->set(pin, true);
    set_led(1, true);
    expect_text("led 1 on\n");
}

/* --- what goes in --------------------------------------------------------- */

Test(panel, button_lines_press_and_release)
{
    start(PANEL_ALONE);
    for (uint32_t i = 0; i < PANEL_BUTTONS; i++)
        cr_expect(not(button_is_down(i)));
    type("button 3 down\n");
    cr_expect(button_is_down(3));
    cr_expect(not(button_is_down(0)));
    type("  button   3  up  \r\n");
    cr_expect(not(button_is_down(3)));
    type("button 0 down\rbutton 1 down\r");
    cr_expect(button_is_down(0));
    cr_expect(button_is_down(1));
    expect_text("");
}

Test(panel, gpio_lines_drive_pins)
{
    struct hil_gpio *pin;

    start(PANEL_ALONE);
    pin = panel_pin(&panel, 7);
    cr_expect(not(pin->ops->get(pin)));
    type("gpio 7 high\n");
    cr_expect(pin->ops->get(pin));
    type("gpio 7 low\n");
    cr_expect(not(pin->ops->get(pin)));
}

Test(panel, pins_0_and_1_are_joined)
{
    struct hil_gpio *pin, *joined;

    start(PANEL_ALONE);
    pin = output(0);
    joined = panel_pin(&panel, 1);
    pin->ops->set(pin, true);
    cr_expect(joined->ops->get(joined));
    pin->ops->set(pin, false);
    cr_expect(not(joined->ops->get(joined)));
}

Test(panel, sensor_lines_set_what_is_measured)
{
    start(PANEL_ALONE);
    cr_expect(eq(i32, value_of(PANEL_TEMPERATURE), 2150));
    type("temperature -1234\nhumidity 0\nlight 2147483647\n"
         "co2 -2147483648\nrainfall 007\n");
    cr_expect(eq(i32, value_of(PANEL_TEMPERATURE), -1234));
    cr_expect(eq(i32, value_of(PANEL_HUMIDITY), 0));
    cr_expect(eq(i32, value_of(PANEL_LIGHT), INT32_MAX));
    cr_expect(eq(i32, value_of(PANEL_CO2), INT32_MIN));
    cr_expect(eq(i32, value_of(PANEL_RAINFALL), 7));
    type("acceleration 1 -2 3\n");
    cr_expect(eq(i32, panel.sensors[PANEL_ACCELERATION].sample.x, 1));
    cr_expect(eq(i32, panel.sensors[PANEL_ACCELERATION].sample.y, -2));
    cr_expect(eq(i32, panel.sensors[PANEL_ACCELERATION].sample.z, 3));
}

Test(panel, what_is_no_such_line_is_ignored)
{
    static const char *const lines[] = {
        "",
        " ",
        "button",
        "button 0",
        "button down",
        "button 0 downx",
        "button 0 dow",
        "button 0 down up",
        "button 4 down",
        "button 9 down",
        "button 42 down",
        "button 4294967296 down",
        "button -0 down",
        "button 0x0 down",
        "button 0\tdown",
        "Button 0 down",
        "buttonbuttonbutton 0 down",
        "gpio 8 high",
        "gpio 0 down",
        "led 0 on",
        "light",
        "light x",
        "light -",
        "light --1",
        "light 1 2",
        "light 1x",
        "light 2147483648",
        "light -2147483649",
        "light 99999999999999999999",
        "acceleration 1 2",
        "acceleration 1 2 3 4",
        "lights 4",
        "ligh 4",
    };

    start(PANEL_ALONE);
    struct panel before = panel;

    for (uint32_t i = 0; i < ARRAY_COUNT(lines); i++) {
        type(lines[i]);
        type("\n");
        cr_expect(
            eq(int,
               memcmp(&panel.buttons, &before.buttons, sizeof(panel.buttons)),
               0),
            "%s", lines[i]);
        cr_expect(
            eq(int, memcmp(&panel.pins, &before.pins, sizeof(panel.pins)), 0),
            "%s", lines[i]);
        cr_expect(
            eq(int,
               memcmp(&panel.sensors, &before.sensors, sizeof(panel.sensors)),
               0),
            "%s", lines[i]);
    }
    expect_text("");
}

Test(panel, a_long_line_is_dropped_as_a_whole)
{
    start(PANEL_ALONE);
    for (uint32_t i = 0; i < PANEL_LINE - 13; i++)
        type(" ");
    type("button 0 down\n"); /* PANEL_LINE bytes */
    cr_expect(button_is_down(0));
    for (uint32_t i = 0; i < PANEL_LINE - 12; i++)
        type(" ");
    type("button 1 down\n");
    cr_expect(not(button_is_down(1)));
    for (uint32_t i = 0; i < 3 * PANEL_LINE; i++)
        type("x");
    type("button 2 down\nbutton 3 down\n");
    cr_expect(not(button_is_down(2)));
    cr_expect(button_is_down(3));
}

Test(panel, binary_noise_does_no_harm)
{
    uint32_t random = 1;

    start(PANEL_ALONE);
    for (uint32_t i = 0; i < 100000; i++) {
        char byte[2] = {0};

        random = random * 1103515245 + 12345;
        byte[0] = (char)(random >> 16);
        if (byte[0] != '\0')
            type(byte);
    }
    type("\nbutton 2 down\n");
    cr_expect(button_is_down(2));
}

/* --- pins, joined and watched --------------------------------------------- */

static unsigned edges;
static bool last_level;
static bool in_call;

static void on_edge(struct hil_gpio_client *client, bool is_high)
{
    (void)client;
    cr_assert(not(in_call));
    edges++;
    last_level = is_high;
}

static const struct hil_gpio_client_ops edge_ops = {on_edge};
static struct hil_gpio_client edge_client = {&edge_ops};

static struct hil_gpio *watched(uint32_t index, enum hil_gpio_edge edge)
{
    struct hil_gpio *pin = panel_pin(&panel, index);

    pin->client = &edge_client;
    cr_assert(eq(int, pin->ops->watch(pin, edge), TOCK_OK));
    return pin;
}

/* Runs the callbacks that wait, as the kernel's loop does. */
static unsigned run_edges(void)
{
    unsigned before = edges;

    for (uint32_t i = 0; i < PANEL_PINS; i++) {
        struct deferred *edge = &panel.pins[i].pin.edge;

        if (edge->is_set)
            edge->run(edge);
    }
    return edges - before;
}

Test(panel, edges_are_told_later_and_only_those_watched)
{
    struct hil_gpio *pin, *out;

    start(PANEL_ALONE);
    out = output(0);
    pin = watched(1, HIL_GPIO_EDGE_RISING);
    in_call = true;
    out->ops->set(out, true);
    in_call = false;
    cr_expect(eq(uint, run_edges(), 1));
    cr_expect(last_level);
    out->ops->set(out, false);
    cr_expect(eq(uint, run_edges(), 0));
    watched(1, HIL_GPIO_EDGE_FALLING);
    out->ops->set(out, true);
    cr_expect(eq(uint, run_edges(), 0));
    out->ops->set(out, false);
    cr_expect(eq(uint, run_edges(), 1));
    cr_expect(not(last_level));
    out->ops->set(out, true);
    watched(1, HIL_GPIO_EDGE_EITHER);
    out->ops->set(out, false);
    pin->ops->unwatch(pin);
    cr_expect(eq(uint, run_edges(), 0), "nobody watches any more");
}

Test(panel, a_pull_up_is_weaker_than_anything)
{
    struct hil_gpio *pin, *out;

    start(PANEL_ALONE);
    pin = watched(1, HIL_GPIO_EDGE_EITHER);
    pin->ops->make_input(pin, HIL_GPIO_PULL_UP);
    cr_expect(eq(uint, run_edges(), 1));
    cr_expect(pin->ops->get(pin));
    type("gpio 0 low\n"); /* the other end of the wire */
    cr_expect(not(pin->ops->get(pin)));
    out = output(0);
    out->ops->set(out, true);
    cr_expect(pin->ops->get(pin));
    out->ops->disable(out);
    cr_expect(not(pin->ops->get(pin)));
    start(PANEL_ALONE);
    pin->ops->make_input(pin, HIL_GPIO_PULL_DOWN);
    cr_expect(not(pin->ops->get(pin)));
}

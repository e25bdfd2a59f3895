/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* An example of a producer in C: a driver of devices with messages and a line, written from the rules. */
#include "role.h"

#include <stdio.h>
#include <string.h>

#define DEVICES 8
#define VECTORS 32
#define EBADF 9
#define EBUSY 16
#define EINVAL 22

struct vector {
	char eventfd[16];
	char holder[48];
	int set, irq, registered, object;
	/* Lines only. */
	int forwarded, in_flight;
};

struct device {
	char id[16];
	int open, vectors, frees_on_reset;
	char index[8];
	struct vector vector[VECTORS];
	char unmask[16];
	int waiter;
};

static struct device devices[DEVICES];
static int device_count, forwards_lines, names;

static int is_line(const struct device *device)
{
	return strcmp(device->index, "intx") == 0;
}

static void begin(json_t *message)
{
	json_t *description;
	size_t at;

	memset(devices, 0, sizeof(devices));
	device_count = 0;
	names = 0;
	forwards_lines = strcmp(text_of(message, "backEnd"), "arm-forwarding") == 0;
	json_array_foreach(json_object_get(message, "devices"), at, description) {
		struct device *device = &devices[device_count++];

		snprintf(device->id, sizeof(device->id), "%s", text_of(description, "id"));
		device->vectors = number_of(description, "vectors");
		device->frees_on_reset = strcmp(text_of(description, "driver"), "vhost-vdpa") == 0;
	}
}

static struct device *find(const char *id)
{
	for (int at = 0; at < device_count; at++)
		if (strcmp(devices[at].id, id) == 0)
			return &devices[at];
	return NULL;
}

/* Unregister, free, drop: what is registered may use all of it until then. */
static void let_go(struct vector *vector)
{
	if (!vector->set)
		return;
	if (vector->registered)
		ask_plainly("unregisterProducer", "{si}", "object", vector->object);
	vector->registered = 0;
	ask_plainly("freeIrq", "{si}", "irq", vector->irq);
	ask_plainly("dropReference", "{ssss}", "eventfd", vector->eventfd, "holder", vector->holder);
	vector->set = 0;
	vector->in_flight = 0;
}

static int set_up(struct device *device, int number, const char *eventfd)
{
	struct vector *vector = &device->vector[number];
	char token[16], holder[48];
	json_t *callbacks;

	snprintf(holder, sizeof(holder), "%s.%s.%d", device->id, device->index, number);
	memcpy(vector->holder, holder, sizeof(holder));
	if (!ask_number("takeReference", "{ssss}", "eventfd", eventfd, "holder", vector->holder))
		return -EBADF;
	snprintf(vector->eventfd, sizeof(vector->eventfd), "%s", eventfd);
	vector->irq = ask_number("requestIrq", "{sssssi}", "device", device->id, "index", device->index, "vector", number);
	vector->set = 1;
	if (is_line(device) && !forwards_lines)
		return 0;
	snprintf(token, sizeof(token), "t%s", eventfd + 1);
	if (!vector->object)
		vector->object = ++names;
	callbacks = is_line(device) ? json_pack("[ssss]", "stop", "start", "addConsumer", "delConsumer") : json_array();
	/* A refusal is no failure of the call: the interrupt goes on through the host. */
	vector->registered = ask_number("registerProducer", "{sisosssi}", "object", vector->object, "callbacks", callbacks,
					"token", token, "irq", vector->irq) == 0;
	return 0;
}

static int set_trigger(struct device *device, int number, const char *eventfd)
{
	let_go(&device->vector[number]);
	return eventfd ? set_up(device, number, eventfd) : 0;
}

static int set_irqs(struct device *device, json_t *call)
{
	const char *index = text_of(call, "index");
	json_t *eventfds = json_object_get(call, "eventfds"), *eventfd;
	int start = number_of(call, "start"), count = (int)json_array_size(eventfds);
	int most = strcmp(index, "intx") == 0 ? 1 : device->vectors;
	size_t at;

	if (count == 0 || start + count > most)
		return -EINVAL;
	if (device->index[0] && strcmp(device->index, index) != 0)
		return -EINVAL;
	snprintf(device->index, sizeof(device->index), "%s", index);
	json_array_foreach(eventfds, at, eventfd) {
		int status = set_trigger(device, start + (int)at, json_string_value(eventfd));

		if (status == 0)
			continue;
		/* All or none. */
		while (at-- > 0)
			set_trigger(device, start + (int)at, NULL);
		return status;
	}
	return 0;
}

static int set_unmask(struct device *device, const char *eventfd)
{
	char holder[48];

	snprintf(holder, sizeof(holder), "%s.intx.0", device->id);
	if (device->unmask[0]) {
		ask_plainly("endWaiting", "{si}", "waiter", device->waiter);
		ask_plainly("dropReference", "{ssss}", "eventfd", device->unmask, "holder", holder);
		device->unmask[0] = '\0';
	}
	if (!eventfd)
		return 0;
	if (!ask_number("takeReference", "{ssss}", "eventfd", eventfd, "holder", holder))
		return -EBADF;
	snprintf(device->unmask, sizeof(device->unmask), "%s", eventfd);
	device->waiter = ++names;
	ask_plainly("wait", "{sssi}", "eventfd", eventfd, "waiter", device->waiter);
	return 0;
}

static void disable(struct device *device)
{
	if (is_line(device))
		set_unmask(device, NULL);
	for (int number = 0; number < device->vectors || number == 0; number++) {
		let_go(&device->vector[number]);
		device->vector[number].object = 0;
		device->vector[number].forwarded = 0;
	}
	device->index[0] = '\0';
}

static int call(const char *operation, json_t *arguments)
{
	struct device *device = find(text_of(arguments, "device"));

	if (!device)
		return -EBADF;
	if (strcmp(operation, "openDevice") == 0) {
		if (device->open)
			return -EBUSY;
		device->open = 1;
		return 0;
	}
	if (!device->open)
		return -EBADF;
	if (strcmp(operation, "closeDevice") == 0) {
		disable(device);
		device->open = 0;
		return 0;
	}
	if (strcmp(operation, "resetDevice") == 0) {
		if (device->frees_on_reset)
			disable(device);
		return 0;
	}
	if (strcmp(operation, "setIrqs") == 0)
		return set_irqs(device, arguments);
	if (strcmp(operation, "disableIrqs") == 0) {
		if (strcmp(device->index, text_of(arguments, "index")) != 0)
			return -EINVAL;
		disable(device);
		return 0;
	}
	if (strcmp(operation, "setUnmaskEventfd") == 0)
		return is_line(device) ? set_unmask(device, json_string_value(json_object_get(arguments, "eventfd"))) : -EINVAL;
	return -EINVAL;
}

/* An interrupt came to the host: a line is masked until the guest has ended it, unless it is forwarded. */
static void interrupt(struct device *device, struct vector *vector)
{
	if (is_line(device) && !vector->forwarded) {
		vector->in_flight = 1;
		ask_plainly("maskIrq", "{si}", "irq", vector->irq);
	}
	ask_plainly("signal", "{ss}", "eventfd", vector->eventfd);
}

static void ended(struct vector *vector)
{
	if (!vector->set || !vector->in_flight)
		return;
	vector->in_flight = 0;
	ask_plainly("unmaskIrq", "{si}", "irq", vector->irq);
}

static void callback(struct vector *line, const char *what)
{
	if (strcmp(what, "addConsumer") == 0)
		line->forwarded = 1;
	else if (strcmp(what, "delConsumer") == 0)
		line->forwarded = 0;
	else if (strcmp(what, "stop") == 0)
		ask_plainly("maskIrq", "{si}", "irq", line->irq);
	else if (strcmp(what, "start") == 0 && !line->in_flight)
		ask_plainly("unmaskIrq", "{si}", "irq", line->irq);
}

static int tell(const char *what, json_t *arguments)
{
	for (int at = 0; at < device_count; at++) {
		struct device *device = &devices[at];

		if (strcmp(what, "signalled") == 0) {
			if (device->unmask[0] && device->waiter == number_of(arguments, "waiter"))
				ended(&device->vector[0]);
			continue;
		}
		for (int number = 0; number < VECTORS; number++) {
			struct vector *vector = &device->vector[number];

			if (!vector->set)
				continue;
			if (strcmp(what, "interrupt") == 0 && vector->irq == number_of(arguments, "irq"))
				interrupt(device, vector);
			else if (strcmp(what, "interrupt") != 0 && vector->object == number_of(arguments, "object"))
				callback(vector, what);
		}
	}
	return 0;
}

int main(void)
{
	static const struct role role = {
		.name = "example producer", .plays = "producer", .begin = begin, .call = call, .tell = tell,
	};

	return role_main(&role);
}

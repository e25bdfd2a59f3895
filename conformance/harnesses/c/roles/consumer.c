/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* An example of a consumer in C: VMs with routes and irqfds on every back end, written from the rules. */
#include "role.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENOENT 2
#define EBADF 9
#define EBUSY 16
#define EINVAL 22

/* What a back end does that cannot shortcut an interrupt. */
static enum { POSTS, FORWARDS, REFUSES } back_end;

struct irqfd {
	struct irqfd *next;
	char vm[16], eventfd[16], resample[16], holder[48];
	int gsi, waiter, object, registered, asserts;
	/* The interrupt of the producer that it is paired with, and whether the hardware was told where it goes. */
	int paired, irq, mapped;
	/* Owned; NULL where its GSI goes nowhere. */
	json_t *route;
};

struct vm {
	struct vm *next;
	char id[16];
	json_t *routes;
};

static struct irqfd *irqfds;
static struct vm *vms;
static int names;

static void begin(json_t *message)
{
	const char *name = text_of(message, "backEnd");

	while (irqfds) {
		struct irqfd *next = irqfds->next;

		json_decref(irqfds->route);
		free(irqfds);
		irqfds = next;
	}
	while (vms) {
		struct vm *next = vms->next;

		json_decref(vms->routes);
		free(vms);
		vms = next;
	}
	names = 0;
	back_end = strcmp(name, "arm-forwarding") == 0 ? FORWARDS : strcmp(name, "refusing") == 0 ? REFUSES : POSTS;
}

static struct vm *find_vm(const char *id)
{
	for (struct vm *vm = vms; vm; vm = vm->next)
		if (strcmp(vm->id, id) == 0)
			return vm;
	return NULL;
}

static json_t *route_for(json_t *routes, int gsi)
{
	json_t *route;
	size_t at;

	json_array_foreach(routes, at, route)
		if (number_of(route, "gsi") == gsi)
			return json_incref(route);
	return NULL;
}

static int is_pin(json_t *route)
{
	return route && strcmp(text_of(route, "type"), "irqchip") == 0;
}

static json_t *pin_target(struct irqfd *irqfd)
{
	char pin[32];

	snprintf(pin, sizeof(pin), "pin %d", number_of(irqfd->route, "pin"));
	return json_pack("{sssiss}", "vm", irqfd->vm, "vcpu", 0, "vector", pin);
}

/* Where the hardware can send it by itself; NULL where only the host can. */
static json_t *shortcut(struct irqfd *irqfd, int irq)
{
	json_t *vcpus = json_object_get(irqfd->route, "vcpus");
	const char *delivery = text_of(irqfd->route, "delivery");

	if (!irqfd->route)
		return NULL;
	if (back_end == FORWARDS && ask_number("isLine", "{si}", "irq", irq))
		return is_pin(irqfd->route) ? pin_target(irqfd) : NULL;
	if (is_pin(irqfd->route) || json_array_size(vcpus) != 1 || strcmp(delivery, "nmi") == 0)
		return NULL;
	if (back_end == FORWARDS && strcmp(delivery, "fixed") != 0)
		return NULL;
	return json_pack("{sssOsO}", "vm", irqfd->vm, "vcpu", json_array_get(vcpus, 0), "vector",
			 json_object_get(irqfd->route, "vector"));
}

/* Tell the hardware where the interrupt of a pair goes; what was pending in an entry that goes is not lost. */
static void set_entry(struct irqfd *irqfd, json_t *target)
{
	if (target) {
		irqfd->mapped = 1;
		ask_plainly("map", "{siso}", "irq", irqfd->irq, "target", target);
	} else if (irqfd->mapped) {
		json_t *pending;

		irqfd->mapped = 0;
		pending = ask("unmap", "{si}", "irq", irqfd->irq);
		if (json_is_object(pending))
			ask_plainly("inject", "{sO}", "target", pending);
		json_decref(pending);
	}
}

static int add_producer(struct irqfd *irqfd, int irq)
{
	json_t *target;

	if (back_end == REFUSES)
		return 1;
	target = shortcut(irqfd, irq);
	if (back_end == FORWARDS && !target)
		return -ENOENT;
	irqfd->paired = 1;
	irqfd->irq = irq;
	set_entry(irqfd, target);
	return 0;
}

static void del_producer(struct irqfd *irqfd)
{
	if (irqfd->paired)
		set_entry(irqfd, NULL);
	irqfd->paired = 0;
}

static void set_pin(struct irqfd *irqfd, json_t *route, const char *level)
{
	ask_plainly("setPin", "{sssiss}", "vm", irqfd->vm, "pin", number_of(route, "pin"), "level", level);
}

static void inject(struct irqfd *irqfd)
{
	json_t *route = irqfd->route, *vcpu;
	const char *delivery = text_of(route, "delivery");
	size_t at;

	if (irqfd->paired && back_end == FORWARDS && ask_number("isLine", "{si}", "irq", irqfd->irq)) {
		ask_plainly("injectForwarded", "{si}", "irq", irqfd->irq);
		return;
	}
	irqfd->asserts = irqfd->resample[0] != '\0';
	if (is_pin(route)) {
		if (irqfd->asserts)
			set_pin(irqfd, route, "asserted");
		else
			ask_plainly("inject", "{so}", "target", pin_target(irqfd));
		return;
	}
	json_array_foreach(json_object_get(route, "vcpus"), at, vcpu) {
		json_t *vector = strcmp(delivery, "nmi") == 0 ? json_string("nmi") :
								json_incref(json_object_get(route, "vector"));

		ask_plainly("inject", "{s{sssOso}}", "target", "vm", irqfd->vm, "vcpu", vcpu, "vector", vector);
		if (strcmp(delivery, "lowest-priority") == 0)
			break;
	}
}

/* The level that it asserts ends: whoever resamples asserts it again, if there is still cause. */
static void end_level(struct irqfd *irqfd)
{
	if (!irqfd->asserts)
		return;
	irqfd->asserts = 0;
	if (is_pin(irqfd->route))
		set_pin(irqfd, irqfd->route, "deasserted");
	ask_plainly("signal", "{ss}", "eventfd", irqfd->resample);
}

static void enlist(struct irqfd *irqfd)
{
	char token[17];
	json_t *callbacks = back_end == FORWARDS ? json_pack("[ssss]", "stop", "start", "addProducer", "delProducer") :
						   json_pack("[ss]", "addProducer", "delProducer");

	snprintf(token, sizeof(token), "t%s", irqfd->eventfd + 1);
	irqfd->registered = ask_number("registerConsumer", "{sisoss}", "object", irqfd->object, "callbacks", callbacks,
				       "token", token) == 0;
}

static void delist(struct irqfd *irqfd)
{
	if (irqfd->registered)
		ask_plainly("unregisterConsumer", "{si}", "object", irqfd->object);
	irqfd->registered = 0;
}

static void release(struct irqfd *irqfd)
{
	struct irqfd **place = &irqfds;

	while (*place != irqfd)
		place = &(*place)->next;
	*place = irqfd->next;
	/* Back in front, so that what it is told while it goes still finds it. */
	irqfd->next = irqfds;
	irqfds = irqfd;
	delist(irqfd);
	ask_plainly("endWaiting", "{si}", "waiter", irqfd->waiter);
	end_level(irqfd);
	if (irqfd->resample[0])
		ask_plainly("dropReference", "{ssss}", "eventfd", irqfd->resample, "holder", irqfd->holder);
	ask_plainly("dropReference", "{ssss}", "eventfd", irqfd->eventfd, "holder", irqfd->holder);
	irqfds = irqfd->next;
	json_decref(irqfd->route);
	free(irqfd);
}

static struct irqfd *find_irqfd(const char *eventfd)
{
	for (struct irqfd *irqfd = irqfds; irqfd; irqfd = irqfd->next)
		if (strcmp(irqfd->eventfd, eventfd) == 0)
			return irqfd;
	return NULL;
}

static int assign(struct vm *vm, json_t *call)
{
	const char *eventfd = text_of(call, "eventfd"), *resample = text_of(call, "resample");
	struct irqfd *irqfd;
	char holder[48];

	snprintf(holder, sizeof(holder), "%s.%s", vm->id, eventfd);
	if (!ask_number("takeReference", "{ssss}", "eventfd", eventfd, "holder", holder))
		return -EBADF;
	if (resample[0] && !ask_number("takeReference", "{ssss}", "eventfd", resample, "holder", holder)) {
		ask_plainly("dropReference", "{ssss}", "eventfd", eventfd, "holder", holder);
		return -EBADF;
	}
	/* Host-wide: of two irqfds with one eventfd, only the first would be told. */
	if (find_irqfd(eventfd)) {
		if (resample[0])
			ask_plainly("dropReference", "{ssss}", "eventfd", resample, "holder", holder);
		ask_plainly("dropReference", "{ssss}", "eventfd", eventfd, "holder", holder);
		return -EBUSY;
	}
	irqfd = calloc(1, sizeof(*irqfd));
	if (!irqfd)
		abort();
	snprintf(irqfd->vm, sizeof(irqfd->vm), "%s", vm->id);
	snprintf(irqfd->eventfd, sizeof(irqfd->eventfd), "%s", eventfd);
	snprintf(irqfd->resample, sizeof(irqfd->resample), "%s", resample);
	memcpy(irqfd->holder, holder, sizeof(holder));
	irqfd->gsi = number_of(call, "gsi");
	irqfd->route = route_for(vm->routes, irqfd->gsi);
	irqfd->object = ++names;
	irqfd->waiter = ++names;
	irqfd->next = irqfds;
	irqfds = irqfd;
	ask_plainly("wait", "{sssi}", "eventfd", eventfd, "waiter", irqfd->waiter);
	enlist(irqfd);
	return 0;
}

static void reroute(struct irqfd *irqfd, json_t *route)
{
	json_t *old = irqfd->route;

	irqfd->route = route;
	if (json_equal(old, route) || (!old && !route)) {
		json_decref(old);
		return;
	}
	if (irqfd->asserts && is_pin(old))
		set_pin(irqfd, old, "deasserted");
	if (irqfd->asserts && is_pin(route))
		set_pin(irqfd, route, "asserted");
	json_decref(old);
	if (!irqfd->registered || !irqfd->paired)
		return;
	if (back_end == POSTS) {
		set_entry(irqfd, shortcut(irqfd, irqfd->irq));
	} else if (ask_number("isLine", "{si}", "irq", irqfd->irq)) {
		/* The producer of a line has to hear of it. */
		delist(irqfd);
		enlist(irqfd);
	} else {
		set_entry(irqfd, NULL);
	}
}

static void create_vm(const char *id)
{
	struct vm *vm = calloc(1, sizeof(*vm));

	if (!vm)
		abort();
	snprintf(vm->id, sizeof(vm->id), "%s", id);
	vm->routes = json_array();
	vm->next = vms;
	vms = vm;
}

static void destroy_vm(struct vm *vm)
{
	struct vm **place = &vms;
	struct irqfd *irqfd = irqfds;

	while (irqfd) {
		struct irqfd *next = irqfd->next;

		if (strcmp(irqfd->vm, vm->id) == 0)
			release(irqfd);
		irqfd = next;
	}
	while (*place != vm)
		place = &(*place)->next;
	*place = vm->next;
	json_decref(vm->routes);
	free(vm);
}

static int call(const char *operation, json_t *arguments)
{
	struct vm *vm = find_vm(text_of(arguments, "vm"));

	if (strcmp(operation, "createVm") == 0) {
		create_vm(text_of(arguments, "vm"));
		return 0;
	}
	if (!vm)
		return -EBADF;
	if (strcmp(operation, "destroyVm") == 0) {
		destroy_vm(vm);
		return 0;
	}
	if (strcmp(operation, "assignIrqfd") == 0)
		return assign(vm, arguments);
	if (strcmp(operation, "deassignIrqfd") == 0) {
		struct irqfd *irqfd = find_irqfd(text_of(arguments, "eventfd"));

		if (irqfd && strcmp(irqfd->vm, vm->id) == 0 && irqfd->gsi == number_of(arguments, "gsi"))
			release(irqfd);
		return 0;
	}
	if (strcmp(operation, "setRoutes") == 0) {
		json_decref(vm->routes);
		vm->routes = json_incref(json_object_get(arguments, "routes"));
		for (struct irqfd *irqfd = irqfds; irqfd; irqfd = irqfd->next)
			if (strcmp(irqfd->vm, vm->id) == 0)
				reroute(irqfd, route_for(vm->routes, irqfd->gsi));
		return 0;
	}
	return -EINVAL;
}

static int tell(const char *what, json_t *arguments)
{
	struct irqfd *irqfd;

	if (strcmp(what, "endOfInterrupt") == 0) {
		for (irqfd = irqfds; irqfd; irqfd = irqfd->next)
			if (strcmp(irqfd->vm, text_of(arguments, "vm")) == 0 && is_pin(irqfd->route) &&
			    number_of(irqfd->route, "pin") == number_of(arguments, "pin"))
				end_level(irqfd);
		return 0;
	}
	for (irqfd = irqfds; irqfd; irqfd = irqfd->next)
		if (irqfd->object == number_of(arguments, "object") || irqfd->waiter == number_of(arguments, "waiter"))
			break;
	if (!irqfd)
		return 0;
	if (strcmp(what, "signalled") == 0)
		inject(irqfd);
	else if (strcmp(what, "hungUp") == 0)
		release(irqfd);
	else if (strcmp(what, "addProducer") == 0)
		return add_producer(irqfd, number_of(arguments, "irq"));
	else if (strcmp(what, "delProducer") == 0)
		del_producer(irqfd);
	else
		ask_plainly(strcmp(what, "stop") == 0 ? "halt" : "resume", "{ss}", "vm", irqfd->vm);
	return 0;
}

int main(void)
{
	static const struct role role = {
		.name = "example consumer", .plays = "consumer", .begin = begin, .call = call, .tell = tell,
	};

	return role_main(&role);
}

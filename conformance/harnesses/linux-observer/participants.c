// SPDX-License-Identifier: MIT
/* What user space does with KVM and VFIO. No call here names the bypass: there is none that could. */
#define _GNU_SOURCE
#include "observer.h"
#include "vm.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/kvm.h>
#include <linux/vfio.h>

/* What is open, by number; 0 where nothing is (0 is the console's). */
static int vms[MAX_VMS], eventfds[MAX_EVENTFDS], devices[MAX_DEVICES];
static int kvm, container;
/* A VM and an eventfd that nothing else uses, to wait with. */
static int waiting_vm, waiting_eventfd;

static int *slot(int *table, int size, const char *text)
{
	unsigned long long at = number(text);

	if (at >= (unsigned int)size)
		give_up("no such number", text);
	return &table[at];
}

static status finish(long result)
{
	return result < 0 ? -errno : result;
}

/* Opens into a slot; the host never opens what is open. */
static status keep(int *place, int fd)
{
	if (fd < 0)
		return -errno;
	if (*place)
		give_up("it is open already", "");
	*place = fd;
	return 0;
}

static status drop(int *place)
{
	int fd = *place;

	if (!fd)
		return -EBADF;
	*place = 0;
	return finish(close(fd));
}

static int open_kvm(void)
{
	if (!kvm)
		kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0) {
		kvm = 0;
		return -1;
	}
	return kvm;
}

/* vm N VCPUS */
static status open_vm(int words, char **word)
{
	int *place = slot(vms, MAX_VMS, word[0]);
	status result;

	(void)words;
	if (*place)
		give_up("it is open already", word[0]);
	result = open_kvm() < 0 ? -1 : make_vm(kvm, number(word[0]), number(word[1]));
	return result < 0 ? -errno : keep(place, result) < 0;
}

static status drop_vm(unsigned int at)
{
	if (vms[at])
		leave_vm(at);
	return drop(&vms[at]);
}

/* close-vm N */
static status close_vm(int words, char **word)
{
	(void)words;
	return drop_vm(slot(vms, MAX_VMS, word[0]) - vms);
}

/* eventfd N */
static status open_eventfd(int words, char **word)
{
	status fd = keep(slot(eventfds, MAX_EVENTFDS, word[0]), eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));

	(void)words;
	return fd < 0 ? fd : 0;
}

/* close-eventfd N */
static status close_eventfd(int words, char **word)
{
	(void)words;
	return drop(slot(eventfds, MAX_EVENTFDS, word[0]));
}

/* A slot's descriptor for a call: one that is closed is -1, which the kernel refuses. */
static int descriptor(int *table, int size, const char *text)
{
	int fd = *slot(table, size, text);

	return fd ? fd : -1;
}

/* irqfd VM GSI EVENTFD [RESAMPLE-EVENTFD] */
static status assign(int words, char **word)
{
	struct kvm_irqfd request = {
		.gsi = number(word[1]),
		.fd = descriptor(eventfds, MAX_EVENTFDS, word[2]),
	};

	if (words > 3) {
		request.flags = KVM_IRQFD_FLAG_RESAMPLE;
		request.resamplefd = descriptor(eventfds, MAX_EVENTFDS, word[3]);
	}
	return finish(ioctl(descriptor(vms, MAX_VMS, word[0]), KVM_IRQFD, &request));
}

/* deassign VM GSI EVENTFD */
static status deassign(int words, char **word)
{
	struct kvm_irqfd request = {
		.gsi = number(word[1]),
		.fd = descriptor(eventfds, MAX_EVENTFDS, word[2]),
		.flags = KVM_IRQFD_FLAG_DEASSIGN,
	};

	(void)words;
	return finish(ioctl(descriptor(vms, MAX_VMS, word[0]), KVM_IRQFD, &request));
}

/* routing VM [GSI:msi:ADDRESS:DATA | GSI:irqchip:CHIP:PIN]...: the whole table anew. */
static status set_routing(int words, char **word)
{
	struct {
		struct kvm_irq_routing head;
		struct kvm_irq_routing_entry entries[MAX_WORDS];
	} table = { .head.nr = words - 1 };

	for (int i = 1; i < words; i++) {
		struct kvm_irq_routing_entry *entry = &table.entries[i - 1];
		char *state;
		const char *gsi = strtok_r(word[i], ":", &state), *type = strtok_r(NULL, ":", &state);
		const char *first = strtok_r(NULL, ":", &state), *second = strtok_r(NULL, ":", &state);

		if (!second)
			give_up("expected a route of four parts", word[i]);
		entry->gsi = number(gsi);
		if (!strcmp(type, "msi")) {
			entry->type = KVM_IRQ_ROUTING_MSI;
			entry->u.msi.address_lo = number(first);
			entry->u.msi.data = number(second);
		} else {
			entry->type = KVM_IRQ_ROUTING_IRQCHIP;
			entry->u.irqchip.irqchip = number(first);
			entry->u.irqchip.pin = number(second);
		}
		complete_route(entry);
	}
	return finish(ioctl(descriptor(vms, MAX_VMS, word[0]), KVM_SET_GSI_ROUTING, &table));
}

/* The VFIO group of a PCI device, in the one container; opened once and kept. */
static int open_group(const char *address)
{
	static struct { char address[16]; int fd; } groups[MAX_DEVICES];
	char path[PATH_MAX], target[PATH_MAX - 16];
	const char *number_of_group;
	ssize_t length;
	int i, fd;

	for (i = 0; i < MAX_DEVICES && groups[i].fd; i++)
		if (!strcmp(groups[i].address, address))
			return groups[i].fd;
	if (i == MAX_DEVICES)
		give_up("too many devices", address);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", address);
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return -1;
	target[length] = '\0';
	number_of_group = strrchr(target, '/');
	snprintf(path, sizeof(path), "/dev/vfio/%s", number_of_group ? number_of_group + 1 : target);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (!container)
		container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (ioctl(fd, VFIO_GROUP_SET_CONTAINER, &container) < 0)
		return -1;
	/* Only the first group finds the container without an IOMMU. */
	if (i == 0 && ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) < 0)
		return -1;
	snprintf(groups[i].address, sizeof(groups[i].address), "%s", address);
	groups[i].fd = fd;
	return fd;
}

/* device N PCI-ADDRESS */
static status open_device(int words, char **word)
{
	int group = open_group(word[1]);

	(void)words;
	if (group < 0)
		return -errno;
	return keep(slot(devices, MAX_DEVICES, word[0]), ioctl(group, VFIO_GROUP_GET_DEVICE_FD, word[1]));
}

/* close-device N */
static status close_device(int words, char **word)
{
	(void)words;
	return drop(slot(devices, MAX_DEVICES, word[0]));
}

/* reset-device N */
static status reset_device(int words, char **word)
{
	(void)words;
	return finish(ioctl(descriptor(devices, MAX_DEVICES, word[0]), VFIO_DEVICE_RESET));
}

/* vectors N INDEX: how many interrupts the device has of a kind. */
static status count_vectors(int words, char **word)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = number(word[1]) };
	long result = ioctl(descriptor(devices, MAX_DEVICES, word[0]), VFIO_DEVICE_GET_IRQ_INFO, &info);

	(void)words;
	return result < 0 ? -errno : (status)info.count;
}

/* irqs N INDEX START [EVENTFD | -]...: triggers of the vectors from START on; with none, all of the kind are off. */
static status set_irqs(int words, char **word)
{
	struct {
		struct vfio_irq_set head;
		int fds[MAX_WORDS];
	} request = {
		.head = {
			.index = number(word[1]),
			.start = number(word[2]),
			.count = words - 3,
			.flags = VFIO_IRQ_SET_ACTION_TRIGGER,
		},
	};

	request.head.argsz = sizeof(request.head) + sizeof(int) * request.head.count;
	request.head.flags |= request.head.count ? VFIO_IRQ_SET_DATA_EVENTFD : VFIO_IRQ_SET_DATA_NONE;
	for (int i = 3; i < words; i++) {
		int fd = strcmp(word[i], "-") ? descriptor(eventfds, MAX_EVENTFDS, word[i]) : -1;

		memcpy(request.head.data + sizeof(int) * (i - 3), &fd, sizeof(fd));
	}
	return finish(ioctl(descriptor(devices, MAX_DEVICES, word[0]), VFIO_DEVICE_SET_IRQS, &request));
}

/* unmask-eventfd N EVENTFD | -: what unmasks the line of the device when it is signalled. */
static status set_unmask(int words, char **word)
{
	struct {
		struct vfio_irq_set head;
		int fd;
	} request = {
		.head = {
			.argsz = sizeof(request),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_UNMASK,
			.index = VFIO_PCI_INTX_IRQ_INDEX,
			.count = 1,
		},
		.fd = strcmp(word[1], "-") ? descriptor(eventfds, MAX_EVENTFDS, word[1]) : -1,
	};

	(void)words;
	return finish(ioctl(descriptor(devices, MAX_DEVICES, word[0]), VFIO_DEVICE_SET_IRQS, &request));
}

/*
 * settle: wait until KVM has done everything that it put off. It takes irqfds away in a work queue of its own, which
 * KVM_IRQFD with DEASSIGN waits for, whatever it names.
 */
static status settle(int words, char **word)
{
	struct kvm_irqfd request = { .flags = KVM_IRQFD_FLAG_DEASSIGN };

	(void)words;
	(void)word;
	if (!waiting_vm) {
		waiting_vm = open_kvm() < 0 ? -1 : ioctl(kvm, KVM_CREATE_VM, 0);
		waiting_eventfd = eventfd(0, EFD_CLOEXEC);
	}
	request.fd = waiting_eventfd;
	return finish(ioctl(waiting_vm, KVM_IRQFD, &request));
}

/* close-all: what is still open of a program; not part of it. */
status close_all(int words, char **word)
{
	(void)words;
	(void)word;
	for (int i = 0; i < MAX_DEVICES; i++)
		drop(&devices[i]);
	for (int i = 0; i < MAX_VMS; i++)
		drop_vm(i);
	for (int i = 0; i < MAX_EVENTFDS; i++)
		drop(&eventfds[i]);
	return settle(0, NULL);
}

const struct command participant_commands[] = {
	{ "vm", 2, open_vm },
	{ "close-vm", 1, close_vm },
	{ "eventfd", 1, open_eventfd },
	{ "close-eventfd", 1, close_eventfd },
	{ "irqfd", 3, assign },
	{ "deassign", 3, deassign },
	{ "routing", 1, set_routing },
	{ "device", 2, open_device },
	{ "close-device", 1, close_device },
	{ "reset-device", 1, reset_device },
	{ "vectors", 2, count_vectors },
	{ "irqs", 3, set_irqs },
	{ "unmask-eventfd", 2, set_unmask },
	{ "settle", 0, settle },
	{ NULL, 0, NULL },
};

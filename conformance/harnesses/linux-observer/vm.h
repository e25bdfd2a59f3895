/* SPDX-License-Identifier: MIT */
/* What differs between architectures in a VM that user space makes: vm-x86.c and vm-arm64.c each have all of it. */
#ifndef VM_H
#define VM_H

#include "observer.h"

#include <linux/kvm.h>

/* Makes the VM of a number, with vCPUs and an interrupt controller; its descriptor, or -1 and errno. */
int make_vm(int kvm, unsigned int at, unsigned int vcpus);

/* Closes whatever belongs to the VM beside its descriptor, so that the VM goes with that. */
void leave_vm(unsigned int at);

/* Adds to a route what the architecture asks for beside the message itself. */
void complete_route(struct kvm_irq_routing_entry *entry);

/* What the guest does, where user space has to do it for the guest. */
extern const struct command guest_commands[];

#endif

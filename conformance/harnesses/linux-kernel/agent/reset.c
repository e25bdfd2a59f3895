// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Makes the manager as new: its whole state is two collections, of producers and of consumers, and a lock. They are
 * found by name in the symbols of its module, and set to what they are when the module is loaded.
 *
 * This costs next to nothing, also after an oops in the middle of it, where no operation could tidy up any more. A
 * manager that is built into the kernel has no module to look into; there the kernel itself is asked. Where the names
 * are not found, objects are unregistered one by one; and when that cannot be done, the module is replaced or the guest
 * is.
 */
#include <linux/bug.h>
#include <linux/elf.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "agent-internal.h"

#ifdef AGENT_TOKEN_AS_ARGUMENT
typedef struct xarray collection;
#else
typedef struct list_head collection;
#endif

static collection *producers;
static collection *consumers;
static struct mutex *lock;

#ifdef CONFIG_KALLSYMS
/* A symbol of the module's own data, of the size that it must have; NULL when there is none, or more than one. */
static void *find_data(const struct module *module, const char *name, size_t size)
{
	const struct mod_kallsyms *symbols;
	void *found = NULL;
	unsigned int i, count = 0;

	rcu_read_lock();
	symbols = rcu_dereference(module->kallsyms);
	for (i = 1; symbols && i < symbols->num_symtab; i++) {
		const Elf_Sym *symbol = &symbols->symtab[i];

		if (symbol->st_shndx == SHN_UNDEF || symbol->st_size != size ||
		    strcmp(symbols->strtab + symbol->st_name, name))
			continue;
		found = (void *)symbol->st_value;
		count++;
	}
	rcu_read_unlock();
	return count == 1 ? found : NULL;
}
#else
static void *find_data(const struct module *module, const char *name, size_t size)
{
	return NULL;
}
#endif

#if defined(CONFIG_KPROBES) && defined(CONFIG_KALLSYMS_ALL)
/* The kernel's look-up of a name. It is not for modules, and whoever may set a probe learns where it is. */
static unsigned long look_up(const char *name)
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	unsigned long (*function)(const char *name);

#ifdef CONFIG_X86_KERNEL_IBT
	/* The processor refuses calls through a pointer to a function that nobody calls so. */
	if (cpu_feature_enabled(X86_FEATURE_IBT))
		return 0;
#endif
	if (register_kprobe(&probe))
		return 0;
	function = (void *)probe.addr;
	unregister_kprobe(&probe);
	return function(name);
}

/* The data of one file lie together. What is farther away than this is somebody else's of the same name. */
enum { NEIGHBOURHOOD = 256 };

/* The variable of a common name that lies beside another. */
static void *find_beside(unsigned long place, const char *name)
{
	char beginning[KSYM_NAME_LEN], text[KSYM_SYMBOL_LEN];
	unsigned long at;

	snprintf(beginning, sizeof(beginning), "%s+0x0/", name);
	for (at = place - NEIGHBOURHOOD; at <= place + NEIGHBOURHOOD; at += sizeof(long)) {
		sprint_symbol(text, at);
		if (!strncmp(text, beginning, strlen(beginning)))
			return (void *)at;
	}
	return NULL;
}

static void attach_to_kernel(void)
{
	unsigned long place = look_up("producers");

	if (!place)
		return;
	producers = (void *)place;
	consumers = find_beside(place, "consumers");
	lock = find_beside(place, "lock");
}
#else
static void attach_to_kernel(void)
{
}
#endif

void reset_attach(const struct module *module)
{
	producers = module ? find_data(module, "producers", sizeof(*producers)) : NULL;
	consumers = module ? find_data(module, "consumers", sizeof(*consumers)) : NULL;
	lock = module ? find_data(module, "lock", sizeof(*lock)) : NULL;
	if (!module)
		attach_to_kernel();
}

bool reset_possible(void)
{
	return producers && consumers && lock;
}

static void empty(collection *all)
{
#ifdef AGENT_TOKEN_AS_ARGUMENT
	xa_destroy(all);
#else
	INIT_LIST_HEAD(all);
#endif
}

void reset_manager(void)
{
	empty(producers);
	empty(consumers);
	/* A thread that died may have held it. */
	if (mutex_is_locked(lock))
		mutex_init(lock);
}

void reset_reports(struct module *module)
{
#if defined(CONFIG_GENERIC_BUG) && defined(BUGFLAG_DONE)
	unsigned int i;

	for (i = 0; i < module->num_bugs; i++)
		module->bug_table[i].flags &= ~BUGFLAG_DONE;
#endif
}

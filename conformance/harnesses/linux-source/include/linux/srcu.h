/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
#ifndef STANDIN_LINUX_SRCU_H
#define STANDIN_LINUX_SRCU_H

#include <linux/rcupdate.h>

struct srcu_struct {
	struct standin_shared shared;
};

#define DEFINE_SRCU(name) struct srcu_struct name = {{.writer = 0}}
#define DEFINE_STATIC_SRCU(name) static DEFINE_SRCU(name)
#define init_srcu_struct(srcu) (*(srcu) = (struct srcu_struct){{.writer = 0}}, 0)
#define cleanup_srcu_struct(srcu) ((void)(srcu))
#define srcu_read_lock(srcu) (standin_read_lock(&(srcu)->shared), 0)
#define srcu_read_unlock(srcu, index) ((void)(index), standin_read_unlock(&(srcu)->shared, "srcu_read_unlock"))
#define srcu_read_lock_held(srcu) standin_reads(&(srcu)->shared)
#define synchronize_srcu(srcu) standin_wait_for_readers(&(srcu)->shared)
#define synchronize_srcu_expedited synchronize_srcu
#define call_srcu(srcu, head, function) ((void)(srcu), standin_call_later(head, function))
#define srcu_barrier(srcu) standin_run_callbacks(&(srcu)->shared)
#define srcu_dereference(pointer, srcu) rcu_dereference(pointer)
#define srcu_dereference_check(pointer, srcu, condition) rcu_dereference(pointer)

DEFINE_LOCK_GUARD_1(srcu, struct srcu_struct, _T->index = srcu_read_lock(_T->lock),
		    srcu_read_unlock(_T->lock, _T->index), int index)

#endif

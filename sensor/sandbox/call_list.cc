// SPDX-License-Identifier: Apache-2.0
// Measured: strace -f over the end-to-end tests; the rest from what glibc 2.36, libpcap 1.10, OpenSSL 3.0, librdkafka 2.0
// and DPDK 22.11 do when something is lost and opened again.
#include "sandbox/call_list.h"

namespace gander::sandbox {
namespace {

constexpr const char* kAlways[] = {
    // memory; mmap and mprotect are judged by argument
    "brk", "munmap", "mremap", "madvise", "mincore", "mlock", "mlock2", "munlock", "membarrier",
    // threads; clone is judged by argument
    "futex", "futex_waitv", "set_robust_list", "get_robust_list", "rseq", "gettid", "exit", "exit_group", "sched_yield",
    "sched_getaffinity", "sched_setaffinity", "sched_getparam", "sched_getscheduler", "sched_get_priority_max",
    "sched_get_priority_min", "getcpu", "restart_syscall",
    // signals, to itself: kill is judged by argument
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait", "rt_sigsuspend", "rt_sigpending", "sigaltstack",
    "pause", "alarm", "setitimer", "timer_create", "timer_settime", "timer_delete",
    // time
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "times",
    // whether a time service keeps the clock, for metrics and evidence; to set it takes CAP_SYS_TIME, which is given away
    "clock_adjtime", "adjtimex",
    // who and where it is
    "getpid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getgroups", "getresuid", "getresgid", "getpgrp",
    "getpgid", "getsid", "uname", "sysinfo", "getrusage", "getrlimit", "getcwd", "capget", "getpriority",
    "getrandom",
    // open files
    "read", "readv", "pread64", "preadv", "preadv2", "write", "writev", "pwrite64", "pwritev", "pwritev2", "close",
    "close_range", "lseek", "dup", "dup2", "dup3", "fcntl", "flock", "fsync", "fdatasync", "sync_file_range", "ftruncate",
    "fallocate", "fadvise64", "fstat", "fstatfs", "fchmod", "getdents64", "getdents", "sendfile", "copy_file_range",
    "splice",
    // files by name: where, Landlock and modes say
    "open", "openat", "stat", "lstat", "newfstatat", "statx", "statfs", "access", "faccessat", "faccessat2", "readlink",
    "readlinkat", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat", "renameat2", "link", "linkat",
    "chmod", "fchmodat", "utimensat", "truncate", "umask",
    // waiting
    "poll", "ppoll", "select", "pselect6", "epoll_create1", "epoll_create", "epoll_ctl", "epoll_wait", "epoll_pwait",
    "epoll_pwait2", "eventfd2", "eventfd", "pipe", "pipe2", "timerfd_create", "timerfd_settime", "timerfd_gettime",
    "inotify_init1", "inotify_add_watch", "inotify_rm_watch",
};

constexpr const char* kNetwork[] = {
    "bind",    "listen",   "accept",   "accept4",  "connect", "shutdown", "getsockname", "getpeername", "setsockopt",
    "getsockopt", "sendto", "recvfrom", "sendmsg", "recvmsg", "sendmmsg", "recvmmsg",    "socketpair",
};

constexpr const char* kDpdk[] = {
    "mlockall", "munlockall", "mbind", "set_mempolicy", "get_mempolicy", "move_pages", "symlink", "fchown", "memfd_create",
    "msync", "sched_setscheduler", "setpriority", "shmget", "shmat", "shmdt", "shmctl",
};

// To start something else, to reach into others, to change the machine, and interfaces with long lists of faults.
constexpr const char* kForbidden[] = {
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp",
    "pidfd_open", "pidfd_getfd", "pidfd_send_signal",
    "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick",
    "mount_setattr", "swapon", "swapoff", "unshare", "setns", "name_to_handle_at", "open_by_handle_at", "mknod", "mknodat",
    "quotactl", "acct",
    "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "keyctl", "add_key",
    "request_key", "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "syslog",
    "iopl", "ioperm", "modify_ldt", "personality", "uselib", "vmsplice", "lookup_dcookie",
    "settimeofday", "clock_settime", "sethostname", "setdomainname", "vhangup",
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "setfsuid", "setfsgid", "capset",
    "chown", "lchown", "fchownat",
};

constexpr const char* kAtStart[] = {
    "execve", "execveat", "fork", "vfork", "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid",
    "setgroups", "capset", "chown", "lchown", "fchownat",
};

constexpr const char* kForDevices[] = {"bpf", "iopl", "ioperm", "mknod", "mknodat", "userfaultfd", "perf_event_open"};

}  // namespace

CallNames AlwaysAllowed() { return kAlways; }
CallNames NetworkAllowed() { return kNetwork; }
CallNames DpdkAllowed() { return kDpdk; }
CallNames Forbidden() { return kForbidden; }
CallNames MadeAtStart() { return kAtStart; }
CallNames MadeForDevices() { return kForDevices; }

}  // namespace gander::sandbox

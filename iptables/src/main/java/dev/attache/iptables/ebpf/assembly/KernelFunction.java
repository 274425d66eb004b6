package dev.attache.iptables.ebpf.assembly;

import java.util.Locale;

/**
 * The functions of the kernel that programs call by number (its "helper functions").
 *
 * <p>Source: {@code ___BPF_FUNC_MAPPER} in include/uapi/linux/bpf.h, bpf-helpers(7).
 */
public enum KernelFunction {
    MAP_LOOKUP_ELEM(1),
    MAP_UPDATE_ELEM(2),
    MAP_DELETE_ELEM(3),
    KTIME_GET_NS(5),
    GET_CURRENT_PID_TGID(14),
    GET_CURRENT_UID_GID(15),
    SETSOCKOPT(49),
    SOCK_MAP_UPDATE(53),
    BIND(64),
    SOCK_HASH_UPDATE(70),
    MSG_REDIRECT_HASH(71),
    SK_RELEASE(86),
    SK_STORAGE_GET(107),
    SK_STORAGE_DELETE(108),
    PROBE_READ_KERNEL(113),
    GET_NETNS_COOKIE(122),
    GET_CURRENT_ANCESTOR_CGROUP_ID(123),
    SK_ASSIGN(124),
    SKC_TO_TCP_SOCK(137),
    SKC_TO_MPTCP_SOCK(196);

    private final int number;

    KernelFunction(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static KernelFunction of(int number) {
        for (KernelFunction function : values()) {
            if (function.number == number) {
                return function;
            }
        }
        throw new IllegalArgumentException("no function " + number);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

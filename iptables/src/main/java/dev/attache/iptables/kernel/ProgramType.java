package dev.attache.iptables.kernel;

/**
 * The kinds of BPF program in use here.
 *
 * <p>Source: {@code enum bpf_prog_type}.
 */
public enum ProgramType {
    SOCK_OPS(13),
    SK_MSG(16),
    CGROUP_SOCK_ADDR(18),
    CGROUP_SOCKOPT(25),
    SK_LOOKUP(30);

    private final int number;

    ProgramType(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}

package dev.attache.iptables.kernel;

/**
 * The hooks in use here, each with the kind of program that fits it.
 *
 * <p>Source: {@code enum bpf_attach_type}.
 */
public enum AttachType {
    SOCK_OPS(3, ProgramType.SOCK_OPS),
    SK_MSG_VERDICT(7, ProgramType.SK_MSG),
    CONNECT4(10, ProgramType.CGROUP_SOCK_ADDR),
    CONNECT6(11, ProgramType.CGROUP_SOCK_ADDR),
    SENDMSG4(14, ProgramType.CGROUP_SOCK_ADDR),
    SENDMSG6(15, ProgramType.CGROUP_SOCK_ADDR),
    RECVMSG4(19, ProgramType.CGROUP_SOCK_ADDR),
    RECVMSG6(20, ProgramType.CGROUP_SOCK_ADDR),
    GETSOCKOPT(21, ProgramType.CGROUP_SOCKOPT),
    GETPEERNAME4(29, ProgramType.CGROUP_SOCK_ADDR),
    GETPEERNAME6(30, ProgramType.CGROUP_SOCK_ADDR),
    SK_LOOKUP(36, ProgramType.SK_LOOKUP);

    private final int number;
    private final ProgramType programType;

    AttachType(int number, ProgramType programType) {
        this.number = number;
        this.programType = programType;
    }

    int number() {
        return number;
    }

    /** Returns the kind of program that this hook runs. */
    public ProgramType programType() {
        return programType;
    }
}

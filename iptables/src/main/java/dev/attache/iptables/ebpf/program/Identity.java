package dev.attache.iptables.ebpf.program;

import static dev.attache.iptables.ebpf.assembly.Register.FP;
import static dev.attache.iptables.ebpf.assembly.Register.R0;
import static dev.attache.iptables.ebpf.assembly.Register.R1;
import static dev.attache.iptables.ebpf.assembly.Register.R2;

import dev.attache.iptables.ebpf.assembly.Assembler;
import dev.attache.iptables.ebpf.assembly.Comparison;
import dev.attache.iptables.ebpf.assembly.KernelFunction;
import dev.attache.iptables.ebpf.assembly.Label;
import dev.attache.iptables.ebpf.assembly.Operation;
import dev.attache.iptables.ebpf.assembly.Register;
import dev.attache.iptables.ebpf.assembly.Width;
import dev.attache.iptables.ebpf.program.Policy.CgroupRef;

/**
 * Recognises the proxy by the user or group that opened the socket, as netfilter's owner match
 * does, or by the cgroup of the running process.
 */
final class Identity {
    private final Assembler asm;
    private final Body body;
    private final Policy policy;

    /** Where the hook's context has the socket. */
    private final int socketAt;

    Identity(Assembler asm, Policy policy, int socketAt) {
        this.asm = asm;
        this.body = new Body(asm);
        this.policy = policy;
        this.socketAt = socketAt;
    }

    /**
     * Jumps if the socket is the proxy's; else goes on with its user and group, low half and high
     * half, in {@code owner}, which must survive calls. Loses R0 to R5.
     */
    void jumpIfProxy(Register owner, Label yes) {
        loadOwner(owner);
        Matching matching = new Matching(asm);
        matching.users(owner, policy.proxy().uids(), yes);
        matching.groups(owner, policy.proxy().gids(), yes);
        CgroupRef cgroup = policy.proxy().cgroup();
        if (cgroup != null) {
            asm.move(R1, cgroup.level());
            asm.call(KernelFunction.GET_CURRENT_ANCESTOR_CGROUP_ID);
            asm.loadWide(R1, cgroup.id());
            asm.jumpIf(R0, Comparison.EQUAL, R1, yes);
        }
    }

    /** Without a layout, or for a socket without a file, takes those of the running process. */
    private void loadOwner(Register owner) {
        Label unknown = asm.label("owner unknown");
        Label known = asm.label("owner known");
        OwnerLayout layout = policy.owner();
        if (layout != null) {
            body.socket(R1, socketAt, unknown);
            asm.move(R2, layout.socketType());
            asm.callKernel(layout.cast());
            for (int offset : new int[] {layout.socket(), layout.file(), layout.credentials()}) {
                asm.load(Width.DOUBLE, R0, R0, offset);
                asm.jumpIf(R0, Comparison.EQUAL, 0, unknown);
            }
            asm.load(Width.WORD, owner, R0, layout.group());
            asm.apply(Operation.SHIFT_LEFT, owner, 32);
            asm.load(Width.WORD, R1, R0, layout.user());
            asm.apply(Operation.OR, owner, R1);
            asm.jump(known);
        }
        asm.place(unknown);
        asm.call(KernelFunction.GET_CURRENT_UID_GID);
        asm.move(owner, R0);
        asm.place(known);
    }

    /**
     * Writes the key of {@link Maps#PROXIES} to the stack: the process and the user in {@code
     * owner}. Loses R0 to R5.
     */
    void learntKey(Register owner, int stackAt) {
        asm.store(Width.WORD, FP, stackAt, owner);
        asm.call(KernelFunction.GET_CURRENT_PID_TGID);
        asm.apply(Operation.SHIFT_RIGHT, R0, 32);
        asm.store(Width.WORD, FP, stackAt + 4, R0);
    }
}

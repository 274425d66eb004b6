package dev.attache.iptables.ebpf.program;

import static dev.attache.iptables.ebpf.assembly.Register.R0;
import static dev.attache.iptables.ebpf.assembly.Register.R1;

import dev.attache.iptables.ebpf.assembly.Assembler;
import dev.attache.iptables.ebpf.assembly.Comparison;
import dev.attache.iptables.ebpf.assembly.Helper;
import dev.attache.iptables.ebpf.assembly.Label;
import dev.attache.iptables.ebpf.assembly.Register;
import dev.attache.iptables.ebpf.program.Policy.CgroupRef;

/** Recognises the proxy by the user, group or cgroup of the running process. */
final class Identity {
    private final Assembler asm;
    private final Policy.Proxy proxy;

    Identity(Assembler asm, Policy.Proxy proxy) {
        this.asm = asm;
        this.proxy = proxy;
    }

    /**
     * Jumps if the process is the proxy; else goes on with its user and group, low half and high
     * half, in {@code uidAndGid}, which must survive calls. Loses R0 to R5.
     */
    void jumpIfProxy(Register uidAndGid, Label yes) {
        asm.call(Helper.GET_CURRENT_UID_GID);
        asm.move(uidAndGid, R0);
        Matching matching = new Matching(asm);
        matching.users(uidAndGid, proxy.uids(), yes);
        matching.groups(uidAndGid, proxy.gids(), yes);
        CgroupRef cgroup = proxy.cgroup();
        if (cgroup != null) {
            asm.move(R1, cgroup.level());
            asm.call(Helper.GET_CURRENT_ANCESTOR_CGROUP_ID);
            asm.loadWide(R1, cgroup.id());
            asm.jumpIf(R0, Comparison.EQUAL, R1, yes);
        }
    }
}

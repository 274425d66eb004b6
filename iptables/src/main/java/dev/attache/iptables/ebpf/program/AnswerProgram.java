package dev.attache.iptables.ebpf.program;

import static dev.attache.iptables.ebpf.assembly.Register.R0;
import static dev.attache.iptables.ebpf.assembly.Register.R1;
import static dev.attache.iptables.ebpf.assembly.Register.R2;
import static dev.attache.iptables.ebpf.assembly.Register.R7;

import dev.attache.iptables.ebpf.assembly.Assembler;
import dev.attache.iptables.ebpf.assembly.Assembly;
import dev.attache.iptables.ebpf.assembly.Comparison;
import dev.attache.iptables.ebpf.assembly.Label;
import dev.attache.iptables.ebpf.assembly.Width;

/**
 * The programs that show a redirected application the peer it asked for: getpeername4 and
 * getpeername6, and recvmsg4 and recvmsg6 for the sender of an answer to a query.
 */
public final class AnswerProgram {
    private AnswerProgram() {}

    /** Returns the program of getpeername4 or getpeername6. */
    public static Assembly getpeername(boolean ipv6) {
        Assembler asm = new Assembler();
        Label done = asm.label("done");
        new Body(asm).begin();
        showOriginal(asm, new SockAddr(asm, ipv6), done);
        return end(asm, done);
    }

    /** Returns the program of recvmsg4 or recvmsg6. */
    public static Assembly recvmsg(Policy policy, boolean ipv6) {
        Assembler asm = new Assembler();
        SockAddr family = new SockAddr(asm, ipv6);
        Label done = asm.label("done");
        new Body(asm).begin();
        family.jumpUnlessLoopback(policy.dns().port(), done);
        showOriginal(asm, family, done);
        return end(asm, done);
    }

    private static void showOriginal(Assembler asm, SockAddr family, Label done) {
        Body body = new Body(asm);
        body.socket(R2, SockAddr.SOCKET, done);
        body.flowOfSocket();
        asm.jumpIf(R0, Comparison.EQUAL, 0, done);
        asm.move(R7, R0);
        asm.load(Width.BYTE, R1, R7, Flow.SIDE);
        asm.jumpIf(R1, Comparison.NOT_EQUAL, Flow.OPENED, done);
        asm.load(Width.BYTE, R1, R7, Flow.KIND);
        asm.jumpIf(R1, Comparison.EQUAL, Flow.LOCAL, done);
        family.rewriteToOriginal(R7);
    }

    private static Assembly end(Assembler asm, Label done) {
        asm.place(done);
        new Body(asm).result(1);
        return asm.assemble();
    }
}

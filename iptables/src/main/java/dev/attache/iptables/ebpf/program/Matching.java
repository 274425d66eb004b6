package dev.attache.iptables.ebpf.program;

import static dev.attache.iptables.ebpf.assembly.Register.FP;
import static dev.attache.iptables.ebpf.assembly.Register.R1;

import dev.attache.iptables.ebpf.assembly.Assembler;
import dev.attache.iptables.ebpf.assembly.Comparison;
import dev.attache.iptables.ebpf.assembly.Label;
import dev.attache.iptables.ebpf.assembly.Operation;
import dev.attache.iptables.ebpf.assembly.Register;
import dev.attache.iptables.ebpf.assembly.Width;
import java.util.List;

/** Lists of the policy, compiled to compares and jumps. Loses R1 only. */
final class Matching {
    private final Assembler asm;

    Matching(Assembler asm) {
        this.asm = asm;
    }

    /** Jumps if the port, in network order in {@code port}, is one of {@code ports}. */
    void ports(Register port, List<Integer> ports, Label hit) {
        for (int candidate : ports) {
            asm.jumpIf(port, Comparison.EQUAL, SockAddr.networkOrder(candidate), hit);
        }
    }

    /** Jumps if the low half of {@code uidAndGid} is one of {@code uids}. */
    void users(Register uidAndGid, List<Integer> uids, Label hit) {
        for (int uid : uids) {
            asm.jumpIfLow(uidAndGid, Comparison.EQUAL, uid, hit);
        }
    }

    /** Jumps if the high half of {@code uidAndGid} is one of {@code gids}. */
    void groups(Register uidAndGid, List<Integer> gids, Label hit) {
        if (gids.isEmpty()) {
            return;
        }
        asm.move(R1, uidAndGid);
        asm.apply(Operation.SHIFT_RIGHT, R1, 32);
        for (int gid : gids) {
            asm.jumpIfLow(R1, Comparison.EQUAL, gid, hit);
        }
    }

    /** Jumps if the address on the stack, which {@code family} has put there, is in a block. */
    void blocks(SockAddr family, int addressAt, List<Cidr> blocks, Label hit) {
        Label nativeIpv6 = asm.label("blocks of IPv6");
        Label done = asm.label("after the blocks");
        family.jumpIfNative(addressAt, nativeIpv6);
        for (Cidr block : blocks) {
            if (block.isIpv4()) {
                block(addressAt, block, 3, hit);
            }
        }
        if (family.isIpv6()) {
            asm.jump(done);
            asm.place(nativeIpv6);
            for (Cidr block : blocks) {
                if (!block.isIpv4()) {
                    block(addressAt, block, 0, hit);
                }
            }
            asm.place(done);
        }
    }

    private void block(int addressAt, Cidr block, int firstWord, Label hit) {
        Label miss = asm.label("not " + block);
        for (int word = firstWord; word < 4; word++) {
            int mask = block.mask(word);
            if (mask != 0) {
                asm.load(Width.WORD, R1, FP, addressAt + word * 4);
                asm.apply(Operation.AND, R1, mask);
                asm.jumpIfLow(R1, Comparison.NOT_EQUAL, block.word(word), miss);
            }
        }
        asm.jump(hit);
        asm.place(miss);
    }
}

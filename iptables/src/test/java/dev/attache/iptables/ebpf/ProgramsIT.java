package dev.attache.iptables.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.iptables.ebpf.assembly.Assembler;
import dev.attache.iptables.ebpf.assembly.Register;
import dev.attache.iptables.ebpf.assembly.Width;
import dev.attache.iptables.ebpf.program.Cidr;
import dev.attache.iptables.ebpf.program.Maps;
import dev.attache.iptables.ebpf.program.Policy;
import dev.attache.iptables.kernel.AttachType;
import dev.attache.iptables.kernel.BpfMap;
import dev.attache.iptables.kernel.BpfProgram;
import dev.attache.iptables.kernel.KernelException;
import dev.attache.iptables.kernel.MapSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The programs of many policies before the verifier of the running kernel. */
class ProgramsIT {
    private final Map<MapSpec, BpfMap> maps = new LinkedHashMap<>();

    @BeforeEach
    void create() throws IOException {
        Assumptions.assumeTrue(Lab.obstacle().isEmpty(), "eBPF programs: " + Lab.obstacle());
        for (MapSpec spec : Maps.all()) {
            maps.put(spec, BpfMap.create(spec));
        }
    }

    @AfterEach
    void close() throws IOException {
        for (BpfMap map : maps.values()) {
            map.close();
        }
    }

    @RepeatedTest(40)
    void everyProgramOfAPolicyIsVerified(RepetitionInfo repetition) throws IOException {
        RandomGenerator random = new java.util.Random(repetition.getCurrentRepetition());
        Policy policy = policy(random);
        for (Hook hook : Plan.of(policy, random.nextBoolean())) {
            byte[] code = hook.code().encode(map -> maps.get(map).number());
            try (BpfProgram program = BpfProgram.load(hook.name(), hook.type(), code)) {
                assertThat(program.info().id()).isPositive();
            }
        }
    }

    private static Policy policy(RandomGenerator random) throws IOException {
        return new Policy(
                new Policy.Proxy(
                        15001,
                        15006,
                        15008,
                        numbers(random, 65536),
                        numbers(random, 65536),
                        random.nextBoolean() ? 0x539 : 0,
                        random.nextBoolean() ? new Policy.CgroupRef(77, 2) : null),
                new Policy.Outbound(
                        random.nextBoolean(),
                        blocks(random),
                        blocks(random),
                        numbers(random, 65536),
                        numbers(random, 65536),
                        random.nextBoolean() ? numbers(random, 65536) : null,
                        numbers(random, 65536)),
                new Policy.Inbound(
                        random.nextBoolean(), numbers(random, 65536), numbers(random, 65536), 4711),
                new Policy.Dns(random.nextBoolean(), 15053, random.nextBoolean(), blocks(random)),
                new Policy.Interfaces(numbers(random, 9), numbers(random, 9)),
                random.nextBoolean(),
                Support.multipath() && random.nextBoolean(),
                random.nextBoolean() ? Support.owner() : null,
                random.nextBoolean() ? Support.shortcut() : null);
    }

    private static List<Integer> numbers(RandomGenerator random, int bound) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = random.nextInt(4) * random.nextInt(8); i > 0; i--) {
            numbers.add(1 + random.nextInt(bound - 1));
        }
        return numbers;
    }

    private static List<Cidr> blocks(RandomGenerator random) {
        List<Cidr> blocks = new ArrayList<>();
        for (int i = random.nextInt(4) * random.nextInt(8); i > 0; i--) {
            String text =
                    random.nextBoolean()
                            ? "10." + random.nextInt(256) + ".0.0/" + random.nextInt(33)
                            : "fd00:" + random.nextInt(9999) + "::/" + random.nextInt(129);
            blocks.add(Cidr.parse(text));
        }
        return blocks;
    }

    @Test
    void aRefusalCarriesTheVerifiersLog() {
        Assembler asm = new Assembler();
        asm.load(Width.DOUBLE, Register.R0, Register.R1, 4000);
        asm.exit();
        byte[] code = asm.assemble().encode(map -> 0);
        assertThatThrownBy(() -> BpfProgram.load("wrong", AttachType.CONNECT4, code))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        e -> assertThat(e.log()).contains("invalid bpf_context access off=4000"))
                .hasMessageContaining("load program wrong")
                .hasMessageContaining("invalid bpf_context access");
    }
}

package dev.attache.iptables.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real connections of an application in a cgroup, through the programs, to a proxy. */
class EbpfTrafficIT {
    private static Lab lab;
    private static Lab.Player app;
    private static Lab.Player proxy;
    private static Lab.Player world;

    @BeforeAll
    static void build() throws IOException {
        if (!Lab.obstacle().isEmpty()) {
            return;
        }
        lab = Lab.build();
        app = lab.inPod("app", 1000);
        proxy = lab.inPod("app", 1337);
        world = lab.inWorld();
        proxy.say("proxy inet6 15001");
        proxy.say("proxy inet6 15006");
        proxy.say("resolve inet6 15053");
        app.say("serve inet6 8080");
        world.say("serve inet6 80");
        world.say("serve inet6 8443");
        world.say("resolve inet6 53");
    }

    @AfterAll
    static void tearDown() throws IOException {
        if (lab != null) {
            lab.close();
        }
    }

    @BeforeEach
    void skipWhereThereIsNoLab() {
        Assumptions.assumeTrue(lab != null, "eBPF traffic: " + Lab.obstacle());
    }

    @AfterEach
    void detach() {
        if (lab == null) {
            return;
        }
        Lab.Outcome outcome = lab.ebpf(Map.of(), "detach", "--cgroup", lab.cgroup("app").toString());
        assertThat(outcome.code()).as(outcome.err()).isZero();
    }

    private static void attach(String... flags) {
        String[] all = new String[flags.length + 3];
        all[0] = "attach";
        all[1] = "--cgroup";
        all[2] = lab.cgroup("app").toString();
        System.arraycopy(flags, 0, all, 3, flags.length);
        Lab.Outcome outcome = lab.ebpf(Map.of(), all);
        assertThat(outcome.code()).as(outcome.err()).isZero();
    }

    @Test
    void anIpv4ConnectionReachesTheProxyWhichLearnsTheOriginal() throws IOException {
        attach("-i", "*", "-u", "1337");
        for (String family : new String[] {"inet", "inet6"}) {
            assertThat(app.say("connect " + family + " 203.0.113.10 80"))
                    .isEqualTo(
                            "proxy original 203.0.113.10:80 local 127.0.0.1:15001 client 127.0.0.1"
                                    + " peer 203.0.113.10:80");
        }
    }
}

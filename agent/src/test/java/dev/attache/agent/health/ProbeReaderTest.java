package dev.attache.agent.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ProbeReaderTest {

    /** By the family of what is asked, which need not be that of the workload. */
    @Test
    void probesComeFromWhereRedirectionLeavesThemAlone() {
        assertThat(source("10.0.0.1", "", false)).isEqualTo("127.0.0.6");
        assertThat(source("fd00::1", "", false)).as("known by IPv6, with both").endsWith(":6");
        assertThat(source("fd00::1", "127.0.0.1", true)).isEqualTo("127.0.0.6");
        assertThat(source("10.0.0.1", "::1", false)).endsWith(":6");
        assertThat(source("localhost", "", true)).endsWith(":6");
        assertThat(source("localhost", "", false)).isEqualTo("127.0.0.6");
    }

    private static String source(String host, String named, boolean v6) {
        Map<String, Object> tree = Map.of("httpGet", Map.of("port", 80, "host", named));
        HttpProbe probe = (HttpProbe) new ProbeReader(tree, host, v6).probe();
        return probe.source().getHostAddress();
    }
}

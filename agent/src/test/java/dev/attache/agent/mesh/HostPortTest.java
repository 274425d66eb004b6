package dev.attache.agent.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class HostPortTest {

    @Test
    void addressesAreWrittenAsGoWritesThem() throws UnknownHostException {
        assertThat(HostPort.parse("[fd71:0:0::9]:8125").resolved()).isEqualTo("[fd71::9]:8125");
        assertThat(HostPort.parse("10.0.0.1:8125").resolved()).isEqualTo("10.0.0.1:8125");
    }
}

package dev.attache.iptables.command;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.iptables.capture.BadInput;
import org.junit.jupiter.api.Test;

class RightsTest {
    @Test
    void onlyCapNetAdminMatters() {
        assertThatCode(() -> Rights.require(0x1000L, "CapEff:\t1000")).doesNotThrowAnyException();
        assertThatThrownBy(() -> Rights.require(~0x1000L, "CapEff:\tffffffffffffefff"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("CAP_NET_ADMIN")
                .hasMessageContaining("run as root");
    }
}

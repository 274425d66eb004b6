package dev.attache.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ComponentLogTest {

    @AfterEach
    void off() {
        ComponentLog.follow("router", false, false);
    }

    @Test
    void followsTheLevelOfItsComponentAlone() {
        assertThat(ComponentLog.ROUTER.debug()).isFalse();
        ComponentLog.follow("router", true, false);
        assertThat(ComponentLog.ROUTER.debug()).isTrue();
        assertThat(ComponentLog.ROUTER.trace()).isFalse();
        assertThat(ComponentLog.POOL.debug()).isFalse();
    }

    @Test
    void componentsThatNoRequestMeetsAreNobodysBusiness() {
        ComponentLog.follow("no such component", true, true);
        assertThat(ComponentLog.ROUTER.debug()).isFalse();
    }

    @Test
    void namesConnectionsAndStreamsAsEnvoyDoes() {
        assertThat(ComponentLog.tags(7)).isEqualTo("[Tags: \"ConnectionId\":\"7\"] ");
        assertThat(ComponentLog.tags(7, -1))
                .isEqualTo("[Tags: \"ConnectionId\":\"7\",\"StreamId\":\"18446744073709551615\"] ");
    }
}

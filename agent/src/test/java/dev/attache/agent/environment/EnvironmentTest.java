package dev.attache.agent.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {

    @Test
    void setButEmptyOverridesTheDefault() {
        Environment environment = new Environment(Map.of("TRUST_DOMAIN", ""));

        assertThat(environment.text("TRUST_DOMAIN", "cluster.local")).isEmpty();
        assertThat(environment.text("POD_NAME", "unnamed")).isEqualTo("unnamed");
    }

    @Test
    void whatCannotBeReadGivesTheDefaultAndAWarning() {
        Environment environment =
                new Environment(
                        Map.of(
                                "WORKLOAD_RSA_KEY_SIZE", "",
                                "ISTIO_DELTA_XDS", "yes",
                                "SECRET_TTL", "a day"));

        assertThat(environment.number("WORKLOAD_RSA_KEY_SIZE", 2048)).isEqualTo(2048);
        assertThat(environment.truth("ISTIO_DELTA_XDS", true)).isTrue();
        assertThat(environment.duration("SECRET_TTL", Duration.ofDays(1)))
                .isEqualTo(Duration.ofDays(1));
        assertThat(environment.warnings())
                .hasSize(3)
                .contains("the variable SECRET_TTL is no duration: \"a day\"; PT24H is used");
    }

    @Test
    void durationsAreGos() {
        assertThat(GoDuration.parse("1h30m0.5s")).isEqualTo(Duration.ofMillis(5_400_500));
        assertThat(GoDuration.parse("-100ms")).isEqualTo(Duration.ofMillis(-100));
        assertThat(GoDuration.parse("0")).isZero();
        for (String none : new String[] {"", "5", "s", "1x", "1h 2m", "99999999999h"}) {
            assertThatThrownBy(() -> GoDuration.parse(none))
                    .as(none)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
